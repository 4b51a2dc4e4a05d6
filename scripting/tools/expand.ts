/** `sluice expand FILE`: prints a script as it is when its macros are expanded. */
import { constructorNames, expandProgram, withPlainNames } from '../macros/index.ts';
import { Diagnostics, type Form, headName, layOut, nearest, symbolName } from '../syntax/index.ts';
import { printDiagnostics } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { readArguments, UsageError } from './options.ts';
import { programSources } from './program-files.ts';
import { programForms } from './program-forms.ts';
import { readScript } from './script-file.ts';

export const expandCommand: Command = {
  summary: 'shows a script with its macros expanded',
  help: `Usage: sluice expand FILE.slu [--form NAME]

Prints the script's forms after macro expansion, without the macros' definitions. A name that a macro brought in and that
would meet another one of the same spelling is shown with a number, as \`tmp%1\`: so what is printed can be read again and
means the same, as long as the macros' own modules make public what their macros use. Comments are gone. \`check\`, \`->\`
and \`->>\` are expanded too.

  --form NAME   only what defines NAME: \`--form main\`, \`--form Enemy\`

Exit codes: 0 all is well, 1 macros are called or written wrongly.
`,

  async run(args, streams) {
    const read = readArguments('expand', args, { form: 'value' });
    const [file, ...more] = read.positionals;
    if (file === undefined || more.length > 0)
      throw new UsageError('`sluice expand` takes one file: `sluice expand FILE.slu`');
    const diagnostics = new Diagnostics();
    const expanded = expandLast(await programSources(await readScript(file)), diagnostics);
    printDiagnostics(diagnostics.all, streams);
    const name = read.values.get('form');
    const shown = name === undefined ? expanded : expanded.filter((form) => definedBy(form) === name);
    if (name !== undefined && shown.length === 0) throw new UsageError(nothingDefines(name, file, expanded));
    streams.out(shown.map((form) => `${layOut(form)}\n`).join('\n'));
    return diagnostics.failed ? REFUSED : OK;
  },
};

/** The forms of a program's main script, which is the last of its sources, with their macros expanded. */
export function expandLast(
  sources: Awaited<ReturnType<typeof programSources>>,
  diagnostics: Diagnostics,
): readonly Form[] {
  const expanded = expandProgram(programForms(sources, diagnostics), diagnostics);
  const constructors = new Set([
    'LT',
    'EQ',
    'GT',
    ...expanded.flatMap(({ forms }) => constructorNames(forms)),
  ]);
  return withPlainNames(expanded.at(-1)?.forms ?? [], constructors);
}

/** The name that a top-level form gives a meaning, or a test's. */
function definedBy(form: Form): string | undefined {
  if (form.kind !== 'list') return undefined;
  const items = headName(form) === 'pub' ? form.items.slice(1) : form.items;
  if (!/^(def|declare|behave|instance)/.test(symbolName(items[0]) ?? '')) return undefined;
  const name = items.slice(1).find((item) => !['mut', 'frame'].includes(symbolName(item) ?? ''));
  if (name?.kind === 'string') return name.value;
  return symbolName(name) ?? (name === undefined ? undefined : headName(name));
}

function nothingDefines(name: string, file: string, forms: readonly Form[]): string {
  const near = nearest(
    name,
    forms.flatMap((form) => definedBy(form) ?? []),
  );
  return `nothing in ${file} defines \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}
