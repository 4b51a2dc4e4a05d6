import { describe, expect, test } from 'vitest';
import type { ReloadTarget, ReloadTimes } from '../../../engine/reload/index.ts';
import { Reloader } from '../../../engine/reload/reloader.ts';
import { changedExports, nameChoices, nameNotes } from '../../../engine/reload/shown/index.ts';
import type { Patch, ReloadableMachine, Rename, ReplaceOutcome } from '../../../engine/script.ts';
import type { Image, Manifest, ScriptEvent } from '../../../scripting/image/index.ts';
import { ManualClock } from './fake-machine.ts';

const imageNamed = (name: string) => ({ sourceMap: name }) as Image;
const nameOf = (image: Image) => image.sourceMap;

function setUp(outcome: ReplaceOutcome | Error = { kind: 'replaced' }) {
  const log: string[] = [];
  const told: ReloadTimes[] = [];
  const uses: (() => void)[] = [];
  const clock = new ManualClock();
  let release: (() => void)[] = [];
  const machine = {
    prepare: (image: Image) =>
      new Promise<Patch>((resolve) => {
        release.push(() => resolve({ image }));
      }),
    replace: (patch: Patch, { ask }: { readonly ask: boolean }): ReplaceOutcome => {
      log.push(`replace ${nameOf(patch.image)}`);
      clock.time += 3;
      if (outcome instanceof Error) throw outcome;
      return outcome.kind === 'confirm' && !ask ? { kind: 'replaced' } : outcome;
    },
  };
  const scene = { restarting: false };
  const target: ReloadTarget = {
    machine: machine as unknown as ReloadableMachine,
    get restarting() {
      return scene.restarting;
    },
    restart: (image, reason, times) => {
      log.push(`restart ${nameOf(image)}: ${reason}`);
      told.push(times);
    },
    ask: (_kind, reason, _times, use) => {
      log.push(`ask: ${reason}`);
      uses.push(use);
    },
    showProblems: (problems) => void log.push(`problems ${problems.length}`),
    clearProblems: () => void log.push('clear'),
    replaced: (_image, times) => {
      log.push('replaced');
      told.push(times);
    },
    failed: (error, times) => {
      log.push(String(error));
      told.push(times);
    },
  };
  const script = {
    name: 'test',
    load: () => Promise.reject(),
    subscribe: () => () => void log.push('unsubscribed'),
  };
  const reloader = new Reloader(script, target, clock);
  const prepared = async () => {
    for (const done of release) done();
    release = [];
    await new Promise((resolve) => setTimeout(resolve));
  };
  const compiled = (name: string): ScriptEvent => ({ kind: 'compiled', image: imageNamed(name) });
  return { log, told, uses, scene, clock, reloader, prepared, compiled };
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

  test.each([{ kind: 'replaced' }, { kind: 'restart', reason: 'because' }] as const)(
    'says how long each step took: $kind',
    async (outcome) => {
      const { told, clock, reloader, prepared, compiled } = setUp(outcome);
      const news = { changed: ['a.slu'], compiled: 80 };
      void reloader.receive({ ...compiled('a'), news } as ScriptEvent);
      clock.time += 12;
      await prepared();
      clock.time += 100;
      reloader.run();
      expect(told).toEqual([{ ...news, prepared: 12, swapped: 3 }]);
    },
  );

  test('keeps newer code for the scene that is on its way', async () => {
    const { log, scene, reloader, prepared, compiled } = setUp();
    scene.restarting = true;
    void reloader.receive(compiled('a'));
    await prepared();
    reloader.run();
    expect(log.splice(0)).toEqual(['clear']);
    expect(reloader.coming).toBe(true);
    scene.restarting = false;
    reloader.run();
    expect(log).toEqual(['replace a', 'replaced']);
  });

  test('says of all files that they have changed since the code that runs', async () => {
    const { told, reloader, prepared, compiled } = setUp();
    const saved = (name: string, file: string) =>
      ({ ...compiled(name), news: { changed: [file], compiled: 1 } }) as ScriptEvent;
    void reloader.receive(saved('a', 'a.slu'));
    void reloader.receive(saved('b', 'b.slu'));
    void reloader.receive({ kind: 'failed', problems: [], news: { changed: ['c.slu'], compiled: 1 } });
    void reloader.receive(saved('d', 'a.slu'));
    await prepared();
    reloader.run();
    void reloader.receive(saved('e', 'e.slu'));
    await prepared();
    reloader.run();
    expect(told.map(({ changed }) => changed)).toEqual([['a.slu', 'b.slu', 'c.slu'], ['e.slu']]);
  });

  test('tells of code that cannot be swapped in what it tells of any other', async () => {
    const { log, told, clock, reloader, prepared, compiled } = setUp(new Error('no'));
    void reloader.receive({ ...compiled('a'), news: { changed: ['a.slu'], compiled: 80 } } as ScriptEvent);
    clock.time += 12;
    await prepared();
    reloader.run();
    expect(log).toEqual(['clear', 'replace a', 'Error: no']);
    expect(told).toEqual([{ changed: ['a.slu'], compiled: 80, prepared: 12, swapped: 3 }]);
  });

  test('asks before code is used that lacks something, and uses it when it is meant so', async () => {
    const { log, uses, reloader, prepared, compiled } = setUp({ kind: 'confirm', reason: 'no `frame`' });
    void reloader.receive(compiled('a'));
    await prepared();
    reloader.run();
    reloader.run();
    expect(log.splice(0)).toEqual(['clear', 'replace a', 'ask: no `frame`']);
    uses[0]?.();
    reloader.run();
    expect(log.splice(0)).toEqual(['replace a', 'replaced']);
    void reloader.receive(compiled('b'));
    uses[0]?.();
    reloader.run();
    expect(log).toEqual(['clear']);
  });

  test('knows that new code is coming, until it is swapped in or cannot be', async () => {
    const { reloader, prepared, compiled } = setUp();
    expect(reloader.coming).toBe(false);
    void reloader.receive(compiled('a'));
    expect(reloader.coming).toBe(true);
    await prepared();
    expect(reloader.coming).toBe(true);
    reloader.run();
    expect(reloader.coming).toBe(false);
    void reloader.receive(compiled('b'));
    void reloader.receive({ kind: 'failed', problems: [] });
    expect(reloader.coming).toBe(false);
    await prepared();
    expect(reloader.coming).toBe(false);
  });
});

test('what the host may call and cannot call as before is told', () => {
  const manifest = (...exports: readonly unknown[]) => ({ exports, shapes: [] }) as unknown as Manifest;
  const steer = { name: 'steer', params: [{ name: 'x', type: 'f64' }], result: 'unit' };
  const before = manifest(steer, { name: 'score', params: [], result: 'i64' });
  expect(changedExports(before, before)).toEqual([]);
  expect(changedExports(before, manifest({ ...steer, params: [] }))).toEqual([
    '`steer` takes or returns something else',
    'the host cannot call `score` any more',
  ]);
});

test('a function that is called as before is no other, whatever its parameters and types are numbered or called', () => {
  const manifest = (x: string, shape: number) =>
    ({
      exports: [
        {
          name: 'steer',
          params: [
            { name: x, type: { kind: 'shape', shape, key: '(prelude.Vector f64)', name: '(Vector f64)' } },
          ],
          result: { kind: 'unit' },
        },
      ],
      shapes: Array.from({ length: 4 }, () => ({ kind: 'vector', element: { kind: 'number', type: 'f64' } })),
    }) as unknown as Manifest;
  expect(changedExports(manifest('x', 0), manifest('to', 3))).toEqual([]);
});

test('entities of a type that comes and goes are no global that somebody knows', () => {
  const pools = ['pool:Ball'];
  expect(nameNotes({ parked: pools, restored: pools, forgotten: pools })).toEqual([
    'the entities of `Ball`, which waited, are given up',
    'the entities of `Ball` wait until there is such a type again',
    'the entities of `Ball` are in the world again',
  ]);
});

test('what a reload did to names is told, and what can be done is offered', () => {
  const done: string[] = [];
  const machine = {
    rename: ({ from, to }: Rename) => void done.push(`${from} ${to}`),
    applyInitial: (names: readonly string[]) => void done.push(...names),
  } as unknown as ReloadableMachine;
  const names = {
    parked: ['*a*'],
    restored: ['*b*'],
    renames: [{ from: '*a*', to: '*c*' }],
    leftBehind: ['*title*'],
    notApplied: ['*d*'],
  };
  expect(nameNotes(names)).toHaveLength(5);
  expect(nameNotes(names)).toContain(
    'what `*title*` had made of the host, as a text on the stage, is there until its scene is left',
  );
  for (const { action } of nameChoices(names, machine, (action) => action())) action();
  expect(done).toEqual(['*a* *c*', '*d*']);
  expect([nameNotes({}), nameChoices({}, machine, () => {})]).toEqual([[], []]);
});
