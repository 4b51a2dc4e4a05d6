/** Macros: their definitions, and one step of expansion. */
import {
  children,
  type Diagnostics,
  type Form,
  headName,
  LANGUAGE_FORMS,
  type ListForm,
  type Mark,
  print,
  type Span,
  symbolName,
} from '../syntax/index.ts';
import { instantiate } from './template.ts';

export interface Macro {
  readonly name: string;
  /** Undefined where they were refused, and reported: then calls stand for nothing. */
  readonly parameters: readonly Form[] | undefined;
  readonly template: Form;
  readonly public: boolean;
  /** The name of the source that defines it. */
  readonly module: string;
  readonly span: Form['span'];
}

/** `(defmacro name (a b &rest more) template)`, also after `pub`; undefined where the form is something else. */
export function macroOf(form: Form, module: string, diagnostics: Diagnostics): Macro | undefined {
  if (form.kind !== 'list') return undefined;
  const isPublic = headName(form) === 'pub';
  const items = isPublic ? form.items.slice(1) : form.items;
  if (symbolName(items[0]) !== 'defmacro') return undefined;
  const [, name, params, ...rest] = items;
  const body = rest[0]?.kind === 'string' && rest.length > 1 ? rest.slice(1) : rest;
  const [only] = body;
  if (name?.kind !== 'symbol' || params?.kind !== 'list' || only === undefined) {
    diagnostics.error('bad-form', form.span, 'this `defmacro` is not put together right', {
      hint: 'it is written `(defmacro name (a &rest more) template)`',
    });
    if (name?.kind !== 'symbol') return undefined;
    return {
      name: name.name,
      parameters: undefined,
      template: form,
      public: isPublic,
      module,
      span: name.span,
    };
  }
  if (LANGUAGE_FORMS.get(name.name)?.reserved !== undefined) {
    const message = `\`${name.name}\` is part of the language and cannot be redefined`;
    diagnostics.error('reserved-name', name.span, message, { hint: 'give the macro another name' });
    return undefined;
  }
  const wrong = wrongParameter(params.items);
  if (wrong !== undefined)
    diagnostics.error('bad-form', wrong.span, 'this is no parameter of a macro', {
      hint: 'they are names, lists of names, and `&rest name` at the end',
    });
  const whole: Form =
    body.length === 1
      ? only
      : { kind: 'list', items: [{ kind: 'symbol', name: 'do', span: form.span }, ...body], span: form.span };
  const template = whole.kind === 'template' ? whole.form : whole;
  const unfilled = fillsIn(template) ? undefined : parameterIn(template, params.items);
  if (wrong === undefined && unfilled !== undefined)
    diagnostics.error(
      'bad-template',
      only.span,
      `\`${unfilled}\` stands in this template without its comma`,
      {
        hint: `what is filled in has a comma in front: \`\` \`${print(withCommas(template, params.items))} \`\``,
      },
    );
  const parameters = wrong === undefined && unfilled === undefined ? params.items : undefined;
  return { name: name.name, parameters, template, public: isPublic, module, span: name.span };
}

/** `:`, and what is in front of the last parameter in other languages. */
const NO_PARAMETERS: ReadonlySet<string> = new Set([':', '.', '&', '...']);

/** The first form that cannot stand where it stands in a list of parameters. */
function wrongParameter(parameters: readonly Form[]): Form | undefined {
  for (const [i, parameter] of parameters.entries()) {
    if (parameter.kind === 'list') {
      const wrong = wrongParameter(parameter.items);
      if (wrong !== undefined) return wrong;
    } else if (parameter.kind !== 'symbol' || NO_PARAMETERS.has(parameter.name)) return parameter;
    else if (parameter.name === '&rest') {
      const [name, more] = parameters.slice(i + 1);
      if (more !== undefined) return more;
      return name?.kind === 'symbol' && name.name !== '&rest' ? undefined : (name ?? parameter);
    }
  }
  return undefined;
}

const isParameter = (form: Form, parameters: readonly Form[]): boolean =>
  form.kind === 'symbol' && parameters.some((parameter) => symbolName(parameter) === form.name);

/** Whether anything of the call is put into a template. */
function fillsIn(form: Form): boolean {
  return form.kind === 'unquote' || form.kind === 'splice' || children(form).some(fillsIn);
}

/** A parameter's name that stands in a form. */
function parameterIn(form: Form, parameters: readonly Form[]): string | undefined {
  if (isParameter(form, parameters)) return symbolName(form);
  for (const part of children(form)) {
    const found = parameterIn(part, parameters);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The form as a template has it. */
function withCommas(form: Form, parameters: readonly Form[]): Form {
  if (isParameter(form, parameters)) return { kind: 'unquote', form, span: form.span };
  if (form.kind !== 'list') return form;
  return { ...form, items: form.items.map((item) => withCommas(item, parameters)) };
}

/** What all expansions of one run share: it ends them if they do not end by themselves. */
export class Expansions {
  /** Forms that templates may make in all. */
  readonly budget = { forms: 2_000_000 };
  /** The names of all macros: most calls can be told from macro calls by them. */
  readonly names = new Set<string>();
  readonly #step: 1 | -1;
  #last = 0;

  /** Marks are numbered up from 1, or down from -1. */
  constructor(step: 1 | -1 = 1) {
    this.#step = step;
  }

  mark(module: string): Mark {
    this.#last += this.#step;
    return { id: this.#last, module };
  }
}

/** A macro that calls itself this deep will not come to an end. */
const DEPTH_LIMIT = 200;

/** One step: the call replaced by the macro's template. Undefined where it was refused, and reported. */
export function expandCall(
  macro: Macro,
  call: ListForm,
  expansions: Expansions,
  diagnostics: Diagnostics,
): Form | undefined {
  let depth = 0;
  for (let e = call.span.expansion; e !== undefined; e = e.outer) depth++;
  if (depth > DEPTH_LIMIT || expansions.budget.forms < 0) {
    diagnostics.error(
      'macro-limit',
      outermost(call.span),
      `the expansion of \`${macro.name}\` does not come to an end`,
    );
    return undefined;
  }
  if (macro.parameters === undefined) return undefined;
  const given = new Map<string, Form | readonly Form[]>();
  if (!bindAll(macro.parameters, call.items.slice(1), given)) {
    diagnostics.error('bad-macro-call', call.span, `this is not what the macro \`${macro.name}\` takes`, {
      hint: `it is called \`(${[macro.name, ...macro.parameters.map(print)].join(' ')})\``,
      notes: [{ message: 'it takes these', span: macro.span }],
    });
    return undefined;
  }
  return instantiate(macro.template, {
    macro: macro.name,
    call: call.span,
    mark: expansions.mark(macro.module),
    arguments: given,
    diagnostics,
    budget: expansions.budget,
  });
}

/** The call in the text that led to this one. */
function outermost({ source, start, end }: Span): Span {
  return { source, start, end };
}

/** Parameters may be lists themselves, which take the argument apart. */
function bindAll(
  parameters: readonly Form[],
  args: readonly Form[],
  given: Map<string, Form | readonly Form[]>,
): boolean {
  const rest = parameters.findIndex((p) => symbolName(p) === '&rest');
  const fixed = rest < 0 ? parameters : parameters.slice(0, rest);
  if (rest < 0 ? args.length !== fixed.length : args.length < fixed.length) return false;
  if (rest >= 0) {
    const name = symbolName(parameters[rest + 1]);
    if (name === undefined || parameters.length !== rest + 2) return false;
    given.set(name, args.slice(fixed.length));
  }
  return fixed.every((parameter, i) => {
    const arg = args[i] as Form;
    if (parameter.kind === 'symbol') {
      given.set(parameter.name, arg);
      return true;
    }
    return parameter.kind === 'list' && arg.kind === 'list' && bindAll(parameter.items, arg.items, given);
  });
}
