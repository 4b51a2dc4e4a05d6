/** `sluice new` and `sluice types`: what they write, and what they refuse. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../../scripting/tools/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-projects-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function sluice(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, out: out.replaceAll(`${folder}/`, ''), error: error.replaceAll(`${folder}/`, '') };
}

describe('sluice new', () => {
  it('makes a project whose name and versions are its own', async () => {
    const made = join(folder, 'My Game');
    const { code, out } = await sluice('new', made);
    expect(code).toBe(0);
    expect(out).toBe('My Game is made. Go on with:\n\n  cd "My Game"\n  npm install\n  npm start\n');
    expect(readdirSync(made).sort()).toEqual([
      '.gitignore',
      'README.md',
      'game.slu',
      'images',
      'index.html',
      'main.ts',
      'package.json',
      'style.css',
      'tsconfig.json',
      'vite.config.ts',
    ]);
    const { name, dependencies, devDependencies } = JSON.parse(
      readFileSync(join(made, 'package.json'), 'utf8'),
    );
    expect(name).toBe('my-game');
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\^?\d+\.\d+\.\d+$/);
  });

  it('depends on what it is told to', async () => {
    await sluice('new', join(folder, 'told'), '--package', '../sluice.tgz');
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'told/package.json'), 'utf8'));
    expect(dependencies.sluice).toBe('../sluice.tgz');
  });

  it.each([
    [[], '`sluice new` takes one folder: `sluice new my-game`'],
    [['a', 'b'], '`sluice new` takes one folder: `sluice new my-game`'],
    [[join(folder, 'full')], 'full is there already, and is not empty'],
    [[join(folder, 'full/file')], 'full/file cannot be made into a project: '],
    [[join(folder, '_game')], '`_game` is no name for a package: letters from a to z'],
    [[join(folder, 'spül')], '`spül` is no name for a package'],
  ])('refuses %j', async (args, complaint) => {
    mkdirSync(join(folder, 'full'), { recursive: true });
    writeFileSync(join(folder, 'full/file'), '');
    const { code, error } = await sluice('new', ...args);
    expect(code).toBe(1);
    expect(error).toContain(complaint);
  });
});

describe('sluice types', () => {
  const project = join(folder, 'typed');
  const save = (name: string, text: string): string => {
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, name), text);
    return join(project, name);
  };
  const declared = join(project, 'game.d.slu.ts');

  it('writes beside each script that no other one imports', async () => {
    save('package.json', '{}');
    save('helper.slu', '(pub defn twice ((x : i64)) : i64 (* x 2))\n');
    save('game.slu', '(import helper :as h)\n(pub defn four () : i64 (h.twice 2))\n');
    expect(await sluice('types', project)).toEqual({ code: 0, out: 'typed/game.d.slu.ts\n', error: '' });
    expect(readFileSync(declared, 'utf8')).toContain('four(): number;');
  });

  it('writes nothing where nothing has changed, and what has', async () => {
    utimesSync(declared, 1, 1);
    expect((await sluice('types', project)).out).toBe('');
    expect(statSync(declared).mtimeMs).toBe(1000);
    save('game.slu', '(pub defn five () : i64 5)\n');
    save('helper.slu', '');
    await sluice('types', join(project, 'game.slu'));
    expect(readFileSync(declared, 'utf8')).toContain('five(): number;');
  });

  it('keeps the last good ones while the script has errors', async () => {
    save('game.slu', '(pub defn six () : i64 "6")\n');
    const { code, error } = await sluice('types', project);
    expect(code).toBe(1);
    expect(error).toContain('game.slu:1:24: error');
    expect(readFileSync(declared, 'utf8')).toContain('five(): number;');
  });

  it('prints those of one script', async () => {
    const { code, out } = await sluice(
      'types',
      '--print',
      save('seven.slu', '(pub defn seven () : i64 7)\n'),
    );
    expect(code).toBe(0);
    expect(out).toContain('// What seven.slu exports');
    expect(readdirSync(project)).not.toContain('seven.d.slu.ts');
    expect((await sluice('types', '--print')).error).toContain('takes one file');
  });
});
