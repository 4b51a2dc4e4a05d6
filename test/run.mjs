// What `npm test` runs: builds the heap, checks types and style, finds a browser, and lets vitest run everything.
// `--long` asks for fresh seeds and large counts; further arguments go to vitest. Exits with 0 only if all is well.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideChromium } from './browser/chromium.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const rest = process.argv.slice(2);
const long = rest.includes('--long');
const env = { ...process.env, ...(long && { SLUICE_LONG: '1' }) };

/** Runs a package's command; true where it ended well. */
function run(title, script, args) {
  console.log(`\n${title}`);
  const { status } = spawnSync(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  return status === 0;
}

// A browser first: without one the tests would not be all of the tests.
const chromium = await provideChromium();
if (chromium.path === undefined) {
  console.error(chromium.reason);
  process.exit(1);
}
env.CHROME_PATH = chromium.path;

const buildHeap = (name, config, target) =>
  run(`Building ${name}`, 'assemblyscript/bin/asc.js', [
    '--config',
    `scripting/heap/${config}`,
    '--target',
    target,
  ]);
if (
  !buildHeap('heap.wasm', 'asconfig.json', 'release') ||
  !buildHeap('heap-checked.wasm', 'asconfig.checked.json', 'checked')
)
  process.exit(1);

const steps = [
  ['Checking types', 'typescript/bin/tsc', ['--noEmit']],
  ['Checking style', '@biomejs/biome/bin/biome', ['check', '.']],
  ['Testing', 'vitest/vitest.mjs', ['run', ...rest.filter((argument) => argument !== '--long')]],
];
const failed = steps.filter((step) => !run(...step)).map(([title]) => title);
if (failed.length > 0) {
  // Said last, because the tests print far more than the checks before them.
  console.error(`\nFailed: ${failed.join(', ')}. What each found stands above, under its name.`);
  process.exitCode = 1;
}
