/** What library functions allocate whose result's length is known: the result, and no more. */
import { expect, it } from 'vitest';
import { imageOf, MODES, start } from '../tools/script.ts';

const COUNT = 1000;
/** What a result takes: header and length, and its elements of eight bytes. */
const RESULT = 8 + 8 * COUNT;
/** The mutable vector that it was while it was made, and rounding. */
const BESIDE = 64;

const EXPRESSIONS = {
  range: `(range 0 ${COUNT})`,
  map: '(map (fn (x) (+ x 1)) *xs*)',
  'map of a mutable vector': '(map (fn (x) (+ x 1)) *ys*)',
  reverse: '(reverse *xs*)',
  'to-mut-vec': '(to-mut-vec *xs*)',
  'to-vector': '(to-vector *ys*)',
  'make-vec': `(make-vec ${COUNT} 0)`,
  'with-capacity': `(with-capacity ${COUNT})`,
  'with-capacity, filled': `(let ((out (with-capacity ${COUNT}))) (for-each (x *xs*) (push! out x)) out)`,
  'slice of a mutable vector': `(slice *ys* 0 ${COUNT})`,
};

it.each(
  MODES.flatMap((mode) => Object.entries(EXPRESSIONS).map(([name, text]) => [name, mode, text] as const)),
)('%s allocates its result and no more, in %s', async (_, mode, text) => {
  const script = `(defglobal *xs* : (Vector i64) (range 0 ${COUNT}))
(defglobal mut *ys* : (MutVec i64) (to-mut-vec *xs*))
(defglobal mut *kept* : i64 0)
(pub defn make () : Unit (let ((made ${text})) (set! *kept* (+ *kept* (len made)))))
`;
  const { machine } = await start(await imageOf(script, { mode }));
  machine.call('make');
  const before = machine.allocatedBytes;
  machine.call('make');
  expect(machine.allocatedBytes - before).toBeLessThanOrEqual(RESULT + BESIDE);
});
