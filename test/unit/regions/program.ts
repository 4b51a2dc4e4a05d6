/**
 * Programs for the escape proof, put together by hand. Every node that can be reported has its span in one made-up
 * source whose text lists the names given here, so that a test can ask what is underlined.
 */
import type {
  Call,
  Expression,
  Extern,
  Func,
  Global,
  Local,
  ObjectType,
  Program,
  Rep,
  RuntimeName,
  Statement,
} from '../../../scripting/ir/index.ts';
import { type ProofOptions, prove } from '../../../scripting/regions/index.ts';
import { type Diagnostic, Diagnostics, Source, type Span } from '../../../scripting/syntax/index.ts';

export const STRING = 0;
export const BODY = 1;
export const CONTACT = 2;
export const BODIES = 3;
export const CONTACTS = 4;
export const CLOSURE = 5;
export const BOX = 6;
export const BODIES_BUFFER = 7;
export const CONTACTS_BUFFER = 8;
export const ROPE = 9;
export const TABLE = 10;
const DIRECTORY = 11;

const object = (id: number, name: string, kind: ObjectType['kind'], fields: string[] = []): ObjectType => ({
  id,
  name,
  kind,
  size: 16,
  fields: fields.map((n, i) => ({ name: n, offset: 4 + 4 * i, stored: 'ref' })),
  stride: kind === 'vector' ? 4 : 0,
  element: kind === 'vector' ? [{ name: '', offset: 0, stored: 'ref' }] : [],
});

const TYPES: readonly ObjectType[] = [
  object(STRING, 'String', 'string'),
  object(BODY, 'Body', 'struct', ['friend']),
  object(CONTACT, 'Contact', 'struct', ['a', 'b']),
  object(BODIES, '(MutVec Body)', 'mut-vector'),
  object(CONTACTS, '(MutVec Contact)', 'mut-vector'),
  object(CLOSURE, 'fn at test.slu:1:1', 'closure', ['code', 'captured']),
  object(BOX, '(Box Contact)', 'struct', ['content']),
  object(BODIES_BUFFER, '(Vector Body)', 'vector'),
  object(CONTACTS_BUFFER, '(Vector Contact)', 'vector'),
  object(ROPE, '(Rope)', 'rope'),
  object(TABLE, '(Segments Body)', 'segmented'),
  object(DIRECTORY, '(Directory)', 'vector'),
];

/** Offsets: the first and second field of a struct, a growable vector's buffer, a closure's code and first capture. */
export const FIRST = 4;
export const SECOND = 8;
export const BUFFER = 8;
const CODE = 4;
const SIDES = 16;
export const CAPTURE = 8;

const text: string[] = [];
let length = 0;
const source = new Source('test.slu', '');

/** A span of its own, which `underlined` gives the name of. */
export function at(name: string): Span {
  const span = { source, start: length, end: length + name.length };
  text.push(name);
  length += name.length;
  return span;
}

export function underlined(span: Span): string {
  return text.join('').slice(span.start, span.end);
}

let locals = 0;
export const local = (name: string, rep: Rep = 'ref'): Local => ({ id: locals++, name, rep });
export const get = (l: Local): Expression => ({ kind: 'get', rep: l.rep, local: l });
export const set = (l: Local, value: Expression): Statement => ({
  kind: 'set',
  local: l,
  value,
  span: at(`set ${l.name}`),
});
export const i32 = (value: number): Expression => ({ kind: 'constant', rep: 'i32', value });
export const global = (name: string): Expression => ({
  kind: 'get-global',
  rep: 'ref',
  global: name,
  cell: 0,
});
export const setGlobal = (name: string, value: Expression): Statement => ({
  kind: 'set-global',
  global: name,
  cell: 0,
  value,
  span: at(`set global ${name}`),
});

/** A new object whose fields, from the first on, are the given addresses. */
export const make = (type: number, name: string, ...values: Expression[]): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type,
  fields: values.map((value, i) => ({ offset: 4 + 4 * i, stored: 'ref', value })),
  span: at(name),
});

export const makeVec = (
  type: number,
  name: string,
  buffer: Expression = { kind: 'null', rep: 'ref' },
): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type,
  fields: [
    { offset: 4, stored: 'i32', value: i32(0) },
    { offset: BUFFER, stored: 'ref', value: buffer },
  ],
  span: at(name),
});

export const makeClosure = (slot: number, name: string, ...captures: Expression[]): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type: CLOSURE,
  fields: [
    { offset: CODE, stored: 'i32', value: { kind: 'code', rep: 'i32', slot } },
    ...captures.map((value, i) => ({ offset: CAPTURE + 4 * i, stored: 'ref' as const, value })),
  ],
  span: at(name),
});

export const load = (target: Expression, offset: number): Expression => ({
  kind: 'load',
  rep: 'ref',
  stored: 'ref',
  target,
  offset,
});

export const store = (target: Expression, offset: number, value: Expression, name: string): Statement => ({
  kind: 'store',
  stored: 'ref',
  target,
  offset,
  value,
  span: at(name),
});

export const storeNumber = (target: Expression, offset: number): Statement => ({
  kind: 'store',
  stored: 'f64',
  target,
  offset,
  value: { kind: 'constant', rep: 'f64', value: 1 },
  span: at('store a number'),
});

/** The element at some index of a growable vector. */
export const nth = (vector: Expression): Expression => element(load(vector, BUFFER));

/** What `push!` becomes: room, then a store into the buffer. */
export const push = (vector: Expression, buffer: number, value: Expression, name: string): Statement[] => [
  evaluate(runtime('mutVectorGrow', [], vector, { kind: 'descriptor', rep: 'i32', type: buffer }, i32(1))),
  setElement(load(vector, BUFFER), value, name),
];

/** A long vector: a tree of two. */
export const makeRope = (name: string, left: Expression, right: Expression): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type: ROPE,
  fields: [left, right].map((value, i) => ({ offset: SIDES + 4 * i, stored: 'ref', value })),
  span: at(name),
});

/** A flat vector with room for elements, which nobody else has yet. */
export const makeArray = (): Expression =>
  runtime('allocateArray', ['ref'], { kind: 'descriptor', rep: 'i32', type: BODIES_BUFFER }, i32(1));

export const element = (array: Expression): Expression => ({
  kind: 'load-element',
  rep: 'ref',
  stored: 'ref',
  target: array,
  index: i32(0),
  stride: 4,
  offset: 8,
});

export const setElement = (array: Expression, value: Expression, name: string): Statement => ({
  kind: 'store-element',
  stored: 'ref',
  target: array,
  index: i32(0),
  stride: 4,
  offset: 8,
  value,
  span: at(name),
});

/** What the tables of maps are made of: a directory of chunks. */
export const makeTable = (name: string): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type: TABLE,
  fields: [{ offset: BUFFER, stored: 'ref', value: { kind: 'null', rep: 'ref' } }],
  span: at(name),
});

export const tableElement = (table: Expression): Expression => element(chunkOf(table));

const chunkOf = (table: Expression): Expression => element(load(table, BUFFER));

/** Room for an element more, and the element. */
export const addToTable = (table: Expression, value: Expression, name: string): Statement[] => {
  const type = (id: number): Expression => ({ kind: 'descriptor', rep: 'i32', type: id });
  return [
    evaluate(runtime('segmentsAdd', ['i32'], table, type(BODIES_BUFFER), type(DIRECTORY), i32(0))),
    setElement(chunkOf(table), value, name),
  ];
};

const expressionOf = (call: Call): Expression => ({ kind: 'call', rep: call.reps[0] ?? 'none', call });

export const callOf = (key: string, reps: Rep[], ...args: Expression[]): Call => ({
  to: 'function',
  key,
  args,
  reps,
  span: at(`call ${key}`),
});
export const call = (key: string, reps: Rep[], ...args: Expression[]): Expression =>
  expressionOf(callOf(key, reps, ...args));
export const apply = (closure: Expression, reps: Rep[], ...args: Expression[]): Expression =>
  expressionOf({ to: 'closure', closure, args, reps, span: at('apply') });
export const runtime = (name: RuntimeName, reps: Rep[], ...args: Expression[]): Expression =>
  expressionOf({ to: 'runtime', name, args, reps, span: at(name) });
export const extern = (index: number, reps: Rep[], ...args: Expression[]): Expression =>
  expressionOf({ to: 'extern', index, args, reps, span: at(`extern ${index}`) });

export const evaluate = (value: Expression): Statement => ({ kind: 'evaluate', value });
export const give = (...values: Expression[]): Statement => ({ kind: 'return', values, span: at('return') });
export const loop = (...body: Statement[]): Statement => loopAs(1, ...body);
/** A loop that jumps know by its number. */
export const loopAs = (id: number, ...body: Statement[]): Statement => ({
  kind: 'loop',
  id,
  body,
  step: [],
  span: at('loop'),
});

export const arena = (name: string, ...body: Statement[]): Statement => arenaAs(local(name, 'i32'), body);

/** An arena that the local stands for, and is called after. */
export const arenaAs = (handle: Local, body: Statement[]): Statement => ({
  kind: 'arena',
  name: handle.name,
  handle,
  chunk: 65536,
  limit: 0,
  body,
  span: at(`with-arena ${handle.name}`),
});

export const outside = (handle: Local, ...body: Statement[]): Statement => ({
  kind: 'outside',
  handle,
  body,
  span: at('outside'),
});

export const within = (region: 'heap' | 'frame', ...body: Statement[]): Statement => ({
  kind: 'within',
  region,
  body,
  span: at(`within ${region}`),
});

/** `(copy-out value)` of the arena that the handle stands for, into a local. */
export const copyOut = (handle: Local, into: Local, value: Expression): Statement[] =>
  copyAllOut(handle, [into, value]);

/** The same of a value of several addresses, which are copied together. */
export const copyAllOut = (
  handle: Local,
  ...parts: (readonly [into: Local, value: Expression])[]
): Statement[] => {
  const mark = local('mark', 'i32');
  return [
    set(mark, runtime('copyBegin', ['i32'], get(handle))),
    outside(
      handle,
      ...parts.map(([into, value]) => set(into, runtime('copyOut', ['ref'], get(handle), get(mark), value))),
    ),
  ];
};

export const func = (key: string, params: Local[], results: Rep[], ...body: Statement[]): Func => ({
  key,
  name: key,
  params,
  results,
  locals: localsIn(body).filter((l) => !params.includes(l)),
  body: body.at(-1)?.kind === 'return' || body.at(-1)?.kind === 'tail-call' ? body : [...body, give()],
  span: at(key),
});

/** Every local that stands in a body. */
function localsIn(body: readonly Statement[]): Local[] {
  const found = new Set<Local>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || part instanceof Source) return;
    if ('id' in part && 'rep' in part && 'name' in part) found.add(part as Local);
    else for (const inner of Object.values(part)) visit(inner);
  };
  visit(body);
  return [...found];
}

interface Parts {
  readonly table?: readonly string[];
  readonly externs?: readonly Extern[];
  /** How the types of externs cross. */
  readonly shapes?: Program['shapes'];
  /** Keys of functions that the host calls. */
  readonly exports?: readonly string[];
  readonly globals?: readonly Global[];
}

export const externTaking = (kind: 'string' | 'opaque', name: string): Extern => ({
  module: 'test',
  name,
  params: [
    { name: 'x', type: kind === 'string' ? { kind } : { kind, name: '(Fn [] Unit)', key: '(Fn [] Unit)' } },
  ],
  result: { kind: 'unit' },
  span: at(name),
});

export function judge(functions: readonly Func[], parts: Parts = {}): Diagnostic[] {
  return judged(functions, parts).diagnostics;
}

/** What the proof says, and the program that it says it of: with called functions told where to make things. */
export function judged(
  functions: readonly Func[],
  parts: Parts = {},
  options: ProofOptions = {},
): { readonly diagnostics: Diagnostic[]; readonly proved: Program } {
  const program: Program = {
    functions: new Map(functions.map((f) => [f.key, f])),
    types: TYPES,
    kept: {
      types: [],
      handles: [],
      tableTypes: [],
      tableObjects: [],
      tableNeeds: [],
      arrangements: new Map(),
    },
    literals: [],
    globals: parts.globals ?? [],
    externs: parts.externs ?? [],
    exports: (parts.exports ?? []).map((key) => ({ name: key, key, params: [], result: { kind: 'unit' } })),
    shapes: parts.shapes ?? [],
    table: parts.table ?? [],
    constants: [],
    stages: ['frame'],
    layers: [],
    controls: [],
    opensArenas: true,
    slowPaths: new Set(),
  };
  const diagnostics = new Diagnostics();
  const proved = prove(program, diagnostics, options);
  return { diagnostics: diagnostics.all, proved };
}

/** Each error as `code: what is underlined`. */
export function refusals(functions: readonly Func[], parts: Parts = {}): string[] {
  return judge(functions, parts).map((d) => `${d.code}: ${underlined(d.span)}`);
}
