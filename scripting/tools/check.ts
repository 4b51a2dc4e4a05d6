/** `sluice check FILE ...`: says what is wrong with scripts and runs nothing. */
import type { Source } from '../syntax/index.ts';
import { printDiagnostics } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { type Analysis, analyse } from './compile.ts';
import { GameImages, imageNames, imagesHelp } from './game-images.ts';
import { readArguments, UsageError } from './options.ts';
import { importedFiles, programSources } from './program-files.ts';
import { readScript } from './script-file.ts';

export const checkCommand: Command = {
  summary: 'says what is wrong with scripts',
  help: `Usage: sluice check FILE.slu ... [--images DIR] [--release]

Checks each script as a program of its own, with the modules it imports and its tests, and runs none. \`--release\` makes no difference: both modes accept the same
programs.

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
      const { name } = mains[i] as Source;
      const names = imageNames(await images.of(name));
      results.push(analyse(sources, { tests: true, imported: modules.has(name), ...names }));
    }
    printDiagnostics(
      results.flatMap(({ diagnostics }) => diagnostics),
      streams,
    );
    return results.every(({ program }) => program !== undefined) && !images.failed ? OK : REFUSED;
  },
};
