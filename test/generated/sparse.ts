/**
 * Cases in which nothing allocates but the host, whose results the machine makes: what a compiler that counts only what it
 * has emitted itself takes to be safe from the collector.
 */
import {
  bind,
  bindIn,
  field,
  host,
  integer,
  match,
  nothing,
  prelude,
  sequence,
  text,
  variable,
} from './pieces.ts';
import { type Binding, type Case, type Expression, entry, expression } from './program.ts';
import type { Random } from './random.ts';
import { I64, STRING, type Type, type, UNIT, vector } from './type.ts';
import { CARD } from './world.ts';

const ATTEMPTED = type('Result', STRING, STRING);
const GIVEN: readonly (readonly [name: string, of: Type])[] = [
  ['tag', STRING],
  ['tag', STRING],
  ['names', vector(STRING)],
  ['card', CARD],
  ['attempt', ATTEMPTED],
  ['refuse', STRING],
];

export function makeSparseCase(random: Random, index: number): Case {
  // What is more than a text is put together by functions of the script, which allocate.
  const kinds = random.chance(0.6) ? GIVEN.filter(([, of]) => of === STRING) : GIVEN;
  let next = 0;
  const fresh = (prefix: string): string => {
    next += 1;
    return `${prefix}${next}`;
  };
  const given = (names: readonly Binding[], [name, of] = random.pick(kinds)): Expression => {
    const numbers = names.filter((n) => n.type === I64);
    const n =
      numbers.length > 0 && random.chance(0.5) ? variable(random.pick(numbers)) : integer(random.below(9));
    return host(name, of, n);
  };
  const print = (e: Expression): Expression => prelude('println', UNIT, text(`${fresh('#')} `), e);
  const shown = (names: readonly Binding[]): Expression => {
    const b = random.pick(names);
    const e = variable(b);
    if (b.type === STRING || b.type === I64) return print(e);
    if (b.type === CARD) return print(field('title', STRING, e));
    if (b.type === ATTEMPTED) {
      const [good, bad] = [fresh('m'), fresh('m')];
      const named = (name: string) => ({ kind: 'name', name }) as const;
      return match(
        e,
        UNIT,
        [{ kind: 'variant', name: 'Ok', parts: [named(good)] }, print(variable(bind(good, STRING)))],
        [{ kind: 'variant', name: 'Err', parts: [named(bad)] }, print(variable(bind(bad, STRING)))],
      );
    }
    return print(prelude('len', I64, e));
  };
  const statements = (names: readonly Binding[], left: number): Expression => {
    if (left === 0) return sequence(...names.map((b) => shown([b])), nothing);
    const rest = () => statements(names, left - 1);
    const set = names.filter((b) => b.mutable);
    const way = random.below(10);
    if (way < 4) {
      const from = random.pick(kinds);
      const b = bind(fresh('v'), from[1], random.chance(0.4));
      return bindIn(b, given(names, from), statements([...names, b], left - 1));
    }
    if (way < 6)
      return sequence(host('visit', I64, integer(index), integer(random.below(9))), shown(names), rest());
    if (way < 8 && set.length > 0) {
      const b = random.pick(set);
      const from = random.pick(kinds.filter(([, of]) => of === b.type));
      return sequence(expression('set-variable', UNIT, [given(names, from)], { name: b.name }), rest());
    }
    const i = bind(fresh('i'), I64);
    const loop = expression(
      'for',
      UNIT,
      [integer(2 + random.below(3)), sequence(given([...names, i]), nothing)],
      {
        binds: [i],
      },
    );
    return sequence(loop, rest());
  };
  const n = bind('n', I64);
  const round = bind('round', I64);
  const visit = sequence(given([n]), given([n]), integer(random.below(9)));
  return {
    index,
    globals: [],
    functions: [
      { name: entry.visit(index), params: [n], result: I64, body: visit },
      {
        name: entry.step(index),
        params: [round],
        result: UNIT,
        body: statements([round], 4 + random.below(5)),
      },
    ],
    rounds: 2,
  };
}
