/** What `sluice types` writes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { declarations } from '../../../scripting/tools/index.ts';
import { imageOf } from './script.ts';

const TSC = fileURLToPath(new URL('../../../node_modules/typescript/lib/tsc.js', import.meta.url));

/** What the declarations import of the installed package. */
const PACKAGE = {
  'package.d.ts': `declare module 'sluice/machine' {
  export interface ScriptModule<Exports, Host> { readonly types?: { exports: Exports; host: Host } }
}`,
};

/** The names of the files that the TypeScript compiler finds fault with. */
function typeErrors(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-types-'));
  try {
    for (const [name, text] of Object.entries({ ...files, ...PACKAGE }))
      writeFileSync(join(folder, name), text);
    const options = [
      '--noEmit',
      '--strict',
      '--allowImportingTsExtensions',
      '--module',
      'esnext',
      '--types',
      '',
    ];
    const all = [
      TSC,
      ...options,
      '--moduleResolution',
      'bundler',
      '--ignoreConfig',
      ...Object.keys({ ...files, ...PACKAGE }),
    ];
    const { stdout } = spawnSync(process.execPath, all, { cwd: folder, encoding: 'utf8' });
    const found = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, name]) => name as string);
    if (found.length === 0 && stdout !== '') throw new Error(stdout);
    return [...new Set(found)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('declares exports, imports, and the types they speak of', async () => {
  const { manifest } = await imageOf(`
(defvalue Vec2 (x : f64) (y : f64))
(defstruct Node (at : Vec2) (next : (Option Node)))
(deftype Shape Empty (Circle Vec2 f64))
(extern-type "stage" Sprite)
(extern "stage"
  (defn sprite ((name : String)) : (Option Sprite))
  (defn easing ((name : String)) : (Fn [f64] f64))
  (defn play-sound ((name : String) (loud : Bool)) : Unit)
  (defn load ((path : String)) : (Result i64 String))
  (defn on-click ((f : (Fn [Vec2] Unit))) : Unit))
(pub defn path ((nodes : (Vector Node)) (pair : (Tuple i64 String))) : (Option Node) (do (play-sound "a" true) None))
(pub defn count ((words : (Map String (Vector i64))) (seen : (MutSet Sprite))) : (MutMap i64 Sprite) (mut-map))
(pub defn ease ((f : (Fn [Sprite] Unit))) : f64 (do (f (unwrap (sprite "a"))) ((easing "in") 0.5)))
(pub defn shape ((buffer : (MutVec i64))) : Shape (do (load "x") (on-click (fn (v) ())) Empty))
`);
  const text = declarations(manifest, 'game.slu');
  for (const line of [
    'path(nodes: readonly Node[], pair: [number, string]): Node | undefined;',
    'shape(buffer: ScriptObject): Shape;',
    '  stage: {',
    "'play-sound'(name: string, loud: boolean): void;",
    "sprite(name: string): HostObject<'stage.Sprite'> | undefined;",
    'easing(name: string): ScriptFunction<(a0: number) => number>;',
    "count(words: ReadonlyMap<string, readonly number[]>, seen: ReadonlySet<HostObject<'stage.Sprite'>>): ReadonlyMap<number, HostObject<'stage.Sprite'>>;",
    "ease(f: ScriptFunction<(a0: HostObject<'stage.Sprite'>) => void>): number;",
    'load(path: string): Result_i64_String;',
    "'on-click'(f: ScriptFunction<(a0: { x: number; y: number }) => void>): void;",
    'export interface Node { at: { x: number; y: number }; next: Node | undefined }',
    "export type Shape = { tag: 'Empty' } | { tag: 'Circle'; 0: { x: number; y: number }; 1: number };",
    "export type Result_i64_String = { tag: 'Ok'; 0: number } | { tag: 'Err'; 0: string };",
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('sluice.call');
});

it('lets the host say what its objects are, and takes functions from both sides', async () => {
  const { manifest } = await imageOf(`
(extern-type "stage" Sprite)
(extern "stage" (defn sprite ((f : (Fn [i64] i64))) : Sprite))
(pub defn use ((f : (Fn [Sprite] Unit))) : Unit (f (sprite (fn (n) n))))
`);
  const problems = typeErrors({
    'game.ts': declarations(manifest, 'game.slu'),
    'types.ts': `export {};\ndeclare module './game.ts' { interface HostTypes { 'stage.Sprite': { x: number } } }`,
    'host.ts': `import type { ScriptExports, ScriptHost } from './game.ts';
import './types.ts';
export const host: ScriptHost = { stage: { sprite: (f) => { f.release?.(); return { x: f(1) }; } } };
export const use = (script: ScriptExports): void => script.use((sprite) => void sprite.x);`,
    'wrong.ts': `import type { ScriptHost } from './game.ts';
import './types.ts';
export const host: ScriptHost = { stage: { sprite: (f) => f } };`,
  });
  expect(problems).toEqual(['wrong.ts']);
});
