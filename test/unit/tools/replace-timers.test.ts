/** Timers that wait while what they capture, and who owns them, is laid out otherwise. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start } from './script.ts';

const OLD = '(mut n : i64) (m : i64 5)';
const NEW = '(name : String "ball") (far : (Vector i64) [1 2 3]) (m : i64 5) (mut n : i64)';

const game = (fields: string, word: string): string => `(import sluice.game :all)
(defentity Ball ${fields})
(defvalue Spot (x : i64) ${fields.includes('name') ? '(y : i64 7)' : ''})
(defglobal mut *log* : String "")
(defn note ((text : String)) : Unit (set! *log* (str *log* text " ")))
(defn show-spot ((s : Spot)) : String (show (.x s)))
(pub defn go () : Unit
  (let ((ball (add-entity! (Ball :n 1))) (other (add-entity! (Ball :n 10))) (spot (Spot :x 3)))
    (every 0.1 :owner ball (+= (.n ball) 1) (note (str "${word}" (.n ball) (show-spot spot))))
    (every 0.1 :owner other (+= (.n other) 1))
    (after 0.5 :owner other (note "never"))
    (after 0.35 (remove-entity! other))
    (after 0.35 (note (str "${word}-after" (show-spot spot))))))
(pub defn look () : String
  (let ((mut all *log*)) (for-entities (b Ball) (set! all (str all (.n b) "/" (.m b) " "))) all))
(pub defn pairs () : i64 (let ((mut n 0)) (for-entities (b Ball) (set! n (+ n 1))) n))`;

function frames(machine: Machine, count: number): void {
  for (let i = 0; i < count; i += 1) {
    expect(machine.step(0.1)).toBe(0);
    machine.resetFrame();
    machine.gapSlice(200);
  }
}

async function replace(machine: Machine, text: string): Promise<void> {
  expect(machine.replace(await machine.prepare(await imageOf(text)))).toMatchObject({ kind: 'replaced' });
  expect(machine.verify()).toBeUndefined();
}

describe('a timer', () => {
  it('goes on with its owner, and ends with it, over layouts', async () => {
    const { machine } = await start(await imageOf(game(OLD, 'a')), { stress: STRESS });
    machine.call('go');
    frames(machine, 2);
    const before = machine.call('look') as string;
    expect(before).toBe('a23 a33 3/5 12/5 ');
    await replace(machine, game(NEW, 'b'));
    expect(machine.call('look')).toBe(before);
    frames(machine, 1);
    expect(machine.call('look')).toBe('a23 a33 b43 4/5 13/5 ');
    await replace(machine, game(OLD, 'c'));
    frames(machine, 1);
    expect(machine.call('look')).toMatch(/^a23 a33 b43 (c53 c-after3|c-after3 c53) 5\/5 $/);
    await replace(machine, game(NEW, 'd'));
    frames(machine, 3);
    expect(machine.call('pairs')).toBe(1);
    expect(machine.call('look')).toMatch(/ d63 d73 d83 8\/5 $/);
    expect(machine.call('look')).not.toContain('never');
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });
});
