import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const long = process.env.SLUICE_LONG === '1';
const quick = process.env.SLUICE_QUICK === '1';

/** What takes more than a few seconds: searches, faults, browsers, and programs that run as a user's would. */
const SLOW = [
  'test/browser/**',
  'test/generated/**',
  'test/heap/{collection,faults,model}.test.ts',
  'test/unit/bench/suite.test.ts',
  'test/unit/demos/physics.test.ts',
  'test/unit/emit/{checked,large-literals,loops,module}.test.ts',
  'test/unit/emit/printed/{forms,generated}.test.ts',
  'test/unit/engine/{live-size,loading,long-run,pacing-scenarios,suppress,survival}.test.ts',
  'test/unit/library/**',
  'test/unit/lower/arrays-generated.test.ts',
  'test/unit/machine/time-limit.test.ts',
  'test/unit/macros/expand.test.ts',
  'test/unit/optimise/inline.test.ts',
  'test/unit/regions/generated.test.ts',
  'test/unit/tools/**',
  'test/unit/types/robustness.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: quick ? SLOW : [],
    globalSetup: 'test/temporary-folder.ts',
    // A compiler that is warm, and loaded once a worker, takes two thirds of the time. Nothing a test does to a module may outlast its file.
    isolate: false,
    // Compilers make much that dies young: with V8's own 16 MiB for it a tenth of the time is spent in scavenges that copy it. Their helpers
    // would only take the processor from the other worker.
    execArgv: ['--max-semi-space-size=256', '--single-threaded-gc'],
    sequence: { sequencer: LongestFirst },
    // Two also on two cores, where the default would be one. With a third all take longer, and use more of the processor.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Compiling through Binaryen and starting a browser take their time on small machines.
    testTimeout: long ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
  },
});
