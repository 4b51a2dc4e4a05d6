/** What the top-level forms of one source enter: definitions by name, and the work that is left for later. */

import type { Import } from '../../macros/index.ts';
import { type Form, LANGUAGE_FORMS, type Span } from '../../syntax/index.ts';
import { parameterForms, parameterName, resultAndBody } from '../forms/index.ts';
import type { Definition, FunctionEntry, Module } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Forms that are no more than macros, those of `sluice.game`, which not every program imports, and `take!`, which many call something: a program may have its own. */
const FREE: ReadonlySet<string> = new Set(['when', 'unless', 'after', 'every', 'take!']);

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
    const isFree =
      form === undefined || form.kind !== 'expression' || form.module !== undefined || FREE.has(name.name);
    if (this.module.isUsers && !isFree && form.reserved !== 'always' && form.planned !== true)
      this.cx.diagnostics.warning(
        'hidden-form',
        name.span,
        `in this file \`${name.name}\` is this definition now, and not the form of the language`,
        { hint: 'with another name both can be used' },
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
      : resultAndBody(this.cx, `defn ${name}`, written, rest);
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
