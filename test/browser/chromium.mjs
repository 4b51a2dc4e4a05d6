/**
 * Finds the Chromium that the browser tests run in: `CHROME_PATH`, the usual names on the path, the usual places, and
 * playwright's cache. With `CI` set, one is installed where none is found; otherwise a sentence says what to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

const PLACES = {
  linux: ['/usr/bin', '/usr/lib/chromium', '/opt/google/chrome', '/snap/bin'].flatMap((folder) =>
    NAMES.map((name) => join(folder, name)),
  ),
  darwin: ['', homedir()].flatMap((home) =>
    ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
      (name) => `${home}/Applications/${name}.app/Contents/MacOS/${name}`,
    ),
  ),
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/**
 * A Chromium for the tests, or why there is none.
 *
 * @returns {Promise<{ path: string, reason?: undefined } | { path?: undefined, reason: string }>}
 */
export async function provideChromium() {
  const asked = process.env.CHROME_PATH;
  if (asked) {
    if (runs(asked)) return { path: asked };
    return { reason: `CHROME_PATH is ${asked}, and that is no Chromium that runs.` };
  }
  const found = findChromium();
  if (found !== undefined) return { path: found };
  if (process.env.CI) {
    const { installChromium } = await import('./install-chromium.mjs');
    installChromium();
    const installed = findChromium();
    if (installed !== undefined) return { path: installed };
    return { reason: 'No Chromium was found, and installing one did not work.' };
  }
  return {
    reason:
      'The browser tests need Chromium, and none was found. `npm run setup` installs one; ' +
      'or set CHROME_PATH to the one you have.',
  };
}

/** The first Chromium that is there and runs. */
export function findChromium() {
  return [...onPath(), ...(PLACES[process.platform] ?? []), ...inPlaywrightCache()].find(runs);
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const ending = process.platform === 'win32' ? '.exe' : '';
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
}

/** What this playwright would install, then whatever other versions have left there. */
function inPlaywrightCache() {
  const own = chromium.executablePath();
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
    join(homedir(), 'AppData/Local/ms-playwright'),
  ].filter((folder) => folder && existsSync(folder));
  const others = caches.flatMap((cache) =>
    readdirSync(cache)
      .filter((name) => name.startsWith('chromium-'))
      .flatMap((name) => [
        join(cache, name, 'chrome-linux64/chrome'),
        join(cache, name, 'chrome-linux/chrome'),
        join(cache, name, 'chrome-mac/Chromium.app/Contents/MacOS/Chromium'),
        join(cache, name, 'chrome-win/chrome.exe'),
      ]),
  );
  return own ? [own, ...others] : others;
}

/** Some systems have a program of the right name that only says how to install the real one. */
function runs(path) {
  if (!existsSync(path)) return false;
  // On Windows it would open a window instead of telling its version.
  if (process.platform === 'win32') return true;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  return status === 0 && /\d+\.\d+\.\d+/.test(stdout);
}
