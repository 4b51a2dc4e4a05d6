import { defineConfig } from 'vitest/config';

const long = process.env.SLUICE_LONG === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Compiling through Binaryen and starting a browser take their time on small machines.
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 120_000,
  },
});
