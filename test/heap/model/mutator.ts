/**
 * Runs generated programs on a heap and on a model of it, and compares the two. A command that makes no sense where it stands
 * does nothing.
 */
import type { HeapUnderTest } from '../heap-under-test.ts';
import { clear, copy } from './arrays.ts';
import { collect, force, forceAll, forceSlice } from './collections.ts';
import type { Command } from './commands.ts';
import { compare } from './compare.ts';
import { registerDrop, takeDrops } from './drops.ts';
import { add, forgetAll, push, shorten } from './growing.ts';
import { Model } from './model.ts';
import { allocate, allocateGarbage, link, load } from './objects.ts';
import { makeProxy, takeProxies } from './proxies.ts';
import type { Thing } from './things.ts';
import { upgrade, weaken } from './weak.ts';

/** What the host does outside of calls. */
const BY_HOST: ReadonlySet<Command['op']> = new Set([
  'handle',
  'free-handle',
  'enter-call',
  'suppress',
  'resume',
  'reset-frame',
  'take-proxies',
  'collect',
  'request',
  'gap',
  'force',
  'force-slice',
  'verify',
]);

export class Mutator {
  readonly #model: Model;
  readonly #actions: Readonly<Record<Command['op'], (command: Command) => void>>;

  constructor(target: HeapUnderTest) {
    this.#model = new Model(target);
    this.#actions = actionsOn(this.#model);
  }

  /** At the end everything that is open ends, and all is collected and compared. */
  run(commands: readonly Command[]): void {
    const { target } = this.#model;
    for (const command of commands) {
      // What a script does is done in a call, and a call ends a gap in the middle of a young collection.
      if (target.isTracing && !BY_HOST.has(command.op)) target.heap.leave(target.heap.enter());
      this.#actions[command.op](command);
    }
    this.#model.regions.closeAll();
    collect(this.#model, true);
    verify(this.#model);
  }
}

/** What each command means by its numbers. */
function actionsOn(model: Model): Readonly<Record<Command['op'], (command: Command) => void>> {
  const { roots, regions } = model;
  const { heap } = model.target;
  const local = (i: number): Thing | null => roots.local(i);
  return {
    node: ({ a }) => allocate(model, 'node', a),
    wide: ({ a }) => allocate(model, 'wide', a),
    medium: ({ a }) => allocate(model, 'medium', a),
    vector: ({ a, b }) => allocate(model, 'vector', a, b % 300),
    records: ({ a, b }) => allocate(model, 'records', a, b % 300),
    bytes: ({ a, b }) => allocate(model, 'bytes', a, b),
    large: ({ a, b }) => allocate(model, 'vector', a, 16000 + (b % 8) * 5000),
    'mut-vector': ({ a }) => allocate(model, 'mut-vector', a),
    segments: ({ a }) => allocate(model, 'segments', a),
    garbage: ({ a, b }) => allocateGarbage(model, a, b),
    link: ({ a, b, c }) => link(model, local(a), b, local(c)),
    unlink: ({ a, b }) => link(model, local(a), b, null),
    load: ({ a, b, c }) => load(model, a, local(b), c),

    push: ({ a, b, c }) => push(model, local(a), local(b), 1 + (c % 3)),
    add: ({ a, b, c }) => add(model, local(a), local(b), 1 + (c % 7)),
    forget: ({ a }) => forgetAll(model, local(a)),
    shorten: ({ a, b }) => shorten(model, local(a), b),
    clear: ({ a, b, c }) => clear(model, local(a), b, c),
    copy: ({ a, b, c }) => copy(model, local(a), local(b), c),

    global: ({ a, b }) => roots.setGlobal(a, local(b)),
    'drop-global': ({ a }) => roots.setGlobal(a, null),
    drop: ({ a }) => roots.setLocal(a, null),
    handle: ({ a }) => roots.takeHandle(local(a)),
    'free-handle': ({ a }) => roots.freeHandle(a),

    'open-arena': ({ b }) => regions.openArena((b % 4) * 65536, 0),
    'open-limited': ({ b }) => regions.openArena(0, 20000 + b * 40),
    // Calls end less often than the rest, so that failures find something open.
    close: ({ a }) => {
      if (!regions.isInCall || a % 2 === 0) regions.close();
    },
    'enter-frame': () => regions.enterFrame(),
    'enter-region': ({ a }) => regions.enterRegionOf(local(a)),
    'enter-suppressed': () => regions.enterSuppressed(),
    'enter-call': () => regions.enterCall(),
    fail: () => regions.fail(),
    suppress: () => regions.suppress(),
    resume: () => regions.resume(),
    'reset-frame': () => regions.resetFrame(),

    weaken: ({ a, b, c }) => weaken(model, a, local(b), c % 2 === 0),
    upgrade: ({ a, b }) => upgrade(model, a, local(b)),
    'register-drop': ({ a }) => registerDrop(model, local(a)),
    // The code of one drop in three brings its object back.
    'take-drops': ({ a, b }) => void takeDrops(model, a % 3 === 1 ? b : undefined),
    proxy: ({ a }) => makeProxy(model, a),
    'take-proxies': () => void takeProxies(model),

    collect: ({ a }) => collect(model, a % 2 === 0),
    request: () => heap.requestCollection(),
    // From one object to all there is; two young collections in three come to their end, however small their portions are.
    gap: ({ a, b }) => {
      const work = a % 5 === 0 ? 1000 : 1 + (a % 17);
      if (b % 3 === 0) heap.gapSlice(work);
      else model.target.gap(work);
    },
    force: ({ a }) => force(model, a),
    'force-slice': ({ a, b }) => forceSlice(model, 1 + (a % 40), b % 12),
    'force-all': ({ a, b }) => forceAll(model, a, 1 + (b % 40)),
    verify: () => verify(model),
  };
}

function verify(model: Model): void {
  model.target.check();
  compare(model);
}
