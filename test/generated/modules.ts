/**
 * Two modules that have a global, a global of the frame, a struct and a function of one name each, but of different types: all of
 * them are private. `left:*held*` is how the reference tells them apart; in the text there is only `*held*`.
 */
import {
  annotate,
  bind,
  bindIn,
  call,
  construct,
  field,
  literal,
  prelude,
  sequence,
  text,
  variable,
} from './pieces.ts';
import { type Expression, expression, type ModuleDeclaration } from './program.ts';
import type { Random } from './random.ts';
import { BOOL, F64, I64, mutableVector, STRING, type Type, type, UNIT, vector } from './type.ts';

const FIRST: readonly (readonly [of: Type, init: Expression])[] = [
  [I64, literal(I64, 5n)],
  [F64, literal(F64, 0.5)],
  [BOOL, literal(BOOL, true)],
  [STRING, text('first')],
  [vector(STRING), annotate(expression('vector', vector(STRING)))],
];

export function makeModules(random: Random): ModuleDeclaration[] {
  if (!random.chance(0.3)) return [];
  const [left, right] = random.some(FIRST, 2) as [(typeof FIRST)[0], (typeof FIRST)[0]];
  return random.chance(0.5)
    ? [makeModule('left', ...left), makeModule('right', ...right)]
    : [makeModule('left', ...right), makeModule('right', ...left)];
}

function makeModule(name: string, of: Type, first: Expression): ModuleDeclaration {
  const own = (thing: string): string => `${name}:${thing}`;
  const [struct, many] = [type('Held'), mutableVector(of)];
  const [x, was] = [bind('x', of), bind('was', of)];
  const held = expression('global', struct, [], { name: own('*held*') });
  const seen = expression('global', many, [], { name: own('*seen*') });
  const value = field('v', of, held);
  const holding = (e: Expression): Expression => construct(own('Held'), struct, e);
  const set = expression('set-global', UNIT, [holding(variable(x))], { name: own('*held*') });
  return {
    name,
    product: {
      name: own('Held'),
      params: [],
      flat: false,
      fields: [{ name: 'v', type: of, mutable: true }],
      shown: undefined,
    },
    globals: [
      { name: own('*held*'), type: struct, frame: false, init: holding(first) },
      { name: own('*seen*'), type: many, frame: true, init: annotate(prelude('mut-vec', many)) },
    ],
    hidden: {
      name: own('keep!'),
      params: [x],
      result: of,
      body: sequence(
        prelude('push!', UNIT, seen, variable(x)),
        prelude(
          'println',
          UNIT,
          text(`${name} saw `),
          prelude('len', I64, seen),
          text(', first '),
          prelude('first', of, seen),
        ),
        bindIn(was, value, sequence(set, variable(was))),
      ),
    },
    keep: { name: `${name}-keep`, params: [x], result: of, body: call(own('keep!'), of, variable(x)) },
    report: {
      name: `${name}-report`,
      params: [],
      result: UNIT,
      body: prelude('println', UNIT, text(`${name} `), value, text(' of '), prelude('len', I64, seen)),
    },
    reset: {
      name: `${name}-reset`,
      params: [],
      result: UNIT,
      body: expression('set-global', UNIT, [holding(first)], { name: own('*held*') }),
    },
  };
}
