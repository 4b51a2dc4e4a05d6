/** Which characters make names and numbers: the lexical rules of the language, in one place. */
import { singleOf } from './single.ts';

const NAME = /[\p{L}\p{M}\p{Nd}\-_?!<>=+*/%&.]/u;
const WHITE_SPACE = /[\s,\uFEFF]/;

/** Letters, digits and `- _ ? ! < > = + * / % & .`; `character` is one code point. */
export function isNameCharacter(character: string): boolean {
  return NAME.test(character);
}

/** Commas are white space too. */
export function isWhiteSpace(character: string): boolean {
  return WHITE_SPACE.test(character);
}

/** True for a symbol of characters that make no names: the reader has refused it, and left it where it stands. */
export function isStray(name: string): boolean {
  return name !== ':' && !NAME.test(String.fromCodePoint(name.codePointAt(0) ?? 0));
}

const NAME_RUN = new RegExp(`${NAME.source}+`, 'uy');
const WHITE_SPACE_RUN = new RegExp(`${WHITE_SPACE.source}+`, 'y');

/** Where the name characters that begin at an offset end; the offset itself where there is none. */
export function endOfName(text: string, from: number): number {
  return endOfRun(NAME_RUN, text, from);
}

/** The same of white space. */
export function endOfWhiteSpace(text: string, from: number): number {
  return endOfRun(WHITE_SPACE_RUN, text, from);
}

function endOfRun(run: RegExp, text: string, from: number): number {
  run.lastIndex = from;
  return run.test(text) ? run.lastIndex : from;
}

/** True for a word that can only be meant as a number: digits first, perhaps after a sign. */
export function looksLikeNumber(word: string): boolean {
  return /^[-+]?\d/.test(word);
}

/** The number a word stands for; undefined if it is none, or a float that is too large. */
export function numberOf(
  word: string,
): { kind: 'integer'; value: bigint } | { kind: 'float'; value: number; single?: number } | undefined {
  // More digits than any number type can hold are refused here, so that no input costs more than its length.
  if (word.length > 400) return undefined;
  const integer = /^([-+]?)(0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*|\d+(?:_\d+)*)$/.exec(word);
  if (integer) {
    const magnitude = BigInt((integer[2] as string).replaceAll('_', ''));
    return { kind: 'integer', value: integer[1] === '-' ? -magnitude : magnitude };
  }
  if (!/^[-+]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][-+]?\d+)?$/.test(word)) return undefined;
  const value = Number(word.replaceAll('_', ''));
  if (!Number.isFinite(value)) return undefined;
  const single = singleOf(word, value);
  return single === undefined ? { kind: 'float', value } : { kind: 'float', value, single };
}
