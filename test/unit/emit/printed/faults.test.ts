/** The look at printed code can fail: mistakes that emission might make are planted, and each is found. */
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Effects } from '../../../../scripting/emit/effects.ts';
import type { Roots } from '../../../../scripting/emit/roots.ts';
import { ShadowFrame } from '../../../../scripting/emit/shadow.ts';
import {
  type Call,
  type Func,
  type Local,
  type Program,
  partsOfStatement,
  type Statement,
} from '../../../../scripting/ir/index.ts';
import { lowered } from '../../lower/lowered.ts';
import { HEAP_BYTES } from './effects.ts';
import { choices, generatedProgram } from './generator.ts';
import { look } from './program.ts';

const planted = vi.hoisted(() => {
  // Test files share their modules: here they are loaded anew, with what is planted.
  vi.resetModules();
  return {
    roots: (roots: Roots, _func: Func): Roots => roots,
    effects: (effects: Effects, _program: Program): Effects => effects,
  };
});
const right = { ...planted };

vi.mock('../../../../scripting/emit/roots.ts', async (load) => {
  const real = await load<typeof import('../../../../scripting/emit/roots.ts')>();
  return {
    ...real,
    findRoots: (func: Func, effects: Effects) => planted.roots(real.findRoots(func, effects), func),
  };
});
vi.mock('../../../../scripting/emit/effects.ts', async (load) => {
  const real = await load<typeof import('../../../../scripting/emit/effects.ts')>();
  return {
    ...real,
    findEffects: (program: Program, others: boolean) =>
      planted.effects(real.findEffects(program, others), program),
  };
});

afterEach(() => {
  Object.assign(planted, right);
  vi.restoreAllMocks();
});

afterAll(() => {
  vi.doUnmock('../../../../scripting/emit/roots.ts');
  vi.doUnmock('../../../../scripting/emit/effects.ts');
  vi.resetModules();
});

const faultsOf = (text: string, mode: 'development' | 'release' = 'development'): readonly string[] =>
  look(lowered(text), { mode, watch: true, heap: HEAP_BYTES }).faults;

const ITEM = `(defstruct Item (mut v : i64) (name : String))
  (defn mk ((n : i64)) : Item (Item n (str "item " n)))`;

/** Each jump out of an arena clears what is not needed where the arena ends by itself. */
function clearByTheEnd(roots: Roots, func: Func): Roots {
  const cleared = new Map(roots.cleared);
  const walk = (body: readonly Statement[], around: Statement | undefined): void => {
    for (const s of body) {
      if (cleared.has(s) && s.kind !== 'arena' && around !== undefined)
        cleared.set(s, cleared.get(around) ?? []);
      const inside = s.kind === 'arena' && s.name !== 'frame' ? s : around;
      for (const block of partsOfStatement(s).blocks) walk(block, inside);
    }
  };
  walk(func.body, undefined);
  return { ...roots, cleared };
}

const clearNothing =
  (kind: Statement['kind']) =>
  (roots: Roots): Roots => ({
    ...roots,
    cleared: new Map([...roots.cleared].filter(([way]) => way.kind !== kind)),
  });

const dropSpill = (roots: Roots): Roots => ({
  ...roots,
  spills: new Map([...roots.spills].map(([at, locals]) => [at, locals.slice(1)] as const)),
});

/** The numbers of the others stay, so the last one's is never written. */
const dropSlot = (roots: Roots): Roots => ({
  ...roots,
  slots: new Map([...roots.slots].slice(0, -1)),
});

describe('leaving arenas', () => {
  const search = `${ITEM}
    (pub defn search ((n : i64)) : String
      (let ((mut found (mk -1)) (mut i 0))
        (while true
          (with-arena scratch
            (let ((path (mk i)) (mut steps 0))
              (for (k 0 (< k i)) (set! steps (+ steps (.v (mk k)) (.v path))))
              (when (> (+ i steps) n) (set! found (outside (mk i))) (break))))
          (set! i (+ i 1))
          (set! found (mk 0)))
        (for (k 0 (< k 20)) (mk k))
        (.name found)))`;

  it('is right as it is', () => {
    expect(faultsOf(search)).toEqual([]);
  });

  it('a jump that clears what is not needed at the end of the block', () => {
    planted.roots = clearByTheEnd;
    expect(faultsOf(search)).toEqual([
      expect.stringContaining('search may have lost found, which is loaded from later'),
    ]);
  });

  it.each(['break', 'arena'] as const)('a way out by %s that clears nothing', (kind) => {
    planted.roots = clearNothing(kind);
    const [fault] = faultsOf(search);
    expect(fault).toMatch(/search has something of an arena that has ended in slot \d+ when it calls/);
  });
});

describe('functions made at random find it too', () => {
  /** After how many functions a fault is found. */
  const foundAfter = (): number => {
    const programs = fc.sample(choices, { numRuns: 300, seed: 20261126 }).map(generatedProgram);
    return programs.findIndex(
      (program) => look(program, { mode: 'development', watch: false }).faults.length > 0,
    );
  };

  it.each([
    ['a jump that clears what is not needed at the end of the block', clearByTheEnd],
    ['a jump that clears nothing', clearNothing('break')],
    ['an end that clears nothing', clearNothing('arena')],
    ['a spill that is left out', dropSpill],
    ['a slot that is left out', dropSlot],
  ] as const)('%s', (_, fault) => {
    planted.roots = fault;
    expect(foundAfter()).toBeGreaterThanOrEqual(0);
  });
});

describe('what lives across a call', () => {
  const rarely = `${ITEM}
    (pub defn run ((n : i64)) : i64
      (let ((mut sum 0))
        (for (i 0 (< i n))
          (let ((a (mk i)) (b (Item i "b")))
            (when (= i 5) (set! sum (.v (mk i))))
            (set! sum (+ sum (.v a) (.v b)))))
        sum))`;

  it('a spill that is left out, for each of them', () => {
    const spills: Local[] = [];
    planted.roots = (roots) => {
      spills.push(...[...roots.spills.values()].flat());
      return roots;
    };
    const program = lowered(rarely);
    const options = { mode: 'development', watch: true } as const;
    expect(look(program, options).faults).toEqual([]);
    expect(spills.length).toBeGreaterThan(1);
    for (const [left] of spills.entries()) {
      let number = 0;
      planted.roots = (roots) => ({
        ...roots,
        spills: new Map(
          [...roots.spills].map(([at, locals]) => [at, locals.filter(() => number++ !== left)] as const),
        ),
      });
      expect(look(program, options).faults).toEqual([expect.stringContaining('may have lost ')]);
    }
  });

  const often = `${ITEM}
    (pub defn run ((a : Item) (n : i64)) : i64
      (let ((mut sum 0) (mut last a))
        (for (i 0 (< i n))
          (set! sum (+ sum (.v (mk i)) (.v last) (.v (mk i)) (.v a) (.v (mk i))))
          (set! last (mk i)))
        (+ sum (.v last) (.v a))))`;

  it.each(['a', 'last'])('a slot that is left out: %s', (name) => {
    planted.roots = (roots, func) => ({
      ...roots,
      // The numbers of the others stay, so this one's is never written.
      slots: func.name === 'run' ? new Map([...roots.slots].filter(([l]) => l.name !== name)) : roots.slots,
    });
    expect(faultsOf(often)).toContainEqual(expect.stringMatching(`run may have lost ${name}`));
  });

  it('a name that is set without its slot', () => {
    const { set } = ShadowFrame.prototype;
    vi.spyOn(ShadowFrame.prototype, 'set').mockImplementation(function (this: ShadowFrame, local, value) {
      const code = set.call(this, local, value);
      return local.name === 'last' ? code.slice(0, 1) : code;
    });
    expect(faultsOf(often)).toContainEqual(expect.stringMatching('run may have lost last'));
  });

  it('slots that are not cleared on entry', () => {
    const { claim } = ShadowFrame.prototype;
    vi.spyOn(ShadowFrame.prototype, 'claim').mockImplementation(function (this: ShadowFrame) {
      return claim.call(this).slice(0, 2);
    });
    expect(faultsOf(often)).toContainEqual(expect.stringMatching(/run has slot \d without a value/));
  });
});

describe('a call that is thought not to allocate', () => {
  const callers = `(extern "host" (defn double ((n : i64)) : i64))
    (defglobal mut *held* : String "")
    (pub defn host () : String (let ((s *held*)) (set! *held* "") (double 1) s))
    (pub defn print () : String (let ((s *held*)) (set! *held* "") (println 1) s))
    (pub defn clock () : String (let ((s *held*)) (set! *held* "") (time-ms) s))
    (pub defn closure ((f : (Fn [i64] i64))) : String (let ((s *held*)) (set! *held* "") (f 1) s))
    (pub defn other () : i64 (string-length (closure (fn (n) n))))`;
  const not = (isMeant: (call: Call) => boolean): void => {
    planted.effects = (effects) => ({
      ...effects,
      allocates: (call) => !isMeant(call) && effects.allocates(call),
    });
  };

  it('is none, as it is', () => {
    expect(faultsOf(callers)).toEqual([]);
    expect(faultsOf(callers, 'release')).toEqual([]);
  });

  it.each([
    ['host', (call: Call) => call.to === 'extern'],
    ['print', (call: Call) => call.to === 'runtime' && call.name === 'textPrint'],
    ['clock', (call: Call) => call.to === 'runtime' && call.name === 'timeMs'],
    ['closure', (call: Call) => call.to === 'closure'],
  ] as const)('%s', (name, isMeant) => {
    not(isMeant);
    expect(faultsOf(callers)).toEqual([expect.stringMatching(`^${name} may have lost s`)]);
  });

  it('a function that calls one', () => {
    const text = `${ITEM} (pub defn run ((a : Item)) : i64 (+ (.v (mk 1)) (.v a)))`;
    not((call) => call.to === 'function' && call.key.includes('mk'));
    expect(faultsOf(text)).toEqual([expect.stringMatching('run may have lost a')]);
  });
});
