/** What is filled as soon as it is made: which functions of the heap it takes. */
import { expect, test } from 'vitest';
import { type Call, type Func, visit } from '../../../scripting/ir/index.ts';
import { lowered, named } from './lowered.ts';

function heapCalls({ body }: Func): string[] {
  const found: string[] = [];
  const note = (call: Call): void => {
    if (call.to === 'runtime') found.push(call.name);
  };
  visit(
    body,
    (s) => {
      if (s.kind === 'set-call') note(s.call);
    },
    (e) => {
      if (e.kind === 'call') note(e.call);
    },
  );
  return found;
}

const calls = (body: string, name = 'f') =>
  heapCalls(named(lowered(`(pub defn f ((n : i64) (x : String)) : (MutVec String) ${body})`), name));

test('`make-vec` clears nothing, and copies nothing that was cleared', () => {
  // In front of these is what it says of a count below 0.
  expect(calls('(make-vec n x)', 'make-vec').slice(-2)).toEqual(['newArray', 'arrayRepeat']);
  expect(calls('(make-vec n x)', 'make-vec')).not.toContain('arrayClear');
});

test('a few elements need no zeros first, as all are there', () => {
  expect(calls('(mut-vec x x)')).toEqual(['newArray']);
});

test('of many each is stored as it comes, while others may fail', () => {
  expect(calls(`(mut-vec ${'x '.repeat(9)})`)).toEqual(['allocateArray']);
});

test('a table counts what a set holds for its keys, and makes room for the keys and their links alone', () => {
  const text = '(pub defn f ((s : (MutSet String)) (x : String)) : Unit (set-add! s x))';
  const room = heapCalls(named(lowered(text), '%take-slot!')).filter((name) => name === 'segmentsAdd');
  expect(room).toHaveLength(2);
});
