/**
 * What of a program's files a reload goes by: the same program is not compiled twice, and a file that is still being written is
 * waited for. Editors save in several ways: some empty a file and write it then, and what lies there in between is no program.
 */
import {
  Diagnostics,
  type Form,
  headName,
  type ListForm,
  readOnce,
  type Source,
  symbolName,
} from '../syntax/index.ts';

/** The files of a program as they lay there at one moment. */
export interface ProgramText {
  /** In the order of compiling; none where there is no main script. */
  readonly sources: readonly Source[];
  /** Paths of the sources, and of all that was looked for: where one comes or goes, the program may be another. */
  readonly files: ReadonlySet<string>;
  readonly looked: ReadonlySet<string>;
}

/** The same for two texts that no compilation tells apart: line ends, comments, and white space at a line's end do not count. */
export function essence({ sources }: Pick<ProgramText, 'sources'>): string {
  return JSON.stringify(sources.map(({ name, text }) => [name, withoutComments(text)]));
}

/** Names of the sources that are not what they were, those that are gone among them. */
export function changedSources(before: ProgramText, now: ProgramText): readonly string[] {
  const texts = ({ sources }: ProgramText) =>
    new Map(sources.map(({ name, text }) => [name, withoutComments(text)]));
  const [was, is] = [texts(before), texts(now)];
  return [...new Set([...is.keys(), ...was.keys()])].filter((name) => was.get(name) !== is.get(name));
}

/**
 * Whether a text may be one that somebody meant. It may be half of one where it cannot be read, where a file is gone or empty or
 * the beginning of what it was, or where `start`, `frame` or a global is no longer there.
 */
export function isWhole(now: ProgramText, before: ProgramText): boolean {
  if (now.sources.some((source) => !canBeRead(source) || withoutComments(source.text).trim() === ''))
    return false;
  if (now.sources.length === 0) return false;
  if ([...before.files].some((file) => !now.files.has(file) && now.looked.has(file))) return false;
  const texts = new Map(before.sources.map(({ name, text }) => [name, text]));
  const cut = now.sources.some(({ name, text }) => {
    const was = texts.get(name) ?? '';
    return text.length < was.length && was.startsWith(text);
  });
  const names = held(now);
  return !cut && [...held(before)].every((name) => names.has(name));
}

function canBeRead(source: Source): boolean {
  const diagnostics = new Diagnostics();
  readOnce(source, diagnostics);
  return !diagnostics.failed;
}

/** What a running game loses first where it is not there: its globals, and what the host calls in each frame. */
function held({ sources }: ProgramText): ReadonlySet<string> {
  const names = sources.flatMap((source) =>
    readOnce(source, new Diagnostics()).flatMap((form) => (form.kind === 'list' ? heldBy(form) : [])),
  );
  return new Set(names);
}

function heldBy(form: ListForm): readonly string[] {
  const words = form.items.map((item: Form) => symbolName(item));
  const at = headName(form) === 'pub' ? 1 : 0;
  const name = words[at + 1] === 'mut' ? words[at + 2] : words[at + 1];
  if (name === undefined) return [];
  if (words[at] === 'defglobal') return [name];
  return words[at] === 'defn' && (name === 'start' || name === 'frame') ? [name] : [];
}

/** Line breaks stay, since errors are told by their lines. */
function withoutComments(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return lines
    .replace(/"(?:\\[\s\S]|[^"\\])*"?|;[^\n]*|[ \t]+/g, (token, at: number) => {
      if (token.startsWith('"')) return token;
      if (token.startsWith(';')) return '';
      return /^[;\n]?$/.test(lines.charAt(at + token.length)) ? '' : token;
    })
    .trimEnd();
}
