/** A game with every kind of definition, which runs while it is edited, and how an edit of it is written down. */

/** The game, by its definitions. */
export const DEFINITIONS = {
  import: '(import part (add-part parts))',
  extern: '(extern "host" (defn tell ((n : i64)) : i64))',
  macro: '(defmacro twice (x) `(+ ,x ,x))',
  class: "(defclass (Named 'a) (name-of : (Fn ['a] String)))",
  struct: '(defstruct Body (mut x : i64) (y : i64))',
  instance: '(instance (Named Body) (defn name-of (b) (str "body " (.x b))))',
  value: '(defvalue Vec (a : f64) (b : f64))',
  sum: '(deftype Mode Idle (Going i64) Off)',
  alias: '(deftype-alias Bodies (MutVec Body))',
  entity: '(defentity Ball (mut hp : i64) (mut at : i64))',
  layer: '(deflayers (back) (front))',
  behaviour: '(behave Ball (b dt) (set! (.hp b) (+ (.hp b) 1)))',
  constant: '(defglobal *limit* : i64 10)',
  bodies: '(defglobal mut *bodies* : Bodies (mut-vec))',
  place: '(defglobal mut *place* : Vec (Vec 1.0 2.0))',
  mode: '(defglobal mut *mode* : Mode Idle)',
  global: '(defglobal mut *count* : i64 1)',
  frame: '(defglobal frame *seen* : (MutVec i64) (mut-vec 6))',
  generic: "(declare pick (Fn [(Vector 'a)] 'a)) (defn pick (xs) (first xs))",
  function: '(defn helper ((n : i64)) : i64 (+ n 1))',
  keep: '(defstruct Note (n : i64)) (defglobal mut *notes* : (MutVec Note) (mut-vec)) (defn keep ((note : Note)) : i64 (.n note))',
  trouble:
    '(extern "host" (defn trouble () : i64)) (defn frame ((dt : f64)) : Unit (do (nth [dt] (trouble)) (do)))',
  seen: '(defn seen () : i64 (with-arena frame (push! *seen* 1)) (len *seen*))',
  balls: '(defn balls () : i64 (let ((mut n 0)) (for-entities (b Ball) (set! n (+ n (.hp b)))) n))',
  start:
    '(defn start () : Unit (set! *count* 5) (push! *bodies* (Body 3 4)) (set! *place* (Vec 5.0 6.0)) (set! *mode* (Going 7)) (add-entity! (Ball 20 0)) (add-part 9))',
  look: `(pub defn look () : String
  (str "helper=" (helper 1) " pick=" (pick [7 8]) " twice=" (twice 4) " limit=" *limit* " count=" *count* " bodies=" (len *bodies*)
       " place=" *place* " mode=" *mode* " balls=" (balls) " name=" (name-of (first *bodies*)) " tell=" (tell 5)
       " seen=" (seen) " parts=" (parts) " keep=" (with-arena scratch (keep (Note 9)))))`,
} as const;

export const PART = `(pub defstruct Part (n : i64))
(defglobal mut *parts* : (MutVec Part) (mut-vec))
(pub defn add-part ((n : i64)) : Unit (push! *parts* (Part n)))
(pub defn parts () : String (str *parts*))`;

/** What the game shows after its first frame; `SHOWN_NEXT` after the second, which is the new code's. */
export const SHOWN =
  'helper=2 pick=7 twice=8 limit=10 count=5 bodies=1 place=(Vec :a 5.0 :b 6.0) mode=(Going 7) balls=21 name=body 3 tell=105 seen=2 parts=[(Part :n 9)] keep=9';

export const SHOWN_NEXT = SHOWN.replace('balls=21', 'balls=22');

export const KINDS = [
  'function',
  'generic',
  'macro',
  'constant',
  'mut global',
  'frame global',
  'struct',
  'value',
  'entity',
  'sum',
  'alias',
  'class',
  'instance',
  'behaviour',
  'layer',
  'extern',
  'import',
  'module',
] as const;
export type Kind = (typeof KINDS)[number];

export const NEVER = 'there is no such edit of this kind';

export const EDITS = [
  'body',
  'signature',
  'reorder',
  'add',
  'remove',
  'rename',
  'retype',
  'comment',
] as const;
export type Edit = (typeof EDITS)[number];

type Part = keyof typeof DEFINITIONS | 'module';
type Change = readonly [from: string, to: string];

export interface Cell {
  /** In which definition what becomes what; `after` is a definition more, at the end. */
  readonly changes: Partial<Record<Part, readonly Change[] | string>> & { readonly after?: string };
  readonly outcome: 'replaced' | 'restart';
  /** What is shown otherwise than before. */
  readonly shown?: readonly Change[];
  /** What the report names, besides that a constant was computed. */
  readonly report?: Readonly<Record<string, unknown>>;
}

/** A change that does not compile. */
export interface Broken {
  readonly changes: Cell['changes'];
  readonly outcome: 'broken';
  /** Of one of the diagnostics. */
  readonly code: string;
}

export const replaced = (
  changes: Cell['changes'],
  shown: readonly Change[] = [],
  report: Cell['report'] = {},
): Cell => ({
  changes,
  outcome: 'replaced',
  shown,
  report,
});
/** Live objects are given another layout: so many of each type. */
export const migrated = (
  changes: Cell['changes'],
  counts: Readonly<Record<string, number>>,
  shown: readonly Change[] = [],
): Cell =>
  replaced(changes, shown, {
    migrated: Object.entries(counts).map(([type, count]) => ({ type, count })),
  });
export const restart = (changes: Cell['changes']): Cell => ({ changes, outcome: 'restart' });
export const after = (text: string): Cell => replaced({ after: text });

/** A definition that moves to the end. */
export const moved = (part: keyof typeof DEFINITIONS): Cell =>
  replaced({ [part]: '', after: DEFINITIONS[part] });
export const commented = (part: keyof typeof DEFINITIONS): Cell =>
  replaced({ [part]: `; a comment\n${DEFINITIONS[part].replace('(', '( ; another\n ')}` });
