/**
 * Installs a Chromium for the browser tests: `npm run setup`. As root on Debian and its kin by `apt-get`, which brings
 * the libraries it needs; elsewhere by playwright's installer.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const PLAYWRIGHT = fileURLToPath(new URL('../../node_modules/playwright-core/cli.js', import.meta.url));

/** Installs one, showing what is done. Whether it worked is seen by looking for it. */
export function installChromium() {
  const root = process.getuid?.() === 0;
  if (root && existsSync('/usr/bin/apt-get')) {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update'], environment);
    if (run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], environment)) return;
  }
  run(process.execPath, [PLAYWRIGHT, 'install', ...(root ? ['--with-deps'] : []), 'chromium'], process.env);
}

function run(command, args, env) {
  console.log(`> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let found = findChromium();
  if (found === undefined) {
    installChromium();
    found = findChromium();
  }
  if (found === undefined) {
    console.error('Chromium could not be installed. Install one by hand and set CHROME_PATH to it.');
    process.exitCode = 1;
  } else {
    console.log(`The browser tests will use ${found}.`);
  }
}
