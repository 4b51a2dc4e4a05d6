/** `scene`: a part of a game, with what is done when it begins and when it ends. */

import type { Form, ListForm, SymbolForm } from '../../syntax/index.ts';
import { gameName } from '../forms/index.ts';
import type { Declarations } from './declarations.ts';
import { declareGlobal } from './global-declaration.ts';

/** `(scene title :enter e ... :leave e ...)`: a global, `(defglobal title : Scene (%scene "title" "main.title" (fn () e ...) (fn () e ...)))`. */
export function declareScene(module: Declarations, form: ListForm, isPublic: boolean): void {
  const { cx } = module;
  const [, name, ...parts] = form.items;
  const enter = partOf(parts, 'enter');
  const leave = partOf(parts, 'leave');
  const first = parts[0];
  if (name?.kind !== 'symbol' || enter === undefined || leave === undefined || !isPartOrNone(first)) {
    cx.malformed(form, 'scene', '(scene title :enter e ... :leave e ...)');
    return;
  }
  const make = gameName(cx, module.module, '%scene', form, 'scene');
  if (make === undefined) return;
  const { span } = form;
  const word = (text: string): SymbolForm => ({ kind: 'symbol', name: text, span });
  const list = (...items: readonly Form[]): ListForm => ({ kind: 'list', items, span });
  const fn = (body: readonly Form[]): ListForm => list(word('fn'), list(), ...body);
  const text = (value: string): Form => ({ kind: 'string', value, span: name.span });
  const value = list(make, text(name.name), text(module.key(name.name)), fn(enter), fn(leave));
  const type: SymbolForm = { ...make, name: 'Scene' };
  declareGlobal(
    module,
    { kind: 'list', items: [word('defglobal'), name, word(':'), type, value], span },
    isPublic,
  );
}

const PARTS: ReadonlySet<string> = new Set(['enter', 'leave']);

type Keyword = Form & { readonly kind: 'keyword' };

const isPart = (form: Form): form is Keyword => form.kind === 'keyword' && PARTS.has(form.name);

const isPartOrNone = (form: Form | undefined): boolean => form === undefined || isPart(form);

/** What stands after a keyword, up to the next; undefined where it is there twice. */
function partOf(parts: readonly Form[], name: string): readonly Form[] | undefined {
  const places = parts.flatMap((part, i) => (isPart(part) && part.name === name ? [i] : []));
  const [place] = places;
  if (place === undefined) return [];
  if (places.length > 1) return undefined;
  const body = parts.slice(place + 1);
  const end = body.findIndex(isPart);
  return end < 0 ? body : body.slice(0, end);
}
