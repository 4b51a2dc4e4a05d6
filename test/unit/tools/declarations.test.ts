/** What `sluice types` writes. */
import { expect, it } from 'vitest';
import { declarations } from '../../../scripting/tools/index.ts';
import { imageOf } from './script.ts';

it('declares exports, imports, and the types they speak of', async () => {
  const { manifest } = await imageOf(`
(defvalue Vec2 (x : f64) (y : f64))
(defstruct Node (at : Vec2) (next : (Option Node)))
(deftype Shape Empty (Circle Vec2 f64))
(extern "stage"
  (defn play-sound ((name : String) (loud : Bool)) : Unit)
  (defn load ((path : String)) : (Result i64 String))
  (defn on-click ((f : (Fn [Vec2] Unit))) : Unit))
(pub defn path ((nodes : (Vector Node)) (pair : (Tuple i64 String))) : (Option Node) (do (play-sound "a" true) None))
(pub defn shape ((buffer : (MutVec i64))) : Shape (do (load "x") (on-click (fn (v) ())) Empty))
`);
  const text = declarations(manifest, 'game.slu');
  for (const line of [
    'path(nodes: readonly Node[], pair: [number, string]): Node | undefined;',
    'shape(buffer: ScriptObject): Shape;',
    '  stage: {',
    "'play-sound'(name: string, loud: boolean): void;",
    'load(path: string): Result_i64_String;',
    "'on-click'(f: ScriptFunction<(a0: { x: number; y: number }) => void>): void;",
    'export interface Node { at: { x: number; y: number }; next: Node | undefined }',
    "export type Shape = { tag: 'Empty' } | { tag: 'Circle'; 0: { x: number; y: number }; 1: number };",
    "export type Result_i64_String = { tag: 'Ok'; 0: number } | { tag: 'Err'; 0: string };",
  ])
    expect(text).toContain(line);
});
