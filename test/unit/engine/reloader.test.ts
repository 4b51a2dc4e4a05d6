import { describe, expect, test } from 'vitest';
import { Reloader, type ReloadTarget } from '../../../engine/reload/index.ts';
import type { Patch, ReloadableMachine, ReplaceOutcome } from '../../../engine/script.ts';
import type { Image, ScriptEvent } from '../../../scripting/image/index.ts';

const imageNamed = (name: string) => ({ sourceMap: name }) as Image;
const nameOf = (image: Image) => image.sourceMap;

function setUp(outcome: ReplaceOutcome = { kind: 'replaced' }) {
  const log: string[] = [];
  let release: (() => void)[] = [];
  const machine = {
    prepare: (image: Image) =>
      new Promise<Patch>((resolve) => {
        release.push(() => resolve({ image }));
      }),
    replace: (patch: Patch) => {
      log.push(`replace ${nameOf(patch.image)}`);
      return outcome;
    },
  };
  const target: ReloadTarget = {
    machine: machine as unknown as ReloadableMachine,
    restart: (image, reason) => void log.push(`restart ${nameOf(image)}: ${reason}`),
    showProblems: (problems) => void log.push(`problems ${problems.length}`),
    clearProblems: () => void log.push('clear'),
    replaced: () => void log.push('replaced'),
    report: (error) => void log.push(String(error)),
  };
  const script = {
    name: 'test',
    load: () => Promise.reject(),
    subscribe: () => () => void log.push('unsubscribed'),
  };
  const reloader = new Reloader(script, target);
  const prepared = async () => {
    for (const done of release) done();
    release = [];
    await new Promise((resolve) => setTimeout(resolve));
  };
  const compiled = (name: string): ScriptEvent => ({ kind: 'compiled', image: imageNamed(name) });
  return { log, reloader, prepared, compiled };
}

describe('the reloader', () => {
  test('swaps new code in at the start of a frame, not before, and once', async () => {
    const { log, reloader, prepared, compiled } = setUp();
    void reloader.receive(compiled('a'));
    reloader.run();
    expect(log).toEqual(['clear']);
    await prepared();
    expect(log).toEqual(['clear']);
    reloader.run();
    reloader.run();
    expect(log).toEqual(['clear', 'replace a', 'replaced']);
  });

  test('drops a compilation that a newer one overtook', async () => {
    const { log, reloader, prepared, compiled } = setUp();
    void reloader.receive(compiled('a'));
    void reloader.receive(compiled('b'));
    await prepared();
    reloader.run();
    expect(log).toEqual(['clear', 'clear', 'replace b', 'replaced']);
  });

  test('shows what does not compile and swaps nothing in, also not what came before', async () => {
    const { log, reloader, prepared, compiled } = setUp();
    void reloader.receive(compiled('a'));
    await prepared();
    void reloader.receive({ kind: 'failed', problems: [] });
    reloader.run();
    expect(log).toEqual(['clear', 'problems 0']);
  });

  test('leaves images to others: a compilation that came before them is swapped in', async () => {
    const { log, reloader, prepared, compiled } = setUp();
    void reloader.receive(compiled('a'));
    void reloader.receive({ kind: 'images', atlas: { pages: [], regions: [] }, problems: [] });
    await prepared();
    reloader.run();
    expect(log).toEqual(['clear', 'replace a', 'replaced']);
  });

  test('restarts the scene where live data does not fit', async () => {
    const { log, reloader, prepared, compiled } = setUp({ kind: 'restart', reason: 'because' });
    void reloader.receive(compiled('a'));
    await prepared();
    reloader.run();
    expect(log).toEqual(['clear', 'replace a', 'restart a: because']);
  });

  test('hears of nothing when it has ended, also of what is being prepared', async () => {
    const { log, reloader, prepared, compiled } = setUp();
    void reloader.receive(compiled('a'));
    reloader.end();
    await prepared();
    void reloader.receive(compiled('b'));
    await prepared();
    reloader.run();
    expect(log).toEqual(['clear', 'unsubscribed']);
  });
});
