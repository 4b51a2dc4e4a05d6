/** Writes a generated program as Sluice. */
import {
  type Binding,
  bare,
  type Case,
  type Expression,
  entry,
  type FunctionDeclaration,
  type GlobalDeclaration,
  isCalledByHost,
  type Literal,
  type ModuleDeclaration,
  type Pattern,
  type ProductDeclaration,
  type Program,
  reported,
  type World,
} from './program.ts';
import { UNIT } from './type.ts';

/** A text, or a form of several in round brackets. */
type Form = string | readonly Form[];

const WIDTH = 100;

export interface Module {
  /** The file's name. */
  readonly name: string;
  readonly text: string;
}

export interface Printed {
  /** The last one is the main module. */
  readonly modules: readonly Module[];
  /** For each line of the main module which case it belongs to; undefined for what cases share. */
  readonly owners: readonly (number | undefined)[];
}

const EXTERNS: Readonly<Record<string, string>> = {
  tag: '(defn tag ((n : i64)) : String)',
  names: '(defn names ((n : i64)) : (Vector String))',
  card: '(defn card ((n : i64)) : Card)',
  'rank-of': '(defn rank-of ((c : Card)) : i64)',
  visit: '(defn visit ((id : i64) (n : i64)) : i64)',
  each: '(defn each ((n : i64) (f : (Fn [i64] Unit) :borrows)) : Unit)',
  keep: '(defn keep ((f : (Fn [i64] i64))) : Unit)',
  kept: '(defn kept ((n : i64)) : i64)',
  attempt: '(defn attempt ((n : i64)) : (Result String String))',
  refuse: '(defn refuse ((n : i64)) : String)',
};

/** What a program uses of the host: more would make the compiler assume more of it. */
function externs(cases: readonly Case[]): string {
  const used = new Set<string>();
  const walk = (e: Expression): void => {
    if (e.kind === 'host') used.add(e.name);
    e.parts.forEach(walk);
  };
  for (const one of cases) for (const { body } of one.functions) walk(body);
  if (used.size === 0) return '';
  return `(extern "host"\n${[...used].map((name) => `  ${EXTERNS[name]}`).join('\n')})`;
}

export function print({ world, cases }: Program): Printed {
  const shared = printWorld(world);
  const main: string[] = [];
  const owners: (number | undefined)[] = [];
  const add = (text: string, owner: number | undefined) => {
    for (const line of text.split('\n')) {
      main.push(line);
      owners.push(owner);
    }
  };
  if (world.apart) add('(import shared :all)', undefined);
  else add(shared, undefined);
  for (const { name } of world.modules) add(`(import ${name} :all)`, undefined);
  add(externs(cases), undefined);
  for (const one of cases) for (const text of printCase(one, world.modules)) add(text, one.index);
  const modules = [
    ...world.modules.map((m) => ({ name: `${m.name}.slu`, text: printModule(m) })),
    { name: 'main.slu', text: main.join('\n') },
  ];
  return { modules: world.apart ? [{ name: 'shared.slu', text: shared }, ...modules] : modules, owners };
}

// ---------------------------------------------------------------------------------------------- definitions

function printWorld(world: World): string {
  const pub = world.apart ? ['pub'] : [];
  const texts: string[] = [];
  for (const product of world.products) {
    const { name, shown } = product;
    texts.push(printProduct(product, pub));
    if (shown !== undefined)
      texts.push(`(instance (Show ${name}) (defn show (x) (str "<${name} " (.${shown} x) ">")))`);
  }
  for (const { name, params, variants } of world.sums) {
    const head: Form = params.length === 0 ? name : [name, ...params];
    const printed = variants.map(
      (v): Form => (v.fields.length === 0 ? v.name : [v.name, ...v.fields.map((f) => f.text)]),
    );
    texts.push(layout([...pub, 'deftype', head, ...printed]));
  }
  texts.push(`(instance (From String Trouble) (defn from (text) (Lost (str "lost " text))))`);
  texts.push(layout([...pub, 'defclass', ['Weigh', "'a"], ['weigh', ':', "(Fn ['a] i64)"]]));
  for (const { of, needs, param, body } of world.methods) {
    const head: Form =
      needs === undefined ? ['Weigh', of.text] : ['=>', ['Weigh', needs.text], ['Weigh', of.text]];
    texts.push(layout(['instance', head, ['defn', 'weigh', [param.name], form(body)]]));
  }
  for (const declared of world.functions) texts.push(printFunction(declared, world.apart));
  return texts.join('\n');
}

function printProduct({ name, params, flat, fields }: ProductDeclaration, pub: readonly string[]): string {
  const head: Form = params.length === 0 ? bare(name) : [name, ...params];
  const printed = fields.map((f): Form => [...(f.mutable && !flat ? ['mut'] : []), f.name, ':', f.type.text]);
  return layout([...pub, flat ? 'defvalue' : 'defstruct', head, ...printed]);
}

function printModule({ product, globals, hidden, keep, report, reset }: ModuleDeclaration): string {
  return [
    printProduct(product, []),
    ...globals.map(printGlobal),
    printFunction(hidden, false),
    ...[keep, report, reset].map((declared) => printFunction(declared, true)),
  ].join('\n');
}

function printCase(one: Case, modules: readonly ModuleDeclaration[]): string[] {
  const kept = one.globals.filter((global) => !global.frame);
  return [
    `\n; -- ${one.index}`,
    ...one.globals.map(printGlobal),
    ...one.functions.map((declared) => printFunction(declared, isCalledByHost(declared.name, one.index))),
    layout([
      'pub',
      'defn',
      entry.report(one.index),
      [],
      ':',
      'Unit',
      ...reported(one).map((global): Form => ['println', `"${global.name} "`, global.name]),
      ...modules.map(({ report }): Form => [report.name]),
      '()',
    ]),
    layout([
      'pub',
      'defn',
      entry.reset(one.index),
      [],
      ':',
      'Unit',
      ...kept.map((global): Form => ['set!', global.name, form(global.init)]),
      ...modules.map(({ reset }): Form => [reset.name]),
      '()',
    ]),
  ];
}

function printGlobal({ name, type, frame, init }: GlobalDeclaration): string {
  return layout(['defglobal', frame ? 'frame' : 'mut', bare(name), ':', type.text, form(init)]);
}

function printFunction({ name, params, result, body }: FunctionDeclaration, exported: boolean): string {
  const forms = bodyForms(body);
  return layout([
    ...(exported ? ['pub'] : []),
    'defn',
    bare(name),
    params.map(parameter),
    ':',
    result.text,
    ...forms,
  ]);
}

const parameter = ({ name, type, mutable }: Binding): Form => [
  ...(mutable ? ['mut'] : []),
  name,
  ':',
  type.text,
];

// ---------------------------------------------------------------------------------------------- expressions

export const printExpression = (e: Expression): string => layout(form(e));

/** The forms of a body: a `do` needs no brackets of its own there. */
function bodyForms(e: Expression): readonly Form[] {
  return e.kind === 'do' && e.parts.length > 0 ? e.parts.map(form) : [form(e)];
}

function form(e: Expression): Form {
  const parts = () => e.parts.map(form);
  const part = (index: number): Form => form(e.parts[index] as Expression);
  const body = (index: number) => bodyForms(e.parts[index] as Expression);
  switch (e.kind) {
    case 'literal':
      return literal(e.value);
    case 'variable':
    case 'function':
      return e.name;
    case 'global':
      return bare(e.name);
    case 'primitive':
      // Brackets of their own.
      if (e.name === 'map-literal')
        return `{${parts()
          .map((p) => flat(p))
          .join(' ')}}`;
      return [e.name, ...parts()];
    case 'call':
    case 'method':
    case 'host':
    case 'construct':
      return e.kind === 'construct' && e.parts.length === 0 ? e.name : [bare(e.name), ...parts()];
    case 'apply':
      return parts();
    case 'tuple':
      return ['tuple', ...parts()];
    case 'vector':
      return `[${e.parts.map((p) => layout(form(p), Number.POSITIVE_INFINITY)).join(' ')}]`;
    case 'field':
      return [`.${e.name}`, part(0)];
    case 'update':
      return ['update', part(0), `:${e.name}`, part(1)];
    case 'set-variable':
    case 'set-global':
      return ['set!', bare(e.name), part(0)];
    case 'set-field':
      return ['set!', [`.${e.name}`, part(0)], part(1)];
    case 'set-element':
      return ['set!', ['nth', part(0), part(1)], part(2)];
    case 'lambda':
      return ['fn', e.binds.map(parameter), ':', resultText(e), ...body(0)];
    case 'let':
      return ['let', [[binder(e.binds[0] as Binding), part(0)]], ...body(1)];
    case 'let-tuple':
      return ['let', [[e.binds.map((b) => b.name), part(0)]], ...body(1)];
    case 'do':
      return e.parts.length === 0 ? '()' : ['do', ...parts()];
    case 'if':
    case 'and':
    case 'or':
      return [e.kind, ...parts()];
    case 'when':
      return ['when', part(0), ...body(1)];
    case 'match':
      return ['match', part(0), ...e.patterns.map((p, i): Form => [pattern(p), ...body(i + 1)])];
    case 'for': {
      const { name } = e.binds[0] as Binding;
      return ['for', [name, '0', ['<', name, part(0)]], ...body(1)];
    }
    case 'while': {
      const { name } = e.binds[0] as Binding;
      const next: Form = ['set!', name, ['+', name, '1']];
      return [
        'let',
        [[['mut', name, ':', 'i64'], '-1']],
        ['while', ['<', ['+', name, '1'], part(0)], next, ...body(1)],
      ];
    }
    case 'for-each': {
      const names = e.binds.map((b) => b.name);
      return ['for-each', [names.length === 1 ? (names[0] as string) : names, part(0)], ...body(1)];
    }
    case 'break':
    case 'continue':
      return [e.kind];
    case 'return':
      return e.parts[0]?.type === UNIT ? ['do', part(0), ['return']] : ['return', part(0)];
    case 'arena':
      return ['with-arena', e.name, ...body(0)];
    case 'outside':
      return e.name === '' ? ['outside', part(0)] : ['outside', e.name, part(0)];
    case 'copy-out':
      return ['copy-out', part(0)];
    case 'quiet':
      return ['without-collection', ...body(0)];
    case 'try':
      return [part(0), '?'];
    case 'weak': {
      // The number of the subject, a node, is printed after the body: it is in use until then.
      const { name } = e.binds[0] as Binding;
      const subject = `${name}-of`;
      const used: Form = ['println', '"of "', ['.n', subject]];
      return [
        'let',
        [
          [subject, part(0)],
          [name, ['weak', subject]],
        ],
        ...body(1),
        used,
      ];
    }
    case 'annotate':
      return ['ann', e.type.text, part(0)];
  }
}

const binder = ({ name, type, mutable }: Binding): Form => [
  ...(mutable ? ['mut'] : []),
  name,
  ':',
  type.text,
];

const resultText = (e: Expression): string => e.type.args.at(-1)?.text ?? 'Unit';

function literal(value: Literal): string {
  if (value === undefined) return '()';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : `${value}`;
  return `${value}`;
}

function pattern(p: Pattern): Form {
  switch (p.kind) {
    case 'any':
      return '_';
    case 'name':
      return p.name;
    case 'literal':
      return literal(p.value);
    case 'variant':
      return p.parts.length === 0 ? p.name : [p.name, ...p.parts.map(pattern)];
    case 'tuple':
      return p.parts.map(pattern);
  }
}

// ---------------------------------------------------------------------------------------------- lines

function flat(f: Form): string {
  return typeof f === 'string' ? f : `(${f.map(flat).join(' ')})`;
}

/** On one line where there is room; else the parts below one another. */
function layout(f: Form, width = WIDTH, indent = 0): string {
  const line = flat(f);
  if (typeof f === 'string' || line.length + indent <= width) return line;
  let text = '(';
  let column = indent + 1;
  let broken = false;
  for (const [i, part] of f.entries()) {
    const short = flat(part);
    if (i === 0 || (!broken && column + 1 + short.length <= width && short.length < 40)) {
      text += i === 0 ? short : ` ${short}`;
      column += short.length + 1;
    } else {
      broken = true;
      text += `\n${' '.repeat(indent + 2)}${layout(part, width, indent + 2)}`;
    }
  }
  return `${text})`;
}
