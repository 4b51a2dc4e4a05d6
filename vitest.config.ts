import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const long = process.env.SLUICE_LONG === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Also on two cores, where the default would be one: the browser tests mostly wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Compiling through Binaryen and starting a browser take their time on small machines.
    testTimeout: long ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
  },
});
