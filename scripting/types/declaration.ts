/**
 * Top-level forms: what they define is entered into the module first, so that order does not matter; types and
 * signatures are made of what is entered; bodies come last, in `functions.ts`.
 */
import { type Import, importOf } from '../macros/index.ts';
import { type Form, headName, type ListForm, nearest, type Span, symbolName } from '../syntax/index.ts';
import { typeFrom } from './annotation.ts';
import { parameterForms, parameterName } from './binding.ts';
import { ERROR, F64, functionOf, UNIT } from './builtin.ts';
import { declareClass, declareInstance } from './class-declaration.ts';
import type { Entity, FunctionEntry, GlobalEntry } from './entity.ts';
import { declareExtern, declareExternType } from './extern-declaration.ts';
import type { Inference } from './inference.ts';
import type { Module } from './module.ts';
import { NOT_YET, SPECIAL_FORMS } from './special.ts';
import { declareTest } from './test-declaration.ts';
import type { GlobalDefinition, TypeDefinition } from './type.ts';
import { declareAlias, declareProduct, declareSum } from './type-declaration.ts';
import { prune } from './unify.ts';

/** What one source declares, besides what went into its module. */
export class Declarations {
  readonly module: Module;
  readonly imports: Import[] = [];
  readonly expressions: Form[] = [];
  /** Work for when every name of the program is entered: types of fields, signatures. */
  readonly later: (() => void)[] = [];
  /** Work for when all types and classes are known: instances. */
  readonly afterwards: (() => void)[] = [];
  readonly signatures = new Map<string, { form: Form; span: Span; used: boolean }>();
  readonly cx: Inference;

  constructor(cx: Inference, module: Module, forms: readonly Form[]) {
    this.cx = cx;
    this.module = module;
    for (const form of forms) this.#declare(form, false);
  }

  #declare(form: Form, isPublic: boolean): void {
    const cx = this.cx;
    const head = headName(form);
    if (form.kind !== 'list' || head === undefined || this.module.values.has(head)) {
      this.expressions.push(form);
      return;
    }
    switch (head) {
      case 'pub': {
        const [, ...inner] = form.items;
        const what = symbolName(inner[0]);
        if (what === undefined || !(what === 'do' || TOP_LEVEL.has(what)))
          cx.malformed(form, 'pub', '(pub defn name (x) ...)');
        else this.#publish({ kind: 'list', items: inner, span: form.span });
        return;
      }
      case 'do':
        if (form.items.slice(1).some((item) => TOP_LEVEL.has(headName(item) ?? '')))
          for (const item of form.items.slice(1)) this.#declare(item, isPublic);
        else this.expressions.push(form);
        return;
      case 'target':
        this.#target(form, isPublic);
        return;
      case 'defn':
        this.#function(form, isPublic);
        return;
      case 'defmacro': {
        const name = symbolName(form.items[1]);
        if (name === undefined) return;
        this.module.macros.add(name);
        if (isPublic) this.module.public.add(name);
        return;
      }
      case 'declare':
        this.#signature(form);
        return;
      case 'defstruct':
      case 'defvalue':
      case 'defentity':
        declareProduct(this, form, head);
        return;
      case 'deftype':
        declareSum(this, form);
        return;
      case 'defglobal':
        this.#global(form, isPublic);
        return;
      case 'defclass':
        declareClass(this, form);
        return;
      case 'instance':
        declareInstance(this, form);
        return;
      case 'deftype-alias':
        declareAlias(this, form);
        return;
      case 'import':
        this.#import(form);
        return;
      case 'extern':
        declareExtern(this, form);
        return;
      case 'extern-type':
        declareExternType(this, form);
        return;
      case 'behave':
        this.#behave(form);
        return;
      case 'deftest':
        declareTest(this, form);
        return;
    }
    if (TOP_LEVEL.has(head)) cx.fail('not-supported-yet', form, `\`${head}\` is not supported yet`);
    else if (
      /^def/.test(head) &&
      this.module.value({ kind: 'symbol', name: head, span: form.span }) === undefined
    ) {
      const near = nearest(head, TOP_LEVEL);
      cx.error('unknown-name', form.items[0] ?? form, `there is no form \`${head}\``, {
        ...(near === undefined ? {} : { hint: `did you mean \`${near}\`?` }),
      });
    } else this.expressions.push(form);
  }

  /** Whatever a public form defines, other modules may import. */
  #publish(form: Form): void {
    const { values, types, classes } = this.module;
    const before = [values, types, classes].map((table) => new Set<string>(table.keys()));
    this.#declare(form, true);
    for (const [i, table] of [values, types, classes].entries())
      for (const name of table.keys()) if (!before[i]?.has(name)) this.module.public.add(name);
  }

  /** Gives a name its meaning; two meanings for one name are an error. */
  define(name: Form, entity: Entity): void {
    if (name.kind !== 'symbol') return;
    const known = this.module.values.get(name.name);
    if (known !== undefined) {
      this.cx.error('duplicate-definition', name, `\`${name.name}\` is defined twice`, {
        notes:
          placeOf(known) === undefined
            ? []
            : [{ message: 'it is defined here too', span: placeOf(known) as Span }],
      });
      return;
    }
    this.module.values.set(name.name, entity);
  }

  /** `(target (:wasm form ...) (:native form ...))`: the forms for WebAssembly. */
  #target(form: ListForm, isPublic: boolean): void {
    for (const item of form.items.slice(1)) {
      const [target, ...forms] = item.kind === 'list' ? item.items : [];
      if (target?.kind !== 'keyword' || !TARGETS.has(target.name))
        this.cx.malformed(item, 'target', '(target (:wasm form ...) (:native form ...))');
      else if (target.name === 'wasm') for (const kept of forms) this.#declare(kept, isPublic);
    }
  }

  /** A name that is unique in the program. */
  key(name: string): string {
    return this.module.key(name);
  }

  /** `(defn name (params) : result "documentation" body...)`. */
  #function(form: ListForm, isPublic: boolean): void {
    const [, name, params, ...rest] = form.items;
    if (name?.kind !== 'symbol' || params?.kind !== 'list') {
      this.cx.malformed(form, 'defn', '(defn name (x y) e ...)');
      return;
    }
    if (SPECIAL_FORMS.has(name.name) && CORE.has(name.name))
      this.cx.error(
        'reserved-name',
        name,
        `\`${name.name}\` is part of the language and cannot be redefined`,
      );
    const entry = this.functionEntry(form, name.name, name.span, params.items, rest, isPublic);
    this.define(name, { kind: 'function', function: entry });
    if (this.module.values.get(name.name)?.kind === 'function') this.cx.functions.push(entry);
  }

  /** A function on its way, from its parts. */
  functionEntry(
    form: Form,
    name: string,
    nameSpan: Span,
    written: readonly Form[],
    rest: readonly Form[],
    isPublic = false,
    discardsResult = false,
  ): FunctionEntry {
    const params = parameterForms(this.cx, written);
    const hasResult = symbolName(rest[0]) === ':' && rest[1] !== undefined;
    const afterResult = hasResult ? rest.slice(2) : rest;
    const [first] = afterResult;
    const documentation = first?.kind === 'string' && afterResult.length > 1 ? first.value : undefined;
    return {
      name,
      key: this.key(name),
      module: this.module,
      public: isPublic,
      span: form.span,
      nameSpan,
      params,
      result: hasResult ? rest[1] : undefined,
      body: documentation === undefined ? afterResult : afterResult.slice(1),
      documentation,
      parameterNames: params.map(parameterName),
      scheme: undefined,
      declared: false,
      inferring: undefined,
      discardsResult,
      typed: undefined,
    };
  }

  #import(form: ListForm): void {
    const imported = importOf(form);
    if (imported === undefined) this.cx.malformed(form, 'import', '(import game.physics (step Body))');
    else this.imports.push(imported);
  }

  /** `(declare name type)` */
  #signature(form: ListForm): void {
    const [, name, type, ...more] = form.items;
    if (name?.kind !== 'symbol' || type === undefined || more.length > 0) {
      this.cx.malformed(form, 'declare', "(declare name (=> (Eq 'a) (Fn ['a] Bool)))");
      return;
    }
    if (this.signatures.has(name.name))
      this.cx.error('duplicate-definition', name, `\`${name.name}\` is declared twice`);
    this.signatures.set(name.name, { form: type, span: name.span, used: false });
  }

  /** `(defglobal mut *score* : i64 0)`, `(defglobal frame *contacts* : (Vector Contact) [])`. */
  #global(form: ListForm, isPublic: boolean): void {
    const cx = this.cx;
    const frame = symbolName(form.items[1]) === 'frame';
    const shape = `(defglobal ${frame ? 'frame' : 'mut'} *name* : type value)`;
    let items = form.items.slice(frame ? 2 : 1);
    const [first] = items;
    const mutable = symbolName(first) === 'mut';
    if (mutable) items = items.slice(1);
    if (frame && mutable && first !== undefined)
      cx.error('bad-form', first, 'a global of the frame can always be set: leave out `mut`');
    const annotated = symbolName(items[1]) === ':';
    const [name] = items;
    const typeForm = annotated ? items[2] : undefined;
    const value = annotated ? items[3] : items[1];
    if (name?.kind !== 'symbol' || value === undefined || items.length !== (annotated ? 4 : 2)) {
      cx.malformed(form, 'defglobal', shape);
      return;
    }
    const definition: GlobalDefinition = {
      name: name.name,
      key: this.key(name.name),
      type: ERROR,
      mutable: mutable || frame,
      frame,
      public: isPublic,
      span: name.span,
    };
    const entry: GlobalEntry = { definition, module: this.module, value, annotated, typed: undefined };
    this.define(name, { kind: 'global', global: entry });
    cx.globals.push(entry);
    this.later.push(() => {
      definition.type =
        typeForm === undefined
          ? cx.fresh()
          : typeFrom(cx, typeForm, { module: this.module, variables: new Map(), introduce: undefined });
    });
  }

  /** `(behave Ball (b dt) ...)`. */
  #behave(form: ListForm): void {
    const cx = this.cx;
    const [, entity, params, ...rest] = form.items;
    if (entity?.kind !== 'symbol' || params?.kind !== 'list' || params.items.length !== 2) {
      cx.malformed(form, 'behave', '(behave Ball (b dt) e ...)');
      return;
    }
    const number = cx.behaviours.filter((b) => b.name === entity.name).length;
    const name = `behave ${entity.name}${number === 0 ? '' : ` ${number + 1}`}`;
    const entry = this.functionEntry(form, name, entity.span, params.items, rest, false, true);
    cx.functions.push(entry);
    const behaviour = { name: entity.name, entity: undefined as TypeDefinition | undefined, function: entry };
    cx.behaviours.push(behaviour);
    this.later.push(() => {
      const type = prune(
        typeFrom(cx, entity, { module: this.module, variables: new Map(), introduce: undefined }),
      );
      if (type.kind !== 'named' || !type.definition.entity) {
        if (type !== ERROR)
          cx.error('no-instance', entity, 'this is not an entity type', {
            hint: 'entities are defined by `defentity`',
          });
        entry.scheme = { parameters: [], constraints: [], type: functionOf([ERROR, F64], UNIT) };
      } else {
        behaviour.entity = type.definition;
        entry.scheme = { parameters: [], constraints: [], type: functionOf([type, F64], UNIT) };
      }
      entry.declared = true;
    });
  }
}

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'defn',
  'declare',
  'deftype',
  'defstruct',
  'defvalue',
  'defentity',
  'defclass',
  'instance',
  'defmacro',
  'defglobal',
  'deftype-alias',
  'deftest',
  'import',
  'extern',
  'extern-type',
  'target',
  'behave',
  'pub',
  ...[...NOT_YET].filter((name) => name === 'on-event' || name === 'scene' || name === 'every'),
]);

/** What a script may be compiled to; nothing but WebAssembly so far. */
const TARGETS: ReadonlySet<string> = new Set(['wasm', 'native']);

/** Names without which nothing can be written: they cannot be given another meaning. */
const CORE: ReadonlySet<string> = new Set([
  'let',
  'fn',
  'if',
  'do',
  'set!',
  'cond',
  'while',
  'for',
  'for-each',
  'ann',
]);

function placeOf(entity: Entity): Span | undefined {
  switch (entity.kind) {
    case 'function':
      return entity.function.nameSpan;
    case 'global':
      return entity.global.definition.span;
    case 'constructor':
      return entity.definition.span;
    case 'extern':
      return entity.extern.span;
    default:
      return undefined;
  }
}
