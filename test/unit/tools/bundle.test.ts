/** The tools as one program: what the command line runs where it is newer than the sources. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE, bundle, isFresh } from '../../../scripting/tools/bundle.mjs';

// Beside the real one, because packages are looked for from there upwards.
mkdirSync(dirname(dirname(BUNDLE)), { recursive: true });
const folder = mkdtempSync(join(dirname(dirname(BUNDLE)), 'test-tools-'));
const tools = join(folder, 'tools/command-line.js');
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command line of the bundle in a process of its own, with Node's options. */
function sluice(args: readonly string[], options: readonly string[] = []) {
  const start = `import { main } from ${JSON.stringify(pathToFileURL(tools).href)};
    process.exitCode = await main(process.argv.slice(1), {
      out: (text) => process.stdout.write(text), error: (text) => process.stderr.write(text) });`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', start, '--', ...args],
    { encoding: 'utf8' },
  );
  return { code: status, out: stdout, error: stderr };
}

function script(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('the bundle of the tools', () => {
  beforeAll(() => bundle(dirname(tools)));
  const good = script('good.slu', '(defn main () : Unit (println (map (fn (x) (* x 2)) [1 2 3])))\n');

  it.each([[[]], [['--release']]])('finds the prelude and the heap, and runs a script %j', (options) => {
    expect(sluice(['run', good, ...options])).toEqual({ code: 0, out: '[2 4 6]\n', error: '' });
  });

  it('checks a script without loading Binaryen', () => {
    const broken = script('broken.slu', '(defn main () : Unit (foo))\n');
    // Whatever would load it fails.
    const refusing = `data:text/javascript,${encodeURIComponent(`
      import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(
        'export async function resolve(name, context, next) {' +
        ' if (name === "binaryen") throw new Error("no Binaryen"); return next(name, context); }'));`)}`;
    const outcome = sluice(['check', broken], ['--import', refusing]);
    expect(outcome.code).toBe(1);
    expect(outcome.error).toContain('there is no `foo` here');
    expect(sluice(['run', good], ['--import', refusing]).error).toContain('no Binaryen');
  });

  it('is used only as long as no source is newer', () => {
    expect(isFresh(tools)).toBe(true);
    utimesSync(tools, new Date(0), new Date(0));
    expect(isFresh(tools)).toBe(false);
    expect(isFresh(join(folder, 'nothing.js'))).toBe(false);
  });
});
