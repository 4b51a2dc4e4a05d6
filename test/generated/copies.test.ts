/** Where the reference has no answer: a change that its one object for a thing and its copies does not tell apart. */
import { describe, expect, it } from 'vitest';
import { evaluate } from './expected.ts';
import { bind, bindIn, choose, integer, nothing, prelude, sequence, text, variable } from './pieces.ts';
import { type Case, type Expression, entry, expression, type World } from './program.ts';
import { BOOL, I64, mutableVector, STRING, UNIT } from './type.ts';

const WORLD: World = { products: [], sums: [], methods: [], functions: [], apart: false, modules: [] };
const THING = mutableVector(STRING);
const LIST = mutableVector(THING);
const KEPT = expression('global', LIST, [], { name: '*kept*' });
const thing = bind('thing', THING);
const round = bind('round', I64);

const copy = expression('copy-out', THING, [variable(thing)]);
const inArena = (name: string, body: Expression) => expression('arena', body.type, [body], { name });
const made = (body: Expression) => bindIn(thing, prelude('mut-vec', THING), body);
const keep = prelude('push!', UNIT, KEPT, copy);
const change = prelude('push!', UNIT, prelude('nth', THING, KEPT, integer(0)), text('changed'));

/** Copies in the first round, and changes what was copied in the second, when all arenas have ended. */
function outcome(copying: Expression, changing = change) {
  const body = choose(prelude('=', BOOL, variable(round), integer(0)), copying, changing);
  const one: Case = {
    index: 0,
    globals: [{ name: '*kept*', type: LIST, frame: false, init: prelude('mut-vec', LIST) }],
    functions: [{ name: entry.step(0), params: [round], result: UNIT, body }],
    rounds: 2,
  };
  return evaluate(WORLD, one);
}

describe.each(['frame', 'around'])('of a thing in the arena `%s`', (name) => {
  it('one copy may be changed when the arena has ended', () => {
    const output = outcome(inArena(name, made(keep)))?.map((o) => o.output);
    expect(output?.join('')).toContain('*kept* [["changed"]]\n');
  });

  it('none of two copies may be changed, ever', () => {
    expect(outcome(inArena(name, made(sequence(keep, keep))))).toBeUndefined();
  });

  it('two copies may be kept that nobody changes', () => {
    expect(outcome(inArena(name, made(sequence(keep, keep))), nothing)).toBeDefined();
  });

  it('what is reached from two things is copied with each', () => {
    const pair = expression('vector', LIST, [variable(thing)]);
    const first = prelude('first', THING, expression('copy-out', LIST, [pair]));
    const keepFirst = prelude('push!', UNIT, KEPT, first);
    expect(outcome(inArena(name, made(keepFirst)))).toBeDefined();
    expect(outcome(inArena(name, made(sequence(keepFirst, keepFirst))))).toBeUndefined();
  });
});

it('of a thing in the frame, none of two copies may be changed that two blocks have made', () => {
  const again = inArena('frame', keep);
  expect(outcome(inArena('frame', made(keep)))).toBeDefined();
  expect(outcome(sequence(inArena('frame', made(keep)), again))).toBeUndefined();
});
