/** `sluice check FILE ...`: says what is wrong with scripts and runs nothing. */
import { printDiagnostics } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { analyse } from './compile.ts';
import { readArguments, UsageError } from './options.ts';
import { importedFiles, programSources } from './program-files.ts';
import { readScript } from './script-file.ts';

export const checkCommand: Command = {
  summary: 'says what is wrong with scripts',
  help: `Usage: sluice check FILE.slu ... [--release]

Checks each script as a program of its own, with the modules it imports and its tests, and runs none. \`--release\` makes no difference: both modes accept the same
programs.

Exit codes: 0 no errors, 1 errors (warnings are none).
`,

  async run(args, streams) {
    const { positionals } = readArguments('check', args, { release: 'flag' });
    if (positionals.length === 0)
      throw new UsageError('`sluice check` needs a file: `sluice check FILE.slu ...`');
    // All files are read before any is checked, so that a mistyped name is told at once.
    const mains = await Promise.all(positionals.map(readScript));
    const programs = await Promise.all(mains.map((main) => programSources(main)));
    const modules = importedFiles(programs);
    const results = programs.map((sources) =>
      analyse(sources, { tests: true, imported: modules.has(sources.at(-1)?.name ?? '') }),
    );
    printDiagnostics(
      results.flatMap(({ diagnostics }) => diagnostics),
      streams,
    );
    return results.every(({ program }) => program !== undefined) ? OK : REFUSED;
  },
};
