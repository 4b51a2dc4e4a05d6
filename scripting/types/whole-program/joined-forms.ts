/**
 * `f(x)` and `xs[0]`: a name, and beside it a form of its own. Where that is wrong it is nearly always the call or the index of other
 * languages, so what it leads to is told as one mistake. Where it is right, as in `(f(g x))`, nobody minds.
 */

import type { Diagnostic, Diagnostics, Span } from '../../syntax/index.ts';

/** Tells what `f(x)` led to as one mistake. */
export function tellOfJoinedForms({ all }: Diagnostics): void {
  const told = new Set<string>();
  const kept = all.flatMap((diagnostic): readonly Diagnostic[] => {
    const joined = diagnostic.severity === 'error' ? joinedAt(diagnostic.span) : undefined;
    if (joined === undefined || (!joined.isCall && diagnostic.hint !== undefined)) return [diagnostic];
    const { span, hint, isCall } = joined;
    const place = `${span.source.name}:${span.start}`;
    if (told.has(place)) return [];
    told.add(place);
    const message = isCall
      ? 'a call begins with its parenthesis'
      : 'an element of a vector is not written so';
    return [{ severity: 'error', code: 'bad-form', span, message, hint }];
  });
  if (told.size > 0) all.splice(0, all.length, ...kept);
}

interface Joined {
  readonly span: Span;
  readonly hint: string;
  readonly isCall: boolean;
}

/** Longer forms are not looked through. */
const LONGEST = 100;

/** A name with a form joined to it that a diagnostic is about: the name, the form, the form's first word, or what they stand in. */
function joinedAt({ source, start, end, expansion }: Span): Joined | undefined {
  if (expansion !== undefined) return undefined;
  const { text } = source;
  const inside = end - start > LONGEST ? [] : [...text.slice(start, end).matchAll(/[([]/g)];
  const places = [end, start, start - 1, ...inside.map(({ index }) => start + index)];
  for (const open of places) {
    const isCall = text[open] === '(';
    const name = isCall || text[open] === '[' ? nameBefore(text, open) : undefined;
    const close = name === undefined ? undefined : closing(text, open);
    if (name === undefined || close === undefined) continue;
    const content = text.slice(open + 1, close);
    return {
      span: { source, start: open - name.length, end: close + 1 },
      hint: isCall ? callHint(name, content) : `\`(nth ${name} ${content})\` is an element of a vector`,
      isCall,
    };
  }
  return undefined;
}

/** The name that ends where a bracket opens; undefined where there is none, and where it is the head of a list, as in `(f(g x))`. */
function nameBefore(text: string, open: number): string | undefined {
  const [name] = /[\p{L}_*][\p{L}\p{Nd}\-_?!*.]*$/u.exec(text.slice(Math.max(0, open - LONGEST), open)) ?? [];
  const before = name === undefined ? undefined : text[open - name.length - 1];
  return before === undefined || /[\s,)\]]/.test(before) ? name : undefined;
}

/** Where the bracket that opens at an offset is closed. */
function closing(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < Math.min(text.length, open + LONGEST); at++) {
    if ('([{'.includes(text[at] as string)) depth++;
    if (')]}'.includes(text[at] as string) && --depth === 0) return at;
  }
  return undefined;
}

/** `f(a, g(b))` as it is written here. */
function callHint(name: string, content: string): string {
  const args = content.replace(/\s*,\s*/g, ' ').trim();
  const inner = args.replace(/([\p{L}_][\p{L}\p{Nd}\-_?!]*)\(/gu, '($1 ').replace(/ \)/g, ')');
  const [, of, method] = /^([^.]+)\.([^.]+)$/.exec(name) ?? [];
  const written = [method ?? name, of ?? '', inner].filter((part) => part !== '').join(' ');
  // In a string, commas and parentheses are its own.
  const isPlain = !/['\n]|\s[-+*/<>=%&]+\s|"[^"]*[,()]|[,()][^"]*"/.test(content);
  return isPlain ? `it is written \`(${written})\`` : `it is written \`(${method ?? name} ...)\``;
}
