/** Imports: which module a name means, which of its names may be used, and that no two modules need one another. */

import { type Import, isLibraryModule, moduleNamed } from '../../macros/index.ts';
import { nearest } from '../../syntax/index.ts';
import type { Module } from '../model/index.ts';
import { type Inference, stronglyConnectedComponents } from '../solving/index.ts';

/** A module and what its text imports. */
interface Importing {
  readonly module: Module;
  readonly imports: readonly Import[];
}

/** Links modules to those they import. `sources` are the modules by the names of their files. */
export function linkImports(
  cx: Inference,
  all: readonly Importing[],
  sources: ReadonlyMap<string, Module>,
  library: readonly string[],
): void {
  for (const { module, imports } of all) for (const one of imports) link(cx, module, one, sources, library);
  rejectCircles(cx, all);
}

function link(
  cx: Inference,
  module: Module,
  one: Import,
  sources: ReadonlyMap<string, Module>,
  library: readonly string[],
): void {
  const source = moduleNamed(one.module, [...sources.keys()]);
  const target = source === undefined ? undefined : sources.get(source);
  if (target === undefined || target === cx.prelude) {
    cx.error('unknown-module', one.moduleForm, `there is no module \`${one.module}\``, {
      hint: missingHint(one.module, sources, library),
    });
    for (const { name } of one.names) module.lacked.add(name);
    if (one.names.length === 0) module.lacked.add(one.alias === undefined ? '' : `${one.alias}.`);
    return;
  }
  for (const name of one.names) {
    const exists =
      target.macros.has(name.name) ||
      target.values.has(name.name) ||
      target.types.has(name.name) ||
      target.classes.has(name.name);
    if (target.public.has(name.name)) {
      if (module.values.has(name.name) || module.types.has(name.name))
        cx.error('duplicate-definition', name, `\`${name.name}\` is imported and defined here too`);
      continue;
    }
    module.refused.add(name.name);
    if (exists) {
      cx.error('private-name', name, `\`${name.name}\` is private to \`${one.module}\``, {
        hint: '`(pub defn ...)` makes a definition visible to other modules',
      });
    } else {
      const near = nearest(name.name, target.public);
      cx.error('unknown-name', name, `\`${one.module}\` has no \`${name.name}\``, {
        ...(near === undefined ? {} : { hint: `did you mean \`${near}\`?` }),
      });
    }
  }
  const names = one.names.length > 0 ? new Set(one.names.map((n) => n.name)) : undefined;
  module.links.push({
    module: target,
    names: one.all || one.alias !== undefined ? undefined : (names ?? new Set()),
    alias: one.alias,
  });
}

function missingHint(
  module: string,
  sources: ReadonlyMap<string, Module>,
  library: readonly string[],
): string {
  const own = [...sources.values()].filter((m) => m.isUsers).map((m) => m.name);
  if (!isLibraryModule(module)) {
    const near = nearest(module, [...own, ...library]);
    if (near !== undefined) return `did you mean \`${near}\`?`;
    if (module.includes('/')) return `the name of a module has points: \`${module.replaceAll('/', '.')}\``;
    return `it would be the file \`${module.replaceAll('.', '/')}.slu\``;
  }
  // What all of them begin with makes none nearer than another.
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const near = nearest(last(module), library.map(last));
  if (near !== undefined) return `did you mean \`sluice.${near}\`?`;
  const names = library.map((name) => `\`${name}\``).join(', ');
  return `modules of this name come with Sluice, and there ${library.length === 1 ? 'is' : 'are'} ${names}`;
}

function rejectCircles(cx: Inference, all: readonly Importing[]): void {
  const targets = (module: Module) => module.links.map((l) => l.module);
  for (const circle of stronglyConnectedComponents(
    all.map((one) => one.module),
    targets,
  )) {
    const [first] = circle;
    if (first === undefined || (circle.length === 1 && !targets(first).includes(first))) continue;
    const path = pathThrough(first, new Set(circle));
    const where = all
      .find((one) => one.module === first)
      ?.imports.find((one) => {
        const next = path[1];
        return next !== undefined && (next.name === one.module || next.name.endsWith(`.${one.module}`));
      });
    if (where === undefined) continue;
    cx.error(
      'circular-import',
      where.moduleForm,
      `modules import one another: ${path.map((m) => m.name).join(' -> ')}`,
      {
        hint: 'what both need can be in a third module',
      },
    );
  }
}

/** From a module through its circle back to it. */
function pathThrough(start: Module, circle: ReadonlySet<Module>): readonly Module[] {
  const before = new Map<Module, Module>();
  const queue: Module[] = [start];
  for (const module of queue)
    for (const { module: next } of module.links) {
      if (!circle.has(next) || before.has(next)) continue;
      before.set(next, module);
      queue.push(next);
    }
  const path: Module[] = [start];
  let at = before.get(start);
  while (at !== undefined && at !== start) {
    path.unshift(at);
    at = before.get(at);
  }
  return [start, ...path];
}
