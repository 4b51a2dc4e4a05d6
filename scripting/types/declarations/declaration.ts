/**
 * Top-level forms: what they define is entered into the module first, so that order does not matter; types and
 * signatures are made of what is entered; bodies come last (`function.ts`).
 */

import { importOf, importShape } from '../../macros/index.ts';
import {
  type Form,
  formsThat,
  headName,
  type ListForm,
  nearest,
  print,
  symbolName,
} from '../../syntax/index.ts';
import { foreignWord } from '../forms/index.ts';
import { declareBehaviour } from './behaviour-declaration.ts';
import { declareClass, declareInstance } from './class-declaration.ts';
import type { Declarations } from './declarations.ts';
import { declareHandler } from './event-declaration.ts';
import { declareExtern, declareExternType } from './extern-declaration.ts';
import { declareFunction, declareSignature } from './function-declaration.ts';
import { declareGlobal } from './global-declaration.ts';
import { declareLayers } from './layers-declaration.ts';
import { declareMigration } from './migrate-declaration.ts';
import { declareScene } from './scene-declaration.ts';
import { declareTest } from './test-declaration.ts';
import { declareAlias, declareProduct, declareSum } from './type-declaration.ts';

/** Enters what the forms of a source define. */
export function declareAll(module: Declarations, forms: readonly Form[]): void {
  for (const form of forms) declare(module, form, false);
}

function declare(module: Declarations, form: Form, isPublic: boolean): void {
  const cx = module.cx;
  const head = headName(form);
  if (form.kind !== 'list' || head === undefined || module.module.values.has(head)) {
    module.expressions.push(form);
    return;
  }
  switch (head) {
    case 'pub': {
      const [, ...inner] = form.items;
      const what = symbolName(inner[0]);
      if (what === undefined || !(what === 'do' || TOP_LEVEL.has(what)))
        cx.malformed(form, 'pub', publicShape(inner[0]));
      else publish(module, { kind: 'list', items: inner, span: form.span });
      return;
    }
    case 'do':
      if (form.items.slice(1).some((item) => TOP_LEVEL.has(headName(item) ?? '')))
        for (const item of form.items.slice(1)) declare(module, item, isPublic);
      else module.expressions.push(form);
      return;
    case 'target':
      declareForTarget(module, form, isPublic);
      return;
    case 'defn':
      declareFunction(module, form, isPublic);
      return;
    case 'defmacro': {
      const name = symbolName(form.items[1]);
      if (name === undefined) return;
      module.module.macros.add(name);
      if (isPublic) module.module.public.add(name);
      return;
    }
    case 'declare':
      declareSignature(module, form);
      return;
    case 'defstruct':
    case 'defvalue':
    case 'defentity':
      declareProduct(module, form, head);
      return;
    case 'deftype':
      declareSum(module, form);
      return;
    case 'defglobal':
      declareGlobal(module, form, isPublic);
      return;
    case 'defclass':
      declareClass(module, form);
      return;
    case 'instance':
      declareInstance(module, form);
      return;
    case 'deftype-alias':
      declareAlias(module, form);
      return;
    case 'import':
      declareImport(module, form);
      return;
    case 'extern':
      declareExtern(module, form);
      return;
    case 'extern-type':
      declareExternType(module, form);
      return;
    case 'deflayers':
      declareLayers(module, form);
      return;
    case 'behave':
      declareBehaviour(module, form);
      return;
    case 'scene':
      declareScene(module, form, isPublic);
      return;
    case 'on-event':
      declareHandler(module, form);
      return;
    case 'migrate':
      declareMigration(module, form);
      return;
    case 'deftest':
      declareTest(module, form);
      return;
  }
  // `(from math import sin)`: `from` is a function of the language too.
  if (head === 'from' && form.items.some((item) => symbolName(item) === 'import'))
    cx.malformed(form, 'import', importShape(form));
  else if (TOP_LEVEL.has(head)) cx.fail('not-supported-yet', form, `\`${head}\` is not supported yet`);
  else if (
    /^def/.test(head) &&
    module.module.value({ kind: 'symbol', name: head, span: form.span }) === undefined
  ) {
    const near = nearest(head, TOP_LEVEL);
    const hint = foreignWord(head)?.hint ?? (near === undefined ? undefined : `did you mean \`${near}\`?`);
    cx.error('unknown-name', form.items[0] ?? form, `there is no form \`${head}\``, {
      ...(hint === undefined ? {} : { hint }),
    });
  } else module.expressions.push(form);
}

/** `(pub (defn f () ...))`, as it is meant. */
function publicShape(inner: Form | undefined): string {
  const [head, name, ...more] = inner?.kind === 'list' ? inner.items : [];
  if (head?.kind !== 'symbol' || name === undefined || !TOP_LEVEL.has(head.name))
    return '(pub defn name (x) ...)';
  return `(pub ${head.name} ${print(name)}${more.length > 0 ? ' ...' : ''})`;
}

/** Whatever a public form defines, other modules may import. */
function publish(module: Declarations, form: Form): void {
  const { values, types, classes } = module.module;
  const before = [values, types, classes].map((table) => new Set<string>(table.keys()));
  declare(module, form, true);
  for (const [i, table] of [values, types, classes].entries())
    for (const name of table.keys()) if (!before[i]?.has(name)) module.module.public.add(name);
}

/** `(target (:wasm form ...) (:native form ...))`: the forms for WebAssembly. */
function declareForTarget(module: Declarations, form: ListForm, isPublic: boolean): void {
  for (const item of form.items.slice(1)) {
    const [target, ...forms] = item.kind === 'list' ? item.items : [];
    if (target?.kind !== 'keyword' || !TARGETS.has(target.name))
      module.cx.malformed(item, 'target', '(target (:wasm form ...) (:native form ...))');
    else if (target.name === 'wasm') for (const kept of forms) declare(module, kept, isPublic);
  }
}

function declareImport(module: Declarations, form: ListForm): void {
  const imported = importOf(form);
  if (imported === undefined) {
    module.cx.malformed(form, 'import', importShape(form));
    module.module.lacked.add('');
  } else module.imports.push(imported);
}

const TOP_LEVEL = formsThat(({ kind }) => kind === 'declaration');

/** What a script may be compiled to; nothing but WebAssembly so far. */
const TARGETS: ReadonlySet<string> = new Set(['wasm', 'native']);
