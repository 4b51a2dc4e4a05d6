/** The text of a `format`, taken apart: `"{} has {:.1} hp"` is texts with places between them. */

/** How a place's value is written: `{:*>8.1}` is filled with stars to the left, to 8 characters, and has one decimal. */
export interface Place {
  /** As it is written, `{:>8}`. */
  readonly written: string;
  readonly decimals: number | undefined;
  readonly width: number | undefined;
  /** Undefined where it goes by the type: numbers to the right, others to the left. */
  readonly align: Alignment | undefined;
  readonly fill: string;
  /** `{:05}`: zeros between a number's sign and its digits. */
  readonly zeros: boolean;
}

export type Alignment = 'left' | 'centre' | 'right';

interface FormatText {
  /** What stands before, between and after the places. */
  readonly texts: readonly string[];
  readonly places: readonly Place[];
}

/** What is wrong with a text. */
interface BadText {
  readonly problem: string;
  readonly hint: string;
}

const MOST_WIDTH = 1000;
const MOST_DECIMALS = 100;

const SPEC = /^(?:(.)?([<^>]))?(0)?(\d*)(?:\.(\d+))?$/su;
const ALIGNMENTS: Readonly<Record<string, Alignment>> = { '<': 'left', '^': 'centre', '>': 'right' };
const HINT =
  '`{}` takes an argument as it shows, `{:.1}` with one decimal, `{:>8}` `{:<8}` `{:^8}` 8 wide, `{:05}` with zeros before it';

export function readFormat(text: string): FormatText | BadText {
  const texts = [''];
  const places: Place[] = [];
  for (const [token] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (token === '{' || token === '}')
      return {
        problem: 'there is a brace by itself in this text',
        hint: '`{}` takes an argument; `{{` and `}}` are braces',
      };
    if (token.startsWith('{') && token.endsWith('}')) {
      const place = readPlace(token);
      if ('problem' in place) return place;
      places.push(place);
      texts.push('');
    } else texts[texts.length - 1] += token === '{{' || token === '}}' ? token.slice(1) : token;
  }
  return { texts, places };
}

function readPlace(written: string): Place | BadText {
  const inner = written.slice(1, -1);
  if (inner !== '' && !inner.startsWith(':'))
    return {
      problem: `\`${written}\` has a name, and places take the arguments in order`,
      hint: '`(format "{} hp" hp)`; what is said of a place stands after a colon, as in `{:.1}`',
    };
  const found = SPEC.exec(inner.slice(1));
  if (found === null) return { problem: `\`${written}\` is not a place that can be filled`, hint: HINT };
  const [, fill = ' ', sign, zero, width = '', decimals] = found;
  const place: Place = {
    written,
    decimals: decimals === undefined ? undefined : Number(decimals),
    width: width === '' ? undefined : Number(width),
    align: sign === undefined ? undefined : ALIGNMENTS[sign],
    fill,
    zeros: zero !== undefined,
  };
  return tooMuch(place) ?? place;
}

function tooMuch({ written, width, decimals, align, zeros }: Place): BadText | undefined {
  if (width !== undefined && width > MOST_WIDTH)
    return { problem: `\`${written}\` is wider than ${MOST_WIDTH}`, hint: '`string-pad-left` has no limit' };
  if (decimals !== undefined && decimals > MOST_DECIMALS)
    return { problem: `\`${written}\` has more than ${MOST_DECIMALS} decimals`, hint: HINT };
  if (width === undefined && (align !== undefined || zeros))
    return {
      problem: `\`${written}\` does not say how wide it is`,
      hint: '`{:>8}` is 8 wide, `{:05}` is 5 wide',
    };
  return undefined;
}
