/** How often small programs retain: where a use may be followed by another, and nowhere else. */
import { expect, it } from 'vitest';
import { type Call, visit } from '../../../../scripting/ir/index.ts';
import { lowered, named } from '../lowered.ts';

const HEAD = `(defstruct Tex (id : i64))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (println (.id t))))
(defstruct Sprite (mut tex : (Shared Tex)) (x : i64))
(defn make ((n : i64)) : (Shared Tex) (share (Tex n)))
(defn look ((t : Tex)) : Unit (println (.id t)))
(defn eat ((t : (Shared Tex))) : Unit (println (.id t)))
(defn pass ((t : (Shared Tex))) : (Shared Tex) t)
(defn pair ((a : (Shared Tex)) (b : (Shared Tex))) : Bool (same? a b))
`;

function retainsIn(body: string): number {
  const program = lowered(`${HEAD}(defn tried ((c : Bool) (s : (Shared Tex))) : Unit ${body})`);
  let found = 0;
  const count = (call: Call): void => {
    if (call.to === 'function' && call.key.startsWith('retain ')) found += 1;
  };
  visit(
    named(program, 'tried').body,
    (s) => {
      if (s.kind === 'set-call' || s.kind === 'tail-call') count(s.call);
    },
    (e) => {
      if (e.kind === 'call') count(e.call);
    },
  );
  return found;
}

it.each([
  ['(look s) (look s)', 0, 'what is lent'],
  ['(eat (pass (pass s)))', 0, 'what passes through functions'],
  ['(let ((t s) (u t)) (look u) (eat u))', 0, 'what goes from name to name'],
  ['(if c (eat s) (look s))', 0, 'the last use of each way'],
  ['(match (Some s) ((Some t) (eat t)) (None (do)))', 0, 'what goes through an option'],
  ['(while true (eat s) (break))', 0, 'what leaves the loop'],
  ['(let ((mut t s)) (dotimes 3 (eat t) (set! t (make 1))))', 0, 'what is made anew in each round'],
  ['(let ((e (Sprite s 1))) (look (.tex e)))', 0, 'what an object takes, and lends'],
  ['(eat s) (look s)', 1, 'a use before another'],
  ['(eat s) (eat s) (eat s)', 2, 'all but the last'],
  ['(println (pair s s))', 1, 'an argument before another'],
  ['(eat s) (if c (look s) (do))', 1, 'a use that another may follow'],
  ['(dotimes 3 (eat s))', 1, 'each round'],
  ['(let ((e (Sprite s 1))) (eat (.tex e)))', 1, 'what is taken out of an object'],
  [
    '(println (map (fn (i) (eat s) i) [1 2]))',
    0,
    'the function around another that is lent what it captures',
  ],
] as const)('%s retains %i times: %s', (body, times, _why) => {
  expect(retainsIn(body)).toBe(times);
});
