/** Numbers as other languages write them, and how they are written here. */

import type { Diagnostics } from './diagnostic.ts';
import type { Source } from './source.ts';

const SUFFIXES: Readonly<Record<string, string>> = { f: 'f32', u: 'u32', ul: 'u64', ll: 'i64' };

/** Written without anything after them. */
const PLAIN: ReadonlySet<string> = new Set(['l', 'n', 'd', 'm', 'lf']);

/** What to write instead of a word that begins like a number and is none. */
export function numberHint(word: string): string {
  const [, a, b] = /^([-+]?\d+)\/(\d+)$/.exec(word) ?? [];
  if (a !== undefined && b !== undefined)
    return `a quotient is \`(/ ${a}.0 ${b}.0)\`, and \`(/ ${a} ${b})\` one of whole numbers`;
  const [, digits, point] = /^([-+]?\d[\d_]*)(\.)$/.exec(word) ?? [];
  if (point !== undefined) return `a number has digits after its point: \`${digits}.0\``;
  const [, percent] = /^(\d+)%$/.exec(word) ?? [];
  if (percent !== undefined) return `a part of a hundred is \`${shown(Number(percent) / 100)}\``;
  if (/^0[bo][\d_]+$/i.test(word)) {
    const value = Number(word.replaceAll('_', ''));
    if (Number.isSafeInteger(value))
      return `numbers are written in tens or sixteens: \`${value}\`, \`0x${value.toString(16)}\``;
  }
  const [, number, suffix = ''] = /^([-+]?\d[\d_]*(?:\.\d+)?)_?([a-z]+\d*)$/i.exec(word) ?? [];
  const name = suffix.toLowerCase();
  const type = Object.hasOwn(SUFFIXES, name)
    ? SUFFIXES[name]
    : /^([iu](8|16|32|64)|f(32|64))$/.test(name)
      ? name
      : undefined;
  if (number !== undefined && type !== undefined)
    return `a number is of the type that is asked for: \`${number}\`, or \`(${type} ${number})\``;
  if (number !== undefined && PLAIN.has(name))
    return `a number is of the type that is asked for: \`${number}\``;
  return 'numbers look like `42`, `-7`, `0xff`, `1_000`, `3.14`, `1e10`; names do not begin with a digit';
}

/** Warns of `1,000`: a comma is a blank, and so these are two numbers. */
export function warnOfSplit(diagnostics: Diagnostics, source: Source, start: number): void {
  const grouped = /\d{1,3}(?:,\d{3})+(?![\w,])/y;
  grouped.lastIndex = start;
  const [written] = grouped.exec(source.text) ?? [];
  if (written === undefined || source.text[start - 1] === ',') return;
  const message = `\`${written}\` is several numbers: a comma is like a blank`;
  const hint = `one is \`${written.replaceAll(',', '_')}\`; \`${written.replaceAll(',', ', ')}\` are several`;
  diagnostics.warning('split-number', { source, start, end: start + written.length }, message, { hint });
}

function shown(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
