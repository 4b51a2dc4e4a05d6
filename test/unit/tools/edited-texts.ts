/** Edits of programs as they come while somebody writes: most are in one place, some leave the program with a mistake. */
import { children, Diagnostics, type Form, read, Source } from '../../../scripting/syntax/index.ts';
import type { Random } from '../../generated/random.ts';

/** The texts of a program's sources, by their names. */
export type Texts = ReadonlyMap<string, string>;

/** The same texts with one change in one of them. */
export function edited(texts: Texts, random: Random): Texts {
  const name = random.pick([...texts.keys()]);
  const text = texts.get(name) as string;
  const source = new Source(name, text);
  const forms = read(source, new Diagnostics());
  if (forms.length === 0) return texts;
  const next = random.pick(EDITS)(text, forms, random);
  return new Map(texts).set(name, next ?? text);
}

/** Undefined where there is nothing of the kind. */
type Edit = (text: string, forms: readonly Form[], random: Random) => string | undefined;

const around =
  (before: string, after: string): Edit =>
  (text, forms, random) => {
    const { start, end } = random.pick(inside(forms)).span;
    return `${text.slice(0, start)}${before}${text.slice(start, end)}${after}${text.slice(end)}`;
  };

/** Another spelling of the forms of a kind. */
const rewritten =
  (kind: Form['kind'], change: (written: string) => string): Edit =>
  (text, forms, random) => {
    const found = inside(forms).filter((form) => form.kind === kind);
    if (found.length === 0) return undefined;
    const { start, end } = random.pick(found).span;
    return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
  };

const betweenForms =
  (inserted: string): Edit =>
  (text, forms, random) => {
    const { start } = random.pick(forms).span;
    return text.slice(0, start) + inserted + text.slice(start);
  };

const EDITS: readonly Edit[] = [
  around('(do ', ')'),
  around('(do ', ')'),
  around('((fn () ', '))'),
  around('(let ((held ', ')) held)'),
  around('(if true ', ' (error "never"))'),
  around('(first [', '])'),
  around('(identity-of ', ')'),
  rewritten('integer', (written) => `${written}1`),
  rewritten('integer', (written) => `${written}1`),
  rewritten('string', (written) => `${written.slice(0, -1)}!"`),
  rewritten('bool', (written) => (written === 'true' ? 'false' : 'true')),
  betweenForms('; a comment\n'),
  betweenForms('\n\n  '),
  betweenForms('(defn identity-of (x) x)\n'),
  // Pieces cut out, and put in place of others.
  (text, forms, random) => {
    const { start, end } = random.pick(inside(forms)).span;
    return text.slice(0, start) + text.slice(end);
  },
  (text, forms, random) => {
    const [to, from] = [random.pick(inside(forms)).span, random.pick(inside(forms)).span];
    return text.slice(0, to.start) + text.slice(from.start, from.end) + text.slice(to.end);
  },
  (text, forms, random) => {
    const { start, end } = random.pick(forms).span;
    return `${text.slice(0, start)}${text.slice(end)}\n${text.slice(start, end)}\n`;
  },
];

/** All forms in these, those of definitions' bodies more than once: that is where people write. */
function inside(forms: readonly Form[]): readonly Form[] {
  const all = (form: Form): readonly Form[] => [form, ...children(form).flatMap(all)];
  const bodies = forms.flatMap((form) => children(form).slice(3)).flatMap(all);
  return [...forms.flatMap(all), ...bodies, ...bodies];
}
