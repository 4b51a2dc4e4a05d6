/**
 * The forms of the language: lists that are no calls, by the name they begin with. Whoever must know them reads this table: macros
 * (what they cannot take), the checker (one function a form: `types/forms/special.ts`), the layout of long forms, the grammar
 * for editors and the reference, whose tests hold them to it.
 */
export interface LanguageForm {
  /**
   * An expression; a declaration, which belongs at top level; or what macro expansion rewrites, unless the program has a meaning
   * of its own for the name.
   */
  readonly kind: 'expression' | 'declaration' | 'rewritten';
  /** How many parts after the name belong to the form's head, the rest being its body. Without it, it is laid out as a call. */
  readonly head?: number;
  /**
   * Whether the name can be given another meaning: not by macros, since expansion would hide the form from all that is built of
   * it, or by nobody.
   */
  readonly reserved?: 'from macros' | 'always';
  /** It comes with this module of the library; a program that does without may have other uses for the name. */
  readonly module?: string;
  /** Lists in it are no calls but what it declares; the defaults of fields are expressions all the same. */
  readonly declares?: true;
  /** Still to come: using it is an error that says so. */
  readonly planned?: true;
}

const TABLE = {
  // Names and functions.
  let: { kind: 'expression', head: 1, reserved: 'always' },
  letrec: { kind: 'expression', head: 1, reserved: 'from macros' },
  fn: { kind: 'expression', head: 1, reserved: 'always' },
  do: { kind: 'expression', head: 0, reserved: 'always' },
  ann: { kind: 'expression', reserved: 'always' },
  'set!': { kind: 'expression', reserved: 'always' },
  'inc!': { kind: 'expression' },
  'dec!': { kind: 'expression' },
  '+=': { kind: 'expression' },
  '-=': { kind: 'expression' },
  '*=': { kind: 'expression' },
  '/=': { kind: 'expression' },
  'take!': { kind: 'expression' },
  update: { kind: 'expression', reserved: 'from macros' },
  unsafe: { kind: 'expression', reserved: 'from macros' },
  // Deciding.
  if: { kind: 'expression', head: 1, reserved: 'always' },
  cond: { kind: 'expression', head: 0, reserved: 'always' },
  when: { kind: 'expression', head: 1 },
  unless: { kind: 'expression', head: 1 },
  and: { kind: 'expression', reserved: 'from macros' },
  or: { kind: 'expression', reserved: 'from macros' },
  match: { kind: 'expression', head: 1, reserved: 'from macros' },
  'if-let': { kind: 'expression', head: 1 },
  'when-let': { kind: 'expression', head: 1 },
  return: { kind: 'expression', reserved: 'from macros' },
  // Repeating.
  while: { kind: 'expression', head: 1, reserved: 'always' },
  for: { kind: 'expression', head: 1, reserved: 'always' },
  dotimes: { kind: 'expression', head: 1 },
  'for-each': { kind: 'expression', head: 1, reserved: 'always' },
  'for-entities': { kind: 'expression', head: 1, reserved: 'from macros' },
  'count-entities': { kind: 'expression', reserved: 'from macros' },
  'first-entity': { kind: 'expression', reserved: 'from macros' },
  'find-entity': { kind: 'expression', head: 1, reserved: 'from macros' },
  after: { kind: 'expression', head: 1, reserved: 'from macros', module: 'sluice.game' },
  every: { kind: 'expression', head: 1, reserved: 'from macros', module: 'sluice.game' },
  emit: { kind: 'expression', reserved: 'from macros' },
  break: { kind: 'expression', reserved: 'from macros' },
  continue: { kind: 'expression', reserved: 'from macros' },
  // Memory.
  'with-arena': { kind: 'expression', head: 1, reserved: 'from macros' },
  outside: { kind: 'expression', reserved: 'from macros' },
  'copy-out': { kind: 'expression', reserved: 'from macros' },
  'without-collection': { kind: 'expression', head: 0, reserved: 'from macros' },
  // Values of any number of parts.
  tuple: { kind: 'expression' },
  array: { kind: 'expression' },
  'make-array': { kind: 'expression' },
  'build-array': { kind: 'expression' },
  'map-array': { kind: 'expression' },
  format: { kind: 'expression' },
  'mut-map': { kind: 'expression' },
  'mut-set': { kind: 'expression' },
  set: { kind: 'expression' },
  list: { kind: 'expression' },
  deque: { kind: 'expression' },
  'priority-queue': { kind: 'expression' },
  '!=': { kind: 'expression' },
  '->': { kind: 'rewritten' },
  '->>': { kind: 'rewritten' },
  check: { kind: 'rewritten' },
  // Top level.
  defn: { kind: 'declaration', head: 2, reserved: 'from macros' },
  declare: { kind: 'declaration', reserved: 'from macros', declares: true },
  deftype: { kind: 'declaration', head: 1, reserved: 'from macros', declares: true },
  defstruct: { kind: 'declaration', head: 1, reserved: 'from macros', declares: true },
  defvalue: { kind: 'declaration', head: 1, reserved: 'from macros', declares: true },
  defentity: { kind: 'declaration', head: 1, reserved: 'from macros', declares: true },
  'deftype-alias': { kind: 'declaration', reserved: 'from macros', declares: true },
  defclass: { kind: 'declaration', head: 1, reserved: 'from macros' },
  instance: { kind: 'declaration', head: 1, reserved: 'from macros' },
  defmacro: { kind: 'declaration', head: 2, reserved: 'from macros', declares: true },
  defglobal: { kind: 'declaration', reserved: 'from macros' },
  import: { kind: 'declaration', reserved: 'from macros', declares: true },
  extern: { kind: 'declaration', head: 1, reserved: 'from macros', declares: true },
  'extern-type': { kind: 'declaration', reserved: 'from macros', declares: true },
  target: { kind: 'declaration', head: 0, reserved: 'from macros' },
  deflayers: { kind: 'declaration', reserved: 'from macros', declares: true },
  behave: { kind: 'declaration', head: 2, reserved: 'from macros' },
  scene: { kind: 'declaration', head: 1, reserved: 'from macros' },
  'on-event': { kind: 'declaration', head: 2, reserved: 'from macros' },
  migrate: { kind: 'declaration', head: 1, reserved: 'from macros' },
  pub: { kind: 'declaration', reserved: 'from macros' },
  deftest: { kind: 'declaration', head: 1, reserved: 'from macros' },
  // To come.
  share: { kind: 'expression', planned: true },
  spawn: { kind: 'expression', planned: true },
  'spawn-on': { kind: 'expression', planned: true },
  'spawn-game': { kind: 'expression', planned: true },
  'with-tasks': { kind: 'expression', planned: true },
  yield: { kind: 'expression', planned: true },
  wait: { kind: 'expression', planned: true },
  'wait-until': { kind: 'expression', planned: true },
  await: { kind: 'expression', planned: true },
  channel: { kind: 'expression', planned: true },
  send: { kind: 'expression', planned: true },
  recv: { kind: 'expression', planned: true },
  'par-map': { kind: 'expression', planned: true },
  'par-for-each': { kind: 'expression', planned: true },
} as const satisfies Readonly<Record<string, LanguageForm>>;

type Table = typeof TABLE;

/** The forms that are expressions and there already: the checker has a function for each. */
export type ExpressionFormName = {
  [Name in keyof Table]: Table[Name] extends { readonly kind: 'expression' }
    ? Table[Name] extends { readonly planned: true }
      ? never
      : Name
    : never;
}[keyof Table];

export const LANGUAGE_FORMS: ReadonlyMap<string, LanguageForm> = new Map(Object.entries(TABLE));

/** The names of the forms of which something holds. */
export function formsThat(holds: (form: LanguageForm) => boolean): ReadonlySet<string> {
  return new Set([...LANGUAGE_FORMS].filter(([, form]) => holds(form)).map(([name]) => name));
}
