/** The manifest: what the machine is told of a program beside its code. */
import { DROP_LEFT, IMAGE_FORMAT, type Kept, type KeptFunction, type Manifest } from '../image/index.ts';
import type { Program } from '../ir/index.ts';
import { codeDigests, Meanings } from './code-digest.ts';
import type { ModuleContext } from './context.ts';
import { STATIC_CLOSURE } from './statics.ts';

export function manifestOf(context: ModuleContext): Manifest {
  const { program } = context;
  const { asked } = program;
  const meanings = new Meanings(program);
  const builtIn = (name: string): boolean => name.startsWith('sluice:');
  return {
    format: IMAGE_FORMAT,
    mode: context.options.mode,
    files: context.files,
    exports: program.exports
      .filter((e) => !builtIn(e.name))
      .map(({ name, params, result }) => ({ name, params, result })),
    shapes: program.shapes,
    externs: program.externs.map(({ module, name, params, result, span }) => ({
      module,
      name,
      params,
      result,
      span: { file: span.source.name, ...span.source.position(span.start) },
    })),
    globals: program.globals.map((g) => ({
      key: g.key,
      name: g.name,
      type: g.type,
      mutable: g.mutable,
      frame: g.initializer === undefined,
      ...((g.mutable || g.lasting) &&
        !context.isRelease && { initial: meanings.of([g.initializer ?? []].flat()) ?? '' }),
      cells: g.cells.map((rep, i) =>
        context.isRelease ? { rep, address: context.cellAddress(g.key, i) } : { rep },
      ),
    })),
    types: [...program.types, { ...STATIC_CLOSURE, id: program.types.length }].map((t) => ({
      name: t.name,
      kind: t.kind,
      fields: (t.stride > 0 ? t.element : t.fields).map(({ name, offset, stored }) => ({
        name,
        offset,
        rep:
          stored === 'i8s' || stored === 'i8u'
            ? 'i8'
            : stored === 'i16s' || stored === 'i16u'
              ? 'i16'
              : stored,
      })),
      stride: t.stride,
      ...(!context.isRelease && t.of !== undefined && { of: t.of }),
    })),
    kept: keptOf(context, meanings),
    stages: program.stages,
    layers: program.layers,
    controls: program.controls,
    ...(asked !== undefined && {
      asked: { file: asked.source.name, ...asked.source.position(asked.start) },
    }),
    ...(program.exports.some(({ name }) => name === DROP_LEFT) && { drops: true as const }),
    sites: context.sites,
    ...(context.counted && { allocationSites: context.allocationSites }),
    inlined: context.inlined,
    staticBytes: context.statics.size,
    tableSlots: program.table.length,
  };
}

function keptOf(context: ModuleContext, meanings: Meanings): Kept {
  const { program } = context;
  const { opensArenas, kept } = program;
  if (context.isRelease) return { types: [], handles: [], functions: [], opensArenas };
  const digests = codeDigests(program);
  const types = kept.types.map((type) => {
    const code = digests.get(type.key);
    const { methods = [], by, needs } = kept.arrangements.get(type.key) ?? {};
    const arrangement = meanings.of(methods);
    return {
      ...type,
      ...(code !== undefined && { code }),
      ...(arrangement !== undefined && { arrangement }),
      ...(by !== undefined && { by }),
      ...(needs !== undefined && { arrangedFrom: needs }),
    };
  });
  return { types, handles: kept.handles, functions: functionValues(program, meanings), opensArenas };
}

/** As people say. What makes a value of a function has the key of that for a name. */
function nameOf(functions: Program['functions'], key: string): string {
  const own = functions.get(key)?.name ?? key;
  return functions.get(own)?.name ?? own;
}

function functionValues({ functions, table, types, kept }: Program, meanings: Meanings): KeptFunction[] {
  return table.map((key, slot) => {
    const type = kept.tableTypes[slot] as string;
    const object = kept.tableObjects[slot];
    const of = object === undefined ? undefined : types[object]?.of;
    const captures = of?.kind === 'closure' ? of.captures : [];
    const captured = captures.map((c) => `${c.name} ${c.type ?? c.components.join(' ')}`);
    return {
      // Functions in one function are numbered.
      place: `${key.replace(/ fn \d+/g, ' fn')} : ${type} [${captured.join(', ')}]`,
      text: meanings.own(key),
      name: nameOf(functions, key),
      type,
      captures: [...new Set(captures.flatMap((c) => c.type ?? []))],
      needs: kept.tableNeeds[slot] as number,
      ...(object !== undefined && { object }),
    };
  });
}
