/** `sluice types FILE`: TypeScript declarations of what a script imports and exports. */
import { buildScript } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { declarations } from './declarations.ts';
import { readArguments, UsageError } from './options.ts';
import { programSources } from './program-files.ts';
import { readScript } from './script-file.ts';

export const typesCommand: Command = {
  summary: 'writes TypeScript declarations of what a script imports and exports',
  help: `Usage: sluice types FILE.slu > FILE.d.ts

Prints the interfaces \`ScriptExports\` (the functions that the host may call) and \`ScriptHost\` (the modules and functions
that it must supply), with the types that they speak of.

Exit codes: 0 all is well, 1 the script does not compile.
`,

  async run(args, streams) {
    const [file, ...more] = readArguments('types', args, {}).positionals;
    if (file === undefined || more.length > 0)
      throw new UsageError('`sluice types` takes one file: `sluice types FILE.slu`');
    const main = await readScript(file);
    const image = await buildScript(await programSources(main), { mode: 'development' }, streams);
    if (image === undefined) return REFUSED;
    streams.out(declarations(image.manifest, main.name));
    return OK;
  },
};
