/** `scene`: a part of a game, with what is done when it begins and when it ends. */

import type { Form, ListForm, SymbolForm } from '../../syntax/index.ts';
import { gameName } from '../forms/index.ts';
import type { Declarations } from './declarations.ts';
import { addHandler } from './event-declaration.ts';
import { declareGlobal } from './global-declaration.ts';

/**
 * `(scene title :enter e ... :leave e ...)`: a global that is no more than a name, and handlers of what `sluice.game` tells of scenes.
 *
 *     (defglobal title : Scene (%scene "title" "main.title"))
 *     (on-event :%enter-scene (key) (if (%is-scene? key "main.title") (do e ...)))
 */
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
  const own = (text: string): SymbolForm => ({ ...make, name: text });
  const word = (text: string): SymbolForm => ({ kind: 'symbol', name: text, span });
  const list = (...items: readonly Form[]): ListForm => ({ kind: 'list', items, span });
  const text = (value: string): Form => ({ kind: 'string', value, span: name.span });
  const key = text(module.key(name.name));
  const value = list(make, text(name.name), key);
  declareGlobal(module, list(word('defglobal'), name, word(':'), own('Scene'), value), isPublic);
  for (const [part, body] of [['enter', enter] as const, ['leave', leave] as const]) {
    if (body.length === 0) continue;
    addHandler(module, form, {
      name: { kind: 'keyword', name: `%${part}-scene`, span: name.span },
      params: [own('key')],
      body: [list(word('if'), list(own('%is-scene?'), own('key'), key), list(word('do'), ...body))],
      title: `${part} of ${name.name}`,
    });
  }
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
