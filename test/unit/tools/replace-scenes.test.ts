/** What new code does not know of any more, though it is on the screen: the scene that a game is in, and what constants had the host make. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start } from './script.ts';

const prepared = async (machine: Machine, text: string) => machine.prepare(await imageOf(text));

const scenes = (first: string, second: string): string => `(import sluice.game :all)
(defentity Ball (x : i64))
(scene ${first} :enter (add-entity! (Ball 1)) :leave (println "left"))
${second === '' ? '' : `(scene ${second} :enter (add-entity! (Ball 2)) (add-entity! (Ball 3)))`}
(pub defn begin () : Unit (go-to-scene! ${first}))
(pub defn onwards () : Unit (go-to-scene! ${second === '' ? first : second}))
(pub defn told () : String (str (current-scene) (count-entities Ball)))`;

async function playing(text: string): Promise<Machine> {
  const { machine } = await start(await imageOf(text), { stress: STRESS });
  machine.call('begin');
  frame(machine);
  return machine;
}

function frame(machine: Machine): void {
  machine.step(0.1);
  machine.resetFrame();
}

describe('the scene that a game is in', () => {
  it.each([
    ['is deleted', scenes('play', '')],
    ['is called otherwise', scenes('play', 'start')],
  ])('%s: the old code goes on, and the game may begin anew', async (_, without) => {
    const machine = await playing(scenes('title', 'play'));
    const reason = 'the game is in the scene `title`, which the new code has not';
    const patch = await prepared(machine, without);
    expect(machine.replace(patch, { ask: true })).toEqual({ kind: 'refused', reason, problems: [] });
    expect(machine.replace(patch)).toEqual({ kind: 'restart', reason, types: [] });
    expect(machine.call('told')).toBe('(Some (Scene title))1');
    // It is no matter once the game is in another.
    machine.call('onwards');
    expect(machine.replace(patch, { ask: true })).toMatchObject({ kind: 'refused' });
    frame(machine);
    expect(machine.call('told')).toBe('(Some (Scene play))2');
    expect(machine.replace(patch, { ask: true })).toMatchObject({ kind: 'replaced' });
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('told')).toBe('(Some (Scene play))2');
  });

  it('is not left for one on its way there that is deleted', async () => {
    const machine = await playing(scenes('title', 'play'));
    machine.call('onwards');
    expect(machine.replace(await prepared(machine, scenes('title', '')), { ask: true })).toMatchObject({
      kind: 'refused',
      reason: 'the game is in the scene `play`, which the new code has not',
    });
  });

  it('may be another once it is mended, and comes where collections are about something', async () => {
    const machine = await playing(scenes('title', 'play'));
    machine.requestCollection();
    machine.gapSlice(1);
    expect(machine.replace(await prepared(machine, scenes('play', '')), { ask: true }).kind).toBe('refused');
    const mended = await prepared(machine, scenes('play', 'title'));
    expect(machine.replace(mended, { ask: true })).toMatchObject({ kind: 'replaced' });
    expect(machine.call('told')).toBe('(Some (Scene title))1');
  });

  it('is none, or no matter, in a game without any', async () => {
    const { machine } = await start(await imageOf(scenes('title', 'play')));
    const none = '(pub defn told () : String "")';
    expect(machine.replace(await prepared(machine, none))).toMatchObject({ kind: 'replaced' });
    expect(machine.replace(await prepared(machine, scenes('play', '')))).toMatchObject({ kind: 'replaced' });
  });
});

describe('what a constant had the host make', () => {
  const text = (constant: string): string => `(extern-type "host" Label)
(extern "host" (defn label ((text : String)) : Label) (defn text-of ((l : Label)) : String))
(defstruct Shown (label : Label))
${constant}
(defglobal *number* : i64 ${constant.length})
(pub defn told () : String "")`;

  it('is named where it is made anew, or gone: it is there still', async () => {
    const host = { host: { label: (content: string) => ({ content }), 'text-of': () => '' } };
    const one = text('(defglobal *title* : Shown (Shown (label "one")))');
    const { machine } = await start(await imageOf(one), { host });
    const same = await prepared(machine, `${one} (defn more () : i64 1)`);
    expect(machine.replace(same)).toMatchObject({ kind: 'replaced', leftBehind: [], kept: ['*title*'] });
    const other = await prepared(machine, text('(defglobal *title* : Shown (Shown (label "another")))'));
    expect(machine.replace(other)).toMatchObject({ kind: 'replaced', leftBehind: ['*title*'] });
    expect(machine.replace(await prepared(machine, text('')))).toMatchObject({ leftBehind: ['*title*'] });
    expect(machine.replace(await prepared(machine, text('')))).toMatchObject({ leftBehind: [] });
  });
});
