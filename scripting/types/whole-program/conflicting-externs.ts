/**
 * One function of the host's that two modules declare: the host has one, so both must mean the same. Types of the modules' own
 * are compared by what the host sees of them, their fields.
 */
import type { Type, TypedExtern } from '../model/index.ts';
import { substitute } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

export function rejectConflictingExterns(cx: Inference): void {
  const known = new Map<string, TypedExtern>();
  for (const extern of cx.externs) {
    const name = `${extern.module}.${extern.name}`;
    const first = known.get(name);
    if (first === undefined) known.set(name, extern);
    // Two of one module have been refused already, as any two definitions of one name.
    else if (extern.key !== first.key && seenByHost(extern) !== seenByHost(first))
      cx.error('duplicate-definition', extern.span, `the host's \`${name}\` is declared with two types`, {
        notes: [{ message: 'it is declared with another here', span: first.span }],
        hint: 'declare it in one module, make it `pub`, and import it from there',
      });
  }
}

function seenByHost({ params, result }: TypedExtern): string {
  return [...params.map((param) => param.type), result].map((type) => spell(type, [])).join(' ');
}

/** `around` holds the definitions that this is within: a type that leads back to one of them is spelled by how far up that is. */
function spell(type: Type, around: readonly unknown[]): string {
  const all = (types: readonly Type[]): string => types.map((t) => spell(t, around)).join(' ');
  switch (type.kind) {
    case 'function':
      return `(Fn [${all(type.params)}] ${spell(type.result, around)})`;
    case 'parameter':
      return `'${type.parameter.name}`;
    case 'apply':
      return `(${spell(type.head, around)} ${all(type.args)})`;
    case 'meta':
      return type.solution === undefined ? '_' : spell(type.solution, around);
    case 'named': {
      const { definition, args } = type;
      if (definition.kind === 'extern') return `${definition.host}.${definition.name}`;
      if (definition.kind === 'builtin') return `(${definition.name} ${all(args)})`;
      const above = around.lastIndexOf(definition);
      if (above >= 0) return `^${around.length - above} ${all(args)}`;
      const replacement = new Map(definition.parameters.map((p, i) => [p, args[i] as Type]));
      const inner = [...around, definition];
      const fields = (parts: readonly { name: string; type: Type }[]): string =>
        parts.map((f) => `${f.name}: ${spell(substitute(f.type, replacement), inner)}`).join(' ');
      const variants = definition.variants.map((v) => `${v.name}(${fields(v.fields)})`);
      return `${definition.kind}{${fields(definition.fields)}${variants.join(' ')}}`;
    }
  }
}
