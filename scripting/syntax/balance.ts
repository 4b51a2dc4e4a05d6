/** Whether brackets come out even: what to make of a closing one of the wrong shape. */

export type Bracket = 'list' | 'vector' | 'map';

export const OPENING: Readonly<Record<string, Bracket>> = { '(': 'list', '[': 'vector', '{': 'map' };
export const CLOSING: Readonly<Record<string, Bracket>> = { ')': 'list', ']': 'vector', '}': 'map' };
export const CLOSER: Readonly<Record<Bracket, string>> = { list: ')', vector: ']', map: '}' };

/** Strings and comments, in which brackets mean nothing, and brackets. */
const PIECE = /"(?:[^"\\]|\\.)*"|;[^\n]*|[()[\]{}]/gsu;

/**
 * True if the text from an offset on closes just what is open, outermost first, before the next form that begins in the first
 * column.
 */
export function closesAll(text: string, from: number, open: readonly Bracket[]): boolean {
  const stack = [...open];
  const piece = new RegExp(PIECE);
  piece.lastIndex = from;
  for (let found = piece.exec(text); found !== null; found = piece.exec(text)) {
    const [part] = found;
    if (part === '(' && text[found.index - 1] === '\n') break;
    const [opened, closed] = [OPENING[part], CLOSING[part]];
    if (opened !== undefined) stack.push(opened);
    if (closed !== undefined && stack.pop() !== closed) return false;
  }
  return stack.length === 0;
}
