/** What the top-level forms of one source enter: definitions by name, and the work that is left for later. */

import type { Import } from '../../macros/index.ts';
import { type Form, LANGUAGE_FORMS, print, type Span, symbolName } from '../../syntax/index.ts';
import { parameterForms, parameterName } from '../forms/index.ts';
import { type Definition, type FunctionEntry, type Module, NUMBER_NAMES } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Forms that are no more than macros: a program may have its own. */
const FREE: ReadonlySet<string> = new Set(['when', 'unless']);

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

  constructor(cx: Inference, module: Module) {
    this.cx = cx;
    this.module = module;
  }

  /** Gives a name its meaning; two meanings for one name are an error. */
  define(name: Form, definition: Definition): void {
    if (name.kind !== 'symbol') return;
    const known = this.module.values.get(name.name);
    if (known !== undefined) {
      this.cx.error('duplicate-definition', name, `\`${name.name}\` is defined twice`, {
        notes:
          spanOf(known) === undefined
            ? []
            : [{ message: 'it is defined here too', span: spanOf(known) as Span }],
      });
      return;
    }
    this.module.values.set(name.name, definition);
    const form = LANGUAGE_FORMS.get(name.name);
    const isFree = form === undefined || form.kind !== 'expression' || FREE.has(name.name);
    if (this.module.isUsers && !isFree && form.reserved !== 'always' && form.planned !== true)
      this.cx.diagnostics.warning(
        'hidden-form',
        name.span,
        `in this file \`${name.name}\` is this definition now, and not the form of the language`,
        { hint: 'another name leaves both' },
      );
  }

  /** A name that is unique in the program. */
  key(name: string): string {
    return this.module.key(name);
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
    const { result, body } = discardsResult
      ? { result: undefined, body: rest }
      : resultAndBody(this.cx, name, written, rest);
    const [first] = body;
    const documentation = first?.kind === 'string' && body.length > 1 ? first.value : undefined;
    return {
      name,
      key: this.key(name),
      module: this.module,
      public: isPublic,
      span: form.span,
      nameSpan,
      params,
      result,
      body: documentation === undefined ? body : body.slice(1),
      documentation,
      parameterNames: params.map(parameterName),
      scheme: undefined,
      declared: false,
      inferring: undefined,
      discardsResult,
      typed: undefined,
    };
  }
}

/** What follows the parameters. A type without its `:` is reported, and taken for what it means. */
function resultAndBody(
  cx: Inference,
  name: string,
  params: readonly Form[],
  rest: readonly Form[],
): { readonly result: Form | undefined; readonly body: readonly Form[] } {
  const [first, second] = rest;
  if (symbolName(first) === ':' && second !== undefined) return { result: second, body: rest.slice(2) };
  const isArrow = symbolName(first) === '->';
  const type = isArrow ? second : first;
  if (first === undefined || type === undefined || rest.length < (isArrow ? 3 : 2) || !looksLikeType(type))
    return { result: undefined, body: rest };
  const list = print({ kind: 'list', items: params, span: first.span });
  cx.error('bad-form', first, 'the type of a result stands after a `:`', {
    hint: `it is written \`(defn ${name} ${list.length <= LENGTH_LIMIT ? list : '(...)'} : ${print(type)} ...)\``,
  });
  return { result: type, body: rest.slice(isArrow ? 2 : 1) };
}

/** Longer lists of parameters are not repeated in a hint. */
const LENGTH_LIMIT = 60;

/** True for what can hardly be meant as a statement: a name of a type, or several that make one. */
function looksLikeType(form: Form): boolean {
  if (form.kind === 'type-variable') return true;
  if (form.kind === 'symbol') return /^\p{Lu}/u.test(form.name) || NUMBER_NAMES.some((n) => n === form.name);
  if (form.kind === 'vector') return form.items.every(looksLikeType);
  if (form.kind !== 'list' || form.items.length < 2) return false;
  return /^\p{Lu}/u.test(symbolName(form.items[0]) ?? '') && form.items.every(looksLikeType);
}

function spanOf(definition: Definition): Span | undefined {
  switch (definition.kind) {
    case 'function':
      return definition.function.nameSpan;
    case 'global':
      return definition.global.definition.span;
    case 'constructor':
      return definition.makes.span;
    case 'extern':
      return definition.extern.span;
    default:
      return undefined;
  }
}
