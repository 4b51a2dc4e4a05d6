// The package.json that goes into the tarball has no scripts: nothing is run, or asked about, where the package is installed.
// `npm pack` packs what stands in the folder, so the file is changed before (`prepack`) and put back after (`postpack`).
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url));
const KEPT = fileURLToPath(new URL('../build/package.json', import.meta.url));

if (process.argv[2] === 'restore') {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
} else {
  const text = readFileSync(MANIFEST, 'utf8');
  const { scripts, ...published } = JSON.parse(text);
  if (scripts !== undefined) writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify(published, undefined, 2)}\n`);
}
