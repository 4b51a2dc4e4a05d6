/** `sluice check FILE ...`: says what is wrong with scripts and runs nothing. */
import type { Source } from '../syntax/index.ts';
import { printDiagnostics } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { type Analysis, analyse } from './compile.ts';
import { GameImages, imageNames, imagesHelp } from './game-images.ts';
import { readArguments, UsageError } from './options.ts';
import { importedFiles, importerOf, looksLikeModule, programSources } from './program-files.ts';
import { readScript } from './script-file.ts';

export const checkCommand: Command = {
  summary: 'says what is wrong with scripts',
  help: `Usage: sluice check FILE.slu ... [--images DIR] [--release]

Checks each script as a program of its own, with the modules it imports and its tests, and runs none. A script that another one imports
is checked as a module: its \`main\`, \`start\` and \`frame\` may be of any type. The others that are looked at are those that are named, and those
in its folder and above up to the project's. \`--release\` makes no difference: both modes accept the same programs.

  ${imagesHelp(16)}

Exit codes: 0 no errors, 1 errors (warnings are none).
`,

  async run(args, streams) {
    const read = readArguments('check', args, { release: 'flag', images: 'value' });
    const { positionals } = read;
    if (positionals.length === 0)
      throw new UsageError('`sluice check` needs a file: `sluice check FILE.slu ...`');
    // All files are read before any is checked, so that a mistyped name is told at once.
    const mains = await Promise.all(positionals.map(readScript));
    const programs = await Promise.all(mains.map((main) => programSources(main)));
    const modules = importedFiles(programs);
    const images = new GameImages(read, streams, { warns: true });
    const results: Analysis[] = [];
    for (const [i, sources] of programs.entries()) {
      const main = mains[i] as Source;
      const names = imageNames(await images.of(main.name));
      const as = (imported: boolean) => analyse(sources, { tests: true, imported, ...names });
      const found = modules.has(main.name) ? { analysis: as(true) } : await analysedAlone(main, as);
      if (found.note !== undefined) streams.out(`${main.name} is checked as a module${found.note}\n`);
      results.push(found.analysis);
    }
    printDiagnostics(
      results.flatMap(({ diagnostics }) => diagnostics),
      streams,
    );
    return results.every(({ program }) => program !== undefined) && !images.failed ? OK : REFUSED;
  },
};

interface Finding {
  readonly analysis: Analysis;
  /** Why it was taken for a module; undefined where it was not. */
  readonly note?: string;
}

/** A script that nobody said what it is: where a main script like it has mistakes, it may be a module. */
async function analysedAlone(main: Source, as: (imported: boolean) => Analysis): Promise<Finding> {
  const asMain = as(false);
  if (asMain.program !== undefined) return { analysis: asMain };
  const importer = await importerOf(main.name);
  if (importer !== undefined) return { analysis: as(true), note: `: ${importer} imports it` };
  if (!looksLikeModule(main)) return { analysis: asMain };
  const asModule = as(true);
  if (errorsIn(asModule) >= errorsIn(asMain)) return { analysis: asMain };
  return { analysis: asModule, note: ': what is public in it is not for a main script' };
}

const errorsIn = ({ diagnostics }: Analysis): number =>
  diagnostics.filter(({ severity }) => severity === 'error').length;
