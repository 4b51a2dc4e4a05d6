/** A call that does not end is ended, in both modes, however its loops are made. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Machine, type MachineOptions, ScriptError } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { type CompileOptions, compile } from '../../../scripting/tools/index.ts';

const TEXT = `
(defglobal mut *numbers* : (MutVec i64) (mut-vec))
(defglobal mut *rounds* 0)
(defn few ((xs : (MutVec i64))) : i64
  (let ((mut total 0)) (for (i 0 (< i (len xs))) (set! total (+ total (nth xs i)))) total))

(pub defn start () : Unit (push! *numbers* 1) (push! *numbers* 2))
(pub defn empty () : Unit (while true))
(pub defn nested () : Unit (while true (for (i 0 (< i 3)) (for (j 0 (< j 3))))))
(pub defn calling () : i64 (let ((mut total 0)) (while true (set! total (+ total (few *numbers*)))) total))
(pub defn long () : i64
  (let ((mut total 0) (xs (make-vec 2000000 1)))
    (while true (set! total (+ total (few xs))) (set! *rounds* (+ *rounds* 1)))
    total))
(pub defn rounds-of-long () : i64 *rounds*)
(pub defn negative () : i64
  (let ((mut total 0) (mut n -1000000)) (while true (for (i 0 (< i n)) (set! total (nth *numbers* i)))) total))
(pub defn counting () : i64
  (let ((mut total 0)) (for (i 0 (< i 4000000000000)) (set! total (bit-xor total i))) total))
(pub defn continuing () : Unit (for (i 0 (>= i 0) 0) (when (= 0 i) (continue))))
(pub defn ends () : i64 (let ((mut total 0)) (for (i 0 (< i 1000)) (set! total (+ total (few *numbers*)))) total))
`;

const ENDLESS = ['empty', 'nested', 'calling', 'negative', 'counting', 'continuing'];

async function load(
  options: CompileOptions,
  timeLimit?: number,
  onWatch?: MachineOptions['onWatch'],
): Promise<Machine> {
  const { image, diagnostics } = await compile([new Source('time.slu', TEXT)], options);
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  const machine = await Machine.create(image, {
    ...(timeLimit !== undefined && { timeLimit }),
    ...(onWatch !== undefined && { onWatch }),
  });
  machine.call('start');
  return machine;
}

const failure = (call: () => unknown): string => {
  try {
    call();
    return 'ended';
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return `${error.kind}: ${error.message}`;
  }
};

/** Each reading of the clock is a second after the one before. */
function hurry(): void {
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['development', 'release'] as const)('a %s program', (mode) => {
  test('looks at the clock soon, however large the vectors are that it goes through', async () => {
    const machine = await load({ mode }, 1);
    let looks = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      looks += 1;
      return looks > 10 ? 2 : 0;
    });
    expect(failure(() => machine.call('long'))).toContain('longer than 1 ms');
    expect(machine.call('rounds-of-long')).toBeLessThan(20);
  });

  test('ends each call that does not end by itself, and the next call runs', async () => {
    const machine = await load({ mode }, 5500);
    hurry();
    for (const name of ENDLESS) {
      expect([name, failure(() => machine.call(name))]).toEqual([
        name,
        expect.stringMatching(/^fuel: the call ran longer than 5500 ms/),
      ]);
      expect(machine.call('ends')).toBe(3000);
    }
  });

  test('lets a profiler hear where it asks, as often as that wants, and has its limit all the same', async () => {
    const heard: string[] = [];
    let rounds = 100_000;
    const machine = await load({ mode }, 5500, () => {
      heard.push(new Error().stack ?? '');
      return rounds;
    });
    const asked = (): number => {
      const before = heard.length;
      for (let i = 0; i < 100; i += 1) machine.call('ends');
      return heard.length - before;
    };
    const seldom = asked();
    rounds = 100;
    asked();
    expect(asked()).toBeGreaterThan(10 * Math.max(1, seldom));
    expect(heard.at(-1)).toMatch(/sluice-\d+\.\S+ \(wasm:/);
    hurry();
    expect(failure(() => machine.call('empty'))).toContain('longer than 5500 ms');
  });

  test('has a limit where none is given', async () => {
    const machine = await load({ mode });
    hurry();
    expect(failure(() => machine.call('empty'))).toContain(
      `longer than ${mode === 'release' ? 10_000 : 2000} ms`,
    );
  });
});

test('a program that is compiled without the watch does not look at the clock', async () => {
  const machine = await load({ mode: 'release', watch: false }, 1);
  const now = vi.spyOn(performance, 'now');
  const looks = now.mock.calls.length;
  expect(machine.call('ends')).toBe(3000);
  // Where the call begins.
  expect(now.mock.calls.length - looks).toBeLessThan(3);
});
