/**
 * Has a vector that a function fills and forgets be one that is kept, and its room with it: a global, emptied each time.
 *
 *     (defn frame (dt)                        (defglobal *frame-names* : (MutVec String) (mut-vec))
 *       (let ((names (mut-vec)))              (defn frame (dt)
 *         (push! names ...) ...))               (let ((names (do (clear! *frame-names*) *frame-names*)))
 *                                                 (push! names ...) ...))
 *
 * That is right only where the vector never leaves the `let`, and the function is not entered again meanwhile. The first the compiler says
 * of another text, in which the vector alone lives in an arena: it takes that where nothing of it leaves.
 *
 *     (with-arena work (let ((names (mut-vec))) (outside work (push! names ...) ...)))
 */
import { type Form, headName, type Source, symbolName } from '../../syntax/index.ts';
import { editAt } from './edits.ts';
import { enclosing } from './enclosing.ts';
import type { ProfiledSite, TextEdit } from './recording.ts';

export interface BufferEdit {
  /** What the function calls the vector. */
  readonly vector: string;
  /** What the compiler takes where the vector never leaves. */
  readonly proof: readonly TextEdit[];
  readonly edits: readonly TextEdit[];
}

/** Undefined where the site does not make a vector that a `let` around it names, or what grows one. */
export function bufferEdit(
  sources: readonly Source[],
  site: ProfiledSite,
  sites: readonly ProfiledSite[],
): BufferEdit | undefined {
  const { source, forms = [] } = enclosing(sources, site) ?? {};
  const [definition] = forms;
  const filled = forms.map(filledBy).findLast((name) => name !== undefined);
  for (const form of forms.toReversed()) {
    const found = vectorIn(form, (name, value) => name === filled || forms.includes(value));
    if (found === undefined || source === undefined || definition === undefined) continue;
    const { name: vector, value, first, last } = found;
    const type = typeOf(source, value, sites);
    if (type === undefined) return undefined;
    const global = `*${site.function}-${vector}*`;
    return {
      vector,
      proof: [
        editAt(source, form.span.start, '(with-arena work '),
        editAt(source, first.span.start, '(outside work '),
        editAt(source, last.span.end, ')'),
        editAt(source, form.span.end, ')'),
      ],
      edits: [
        editAt(source, definition.span.start, `(defglobal ${global} : ${type} (mut-vec))\n`),
        editAt(source, value.span.start, `(do (clear! ${global}) ${global})`, textOf(source, value)),
      ],
    };
  }
  return undefined;
}

/** `xs` of `(push! xs x)`. */
function filledBy(form: Form): string | undefined {
  return form.kind === 'list' && headName(form)?.endsWith('!') === true
    ? symbolName(form.items[1])
    : undefined;
}

/** A new vector that a `let` names, and what its body begins and ends with. */
function vectorIn(
  form: Form,
  isWanted: (name: string, value: Form) => boolean,
): { readonly name: string; readonly value: Form; readonly first: Form; readonly last: Form } | undefined {
  if (form.kind !== 'list' || headName(form) !== 'let') return undefined;
  const [, bindings, first] = form.items;
  const last = form.items.at(-1);
  if (bindings?.kind !== 'list' || first === undefined || last === undefined || form.items.length < 3)
    return undefined;
  for (const binding of bindings.items) {
    if (binding.kind !== 'list') continue;
    const name = symbolName(binding.items[0]);
    const value = binding.items.at(-1);
    if (name === undefined || name === 'mut' || value?.kind !== 'list') continue;
    if (headName(value) !== 'mut-vec' || value.items.length > 1 || !isWanted(name, value)) continue;
    return { name, value, first: form.items[2] as Form, last };
  }
  return undefined;
}

/** The type of the vector that a form makes, as the run has seen it. */
function typeOf(source: Source, { span }: Form, sites: readonly ProfiledSite[]): string | undefined {
  const { line, column } = source.position(span.start);
  return sites.find(
    (one) =>
      one.file === source.name &&
      one.line === line &&
      one.column === column &&
      one.type.startsWith('(MutVec '),
  )?.type;
}

const textOf = ({ text }: Source, { span }: Form): string => text.slice(span.start, span.end);
