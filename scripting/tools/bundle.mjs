// The tools as one JavaScript program, so that `sluice` starts without translating TypeScript: `npm run build:tools` makes
// it, in build/tools. It reads the prelude and heap.wasm where they lie; it is used only while it is newer than the sources.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = 'scripting/tools/command-line.ts';

/** What `npm run build:tools` writes. */
export const BUNDLE = join(root, 'build/tools/command-line.js');

/** Whether a bundle is there and no source has changed since it was made. */
export function isFresh(bundle = BUNDLE) {
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs;
  return (
    made !== undefined &&
    !changedSince(made, join(root, 'scripting')) &&
    !changedSince(made, join(root, 'engine'))
  );
}

/** Whether a source in a folder has changed since a time. A folder's own time tells of files that came or went. */
export function changedSince(time, folder) {
  if (statSync(folder).mtimeMs > time) return true;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return changedSince(time, path);
    return /\.(ts|mjs)$/.test(entry.name) && statSync(path).mtimeMs > time;
  });
}

/** Bundles a program, by default the tools; packages stay imports. What is imported late gets a file of its own. */
export async function bundle(folder = dirname(BUNDLE), entry = ENTRY) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [sourceUrls(folder)],
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      // All in one folder, so that the way to the sources is the same for each.
      rolldownOptions: { output: { chunkFileNames: '[name].js' } },
    },
  });
}

/** `import.meta.url` stays the source's, wherever its code goes: files are found beside it. */
function sourceUrls(folder) {
  return {
    name: 'source-urls',
    transform(code, id) {
      if (!id.startsWith(root) || !code.includes('import.meta.url')) return null;
      const path = JSON.stringify(relative(folder, id).replaceAll('\\', '/'));
      return {
        code: code.replaceAll('import.meta.url', `new URL(${path}, import.meta.url).href`),
        map: null,
      };
    },
  };
}

// `node bundle.mjs [FOLDER]`
const [, script, folder] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href)
  await bundle(folder && resolve(folder));
