/** The types of everything that is always in scope, as scripts write them, and what the library says of it. */
import { formsOf, LIBRARY_MODULES, libraryModule, preludeForms } from '../../scripting/library/index.ts';
import { expandProgram } from '../../scripting/macros/index.ts';
import {
  Diagnostics,
  type Form,
  headName,
  print,
  type Source,
  symbolName,
} from '../../scripting/syntax/index.ts';
import { check, type Predicate, type Type } from '../../scripting/types/index.ts';
import { BUILTIN_CLASSES } from '../../scripting/types/model/builtin-classes.ts';
import { PRIMITIVES } from '../../scripting/types/model/primitives.ts';
import { showPredicate, showType } from '../../scripting/types/model/show.ts';

export interface Entry {
  readonly type: string;
  /** The documentation string, where the library has one. */
  readonly documentation: string | undefined;
}

const written = (constraints: readonly Predicate[], type: Type): string =>
  constraints.length === 0
    ? showType(type)
    : `(=> ${constraints.map(showPredicate).join(' ')} ${showType(type)})`;

/** The methods of a `(defclass (Class 'a) ... (method : type) ...)` with their types. */
function methodsOf(form: Form): readonly (readonly [string, string])[] {
  if (form.kind !== 'list' || headName(form) !== 'defclass') return [];
  const [, head, ...rest] = form.items;
  return rest.flatMap((item) => {
    const [name, , type] = item.kind === 'list' ? item.items : [];
    const method = symbolName(name);
    if (head === undefined || method === undefined || type === undefined) return [];
    return [[method, `(=> ${print(head)} ${print(type)})`] as const];
  });
}

/** Functions, methods, primitives and globals by name. */
export function signatures(): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [name, { scheme, variadic }] of PRIMITIVES) {
    const params = scheme.type.params.map(showType).join(' ');
    const type = variadic ? `(Fn [${params} ...] ${showType(scheme.type.result)})` : undefined;
    found.set(name, { type: type ?? written(scheme.constraints, scheme.type), documentation: undefined });
  }
  for (const { name: className, parameters, methods } of BUILTIN_CLASSES.values()) {
    const args = parameters.map((parameter): Type => ({ kind: 'parameter', parameter }));
    for (const { name, type } of methods.values())
      found.set(name, { type: written([{ class: className, args }], type), documentation: undefined });
  }
  const diagnostics = new Diagnostics();
  const prelude = preludeForms(diagnostics);
  for (const form of prelude.forms)
    for (const [name, type] of methodsOf(form)) found.set(name, { type, documentation: undefined });
  const modules = LIBRARY_MODULES.map((name) => {
    const source = libraryModule(name) as Source;
    return { source, forms: formsOf(source, diagnostics) };
  });
  const program = check(expandProgram([prelude, ...modules], diagnostics), diagnostics);
  if (program === undefined) throw new Error('the library has errors');
  for (const { name, constraints, params, result, documentation } of program.functions)
    found.set(name, {
      type: written(constraints, { kind: 'function', params: params.map((p) => p.type), result }),
      documentation,
    });
  for (const { definition } of program.globals)
    found.set(definition.name, { type: showType(definition.type), documentation: undefined });
  return found;
}
