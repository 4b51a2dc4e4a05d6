/**
 * Which functions may let the collector run, found in the code itself: in heap.wasm those that reach the collector, which reads
 * `host.now`, or that call what the host returns, which may call the script again; in the program those that reach one of
 * these, a function of the host, or code in the table that is not known or does.
 */
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import type { Flow } from './flow.ts';

export const HEAP_BYTES: Uint8Array = readFileSync(new URL('../../../../build/heap.wasm', import.meta.url));

/** What heap.wasm imports that leads to a collection: the collector's clock, and what may call the script. */
const LEADS_TO_COLLECTION: ReadonlySet<string> = new Set(['now', 'time', 'print']);

export interface HeapEffects {
  /** Names of the exported functions that may collect before they return. */
  readonly collecting: ReadonlySet<string>;
  /** What those functions are called in a release image, which holds the heap. */
  readonly exported: ReadonlyMap<string, readonly string[]>;
}

export function findHeapEffects(bytes: Uint8Array = HEAP_BYTES): HeapEffects {
  const module = binaryen.readBinary(bytes);
  const calls = new Map<string, ReadonlySet<string>>();
  const reaching = new Set<string>();
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (info.module) {
      if (LEADS_TO_COLLECTION.has(info.base ?? '')) reaching.add(info.name);
    } else calls.set(info.name, calleesIn(info.body));
  }
  spread(calls, reaching);
  const exported = new Map<string, string[]>();
  const collecting = new Set<string>();
  for (let i = 0; i < module.getNumExports(); i++) {
    const { name, value, kind } = binaryen.getExportInfo(module.getExportByIndex(i));
    if (kind !== binaryen.ExternalFunction) continue;
    exported.set(value, [...(exported.get(value) ?? []), name]);
    if (reaching.has(value)) collecting.add(name);
  }
  module.dispose();
  return { collecting, exported };
}

/** Names of the functions that a piece of code calls. */
function calleesIn(code: binaryen.ExpressionRef): ReadonlySet<string> {
  const callees = new Set<string>();
  const walk = (part: unknown): void => {
    if (typeof part !== 'number' || part === 0) return;
    // Binaryen tells nothing of these.
    const id = binaryen.getExpressionId(part);
    if (id === binaryen.UnreachableId || id === binaryen.NopId) return;
    const info = binaryen.getExpressionInfo(part);
    if (info.id === binaryen.CallIndirectId) throw new Error('the heap calls nothing through a table');
    if (info.id === binaryen.CallId) callees.add((info as binaryen.CallInfo).target);
    for (const child of childrenOf(info)) walk(child);
  };
  walk(code);
  return callees;
}

/** Names of the properties of Binaryen's nodes that are nodes themselves. */
const CHILDREN = [
  'children',
  'operands',
  'condition',
  'ifTrue',
  'ifFalse',
  'body',
  'value',
  'ptr',
  'left',
  'right',
];
const MORE_CHILDREN = ['delta', 'dest', 'source', 'size', 'tuple'];

function childrenOf(info: binaryen.ExpressionInfo): unknown[] {
  const parts = info as unknown as Readonly<Record<string, unknown>>;
  // A constant's value is a number, and no node.
  if (info.id === binaryen.ConstId) return [];
  return [...CHILDREN, ...MORE_CHILDREN].flatMap((name) => parts[name] ?? []);
}

/** Adds what calls something in `reaching` to it. */
export function spread(calls: ReadonlyMap<string, ReadonlySet<string>>, reaching: Set<string>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, callees] of calls) {
      if (reaching.has(name) || ![...callees].some((callee) => reaching.has(callee))) continue;
      reaching.add(name);
      changed = true;
    }
  }
}

/** Stands for the code in the table. */
const TABLE = '\0table';

export interface Calls {
  /** Whether a call of that function, or through the table, may collect before it returns. */
  readonly collects: (callee: string | undefined) => boolean;
}

/**
 * `heap` says which function of the heap's a name means; `others` whether the table may hold code of other programs,
 * `table` what it holds of this one.
 */
export function findCalls(
  flows: readonly Flow[],
  heap: (callee: string) => readonly string[] | undefined,
  collecting: ReadonlySet<string>,
  table: readonly string[],
  others: boolean,
): Calls {
  const calls = new Map<string, Set<string>>([[TABLE, new Set(table)]]);
  const reaching = new Set<string>(others ? [TABLE] : []);
  for (const flow of flows) {
    const callees = new Set<string>();
    for (const block of flow.blocks)
      for (const instruction of block.instructions)
        if (instruction.kind === 'call' || instruction.kind === 'tail-call')
          callees.add(instruction.callee ?? TABLE);
    calls.set(flow.name, callees);
  }
  for (const callee of new Set([...calls.values()].flatMap((callees) => [...callees]))) {
    // The host's own functions may do anything; that it is asked for fuel or told of a failure leads nowhere.
    if (callee.startsWith('extern ')) reaching.add(callee);
    else if (heap(callee)?.some((name) => collecting.has(name))) reaching.add(callee);
    else if (!calls.has(callee) && heap(callee) === undefined && !/^host\.(fail|fuel)$/.test(callee))
      throw new Error(`nobody knows ${callee}`);
  }
  spread(calls, reaching);
  return { collects: (callee) => reaching.has(callee ?? TABLE) };
}
