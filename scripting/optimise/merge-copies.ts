/**
 * Copies of a generic function that come out the same are one: `(List Enemy)` and `(List String)` are both addresses. Only copies of one text
 * are, so that a trace names the function that was called.
 */
import { type Call, type Func, type Program, rewriteBlock } from '../ir/index.ts';

export function mergeCopies(program: Program): Program {
  const groups = copiesOf(program);
  if (groups.length === 0) return program;
  const merged = new Map<string, string>();
  // What two copies call may be copies that are merged later.
  for (let changed = true; changed; ) {
    changed = false;
    for (const group of groups) {
      const seen = new Map<string, string>();
      for (const func of group.filter((f) => !merged.has(f.key))) {
        const text = textOf(func, merged);
        const first = seen.get(text);
        if (first === undefined) seen.set(text, func.key);
        else {
          merged.set(func.key, first);
          changed = true;
        }
      }
    }
  }
  return merged.size === 0 ? program : renamed(program, (key) => nameIn(merged, key));
}

/** Functions of the same text, where there are several. */
function copiesOf({ functions }: Program): Func[][] {
  const groups = new Map<string, Func[]>();
  for (const f of functions.values()) {
    const { source, start, end } = f.span;
    const key = `${source.name} ${start} ${end} ${f.name}`;
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function nameIn(merged: ReadonlyMap<string, string>, key: string): string {
  let name = key;
  for (let next = merged.get(name); next !== undefined; next = merged.get(name)) name = next;
  return name;
}

/** The same for functions that do the same. */
function textOf(
  { key, params, results, regionParameter, body }: Func,
  merged: ReadonlyMap<string, string>,
): string {
  return JSON.stringify({ params, results, regionParameter, body }, (name, value) => {
    if (name === 'source') return value.name;
    if (name === 'key') return value === key ? '' : nameIn(merged, value);
    if (typeof value === 'bigint') return `${value}n`;
    // Of numbers JSON does not tell all apart.
    const isSpecial = typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value));
    return isSpecial ? `${Object.is(value, -0) ? '-0' : value}` : value;
  });
}

function renamed(program: Program, name: (key: string) => string): Program {
  const call = (c: Call): Call => (c.to === 'function' ? { ...c, key: name(c.key) } : c);
  const change = (f: Func): Func => ({
    ...f,
    body: rewriteBlock(f.body, {
      expression: (e) => (e.kind === 'call' ? { ...e, call: call(e.call) } : e),
      statement: (s) => [s.kind === 'set-call' || s.kind === 'tail-call' ? { ...s, call: call(s.call) } : s],
    }),
  });
  const kept = [...program.functions].filter(([key]) => name(key) === key);
  return {
    ...program,
    functions: new Map(kept.map(([key, f]) => [key, change(f)])),
    table: program.table.map(name),
    exports: program.exports.map((e) => ({ ...e, key: name(e.key) })),
    globals: program.globals.map((g) => ({
      ...g,
      initializer: g.initializer === undefined ? undefined : name(g.initializer),
    })),
    slowPaths: new Set([...program.slowPaths].map(name)),
  };
}
