// Links the command line into the checkout, as installing the package does in a project of its own: without that `npx sluice` would
// first install this folder into a cache. Run by `npm ci`.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('./sluice.mjs', import.meta.url));
const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const link = join(bin, 'sluice');
// A package that was installed is linked by npm.
if (existsSync(dirname(bin)) && process.platform !== 'win32') {
  mkdirSync(bin, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(relative(bin, start), link);
  chmodSync(start, 0o755);
}
