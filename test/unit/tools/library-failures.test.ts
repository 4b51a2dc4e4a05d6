/** What library functions say to arguments that make no sense, and where. */
import { describe, expect, test } from 'vitest';
import { ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, start, thrown } from './script.ts';

/** An expression, and the error that it ends in. */
const CASES: readonly (readonly [expression: string, message: string])[] = [
  ['(slice [1 2 3] 1 4)', 'index 4 is out of range for length 3'],
  ['(slice [1 2 3] 5 5)', 'index 5 is out of range for length 3'],
  ['(slice (mut-vec 1 2 3) -5 2)', 'index -5 is out of range for length 3'],
  ['(slice [1 2 3] 2 1)', 'the slice from 2 to 1 ends before it begins'],
  ['(nth [1 2 3] 9223372036854775807)', 'index 9223372036854775807 is out of range for length 3'],
  ['(nth *xs* 9007199254740993)', 'index 9007199254740993 is out of range for length 3'],
  ['(nth (range 0 200) 4611686018427387905)', 'index 4611686018427387905 is out of range for length 200'],
  ['(truncate! *xs* -9007199254740993)', 'index -9007199254740993 is out of range for length 3'],
  ['(string-ref "äöü" 9007199254740993)', 'index 9007199254740993 is out of range for length 3'],
  ['(substring "abc" -9007199254740993 1)', 'index -9007199254740993 is out of range for length 3'],
  ['(set-nth [1 2 3] 3 1)', 'index 3 is out of range for length 3'],
  ['(nth [1] -9223372036854775808)', 'index -9223372036854775808 is out of range for length 1'],
  ['(first (take [1] 0))', 'index 0 is out of range for length 0'],
  ['(insert! *xs* 5 9)', 'index 5 is out of range for length 3'],
  ['(insert! *xs* -1 9)', 'index -1 is out of range for length 3'],
  ['(remove-at! *xs* 3)', 'index 3 is out of range for length 3'],
  ['(truncate! *xs* -1)', 'index -1 is out of range for length 3'],
  ['(reserve! *xs* 99999999999999)', 'no object can hold 99999999999999 elements'],
  ['(reserve! *xs* 400000000)', 'no object can hold 400000000 elements'],
  ['(with-capacity 9007199254740993)', 'no object can hold 9007199254740993 elements'],
  ['(range 0 9007199254740993)', 'no object can hold 9007199254740993 elements'],
  ['(make-vec -1 0)', 'a vector cannot have -1 elements'],
  ['(map-get {:a 1} :b)', 'there is no key :b'],
  ['(substring "größe" 3 2)', 'the substring from 3 to 2 ends before it begins'],
  ['(char-to-string 0xd800)', '55296 is not a Unicode code point'],
  ['(random-int 5 5)', 'random-int: there is no integer in an empty range'],
];

describe.each(MODES)('in %s', (mode) => {
  const functions = CASES.map(([expression], i) => `(pub defn case${i} () : Unit\n  ${expression}\n  ())`);
  // The same calls as the last thing that a function does.
  const last = CASES.map(([expression], i) => `(defn last${i} ()\n  ${expression})`);
  const callers = CASES.map((_, i) => `(pub defn tail${i} () : Unit (last${i}) ())`);
  const text = [
    '(defglobal *xs* : (MutVec i64) (mut-vec 1 2 3))',
    ...functions,
    ...last,
    ...callers,
    '(pub defn left () : (Vector i64) (freeze *xs*))',
  ].join('\n');

  test('library functions say what is wrong, change nothing, and leave the heap sound', async () => {
    const { machine } = await start(await imageOf(text, { mode }));
    for (const [i, [expression, message]] of CASES.entries()) {
      for (const name of [`case${i}`, `tail${i}`]) {
        const error = thrown(() => machine.call(name));
        if (!(error instanceof ScriptError)) throw error;
        expect(error.message, expression).toBe(message);
        // An optimised program may have put the library's function into the script's, and then says the library's line.
        if (mode === 'development') {
          const line = text.split('\n').findIndex((l) => l.startsWith(`(pub defn ${name} `)) + 1;
          const lastLine = text.split('\n').findIndex((l) => l.startsWith(`(defn last${i} `)) + 1;
          const expected = (name.startsWith('case') ? line : lastLine) + 1;
          expect(error.position, `${name}: ${expression}`).toMatchObject({
            file: 'game.slu',
            line: expected,
          });
        }
      }
    }
    expect(machine.call('left')).toEqual([1, 2, 3]);
    expect(machine.verify()).toBeUndefined();
  });
});
