/** `sluice types`: TypeScript declarations of what scripts import and export. */
import { basename } from 'node:path';
import type { Image } from '../image/index.ts';
import type { Source } from '../syntax/index.ts';
import { buildScript } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { declarationFile, writeDeclarations } from './declaration-file.ts';
import { declarations } from './declarations.ts';
import { readArguments, UsageError } from './options.ts';
import { importedFiles, programSources } from './program-files.ts';
import { findScripts, readScript } from './script-file.ts';

export const typesCommand: Command = {
  summary: 'writes TypeScript declarations of what scripts import and export',
  help: `Usage: sluice types [FILE.slu or FOLDER ...]

Writes \`game.d.slu.ts\` beside \`game.slu\`, so that TypeScript knows what \`import script from './game.slu'\` gives: the
functions that the host may call, the modules that it must supply, and the types that they speak of. In a folder (the one that
you are in, where none is named) that is done for each script that no other one imports. A file is written only when its
text changes, and stays as it is while its script has errors. TypeScript needs \`"allowArbitraryExtensions": true\`.

  --print   prints the declarations of one script instead of writing them

Exit codes: 0 all is well, 1 a script does not compile.
`,

  async run(args, streams) {
    const { positionals, flags } = readArguments('types', args, { print: 'flag' });
    const build = (sources: readonly Source[], told?: Set<string>): Promise<Image | undefined> =>
      buildScript(sources, { mode: 'development' }, streams, told);
    if (flags.has('print')) {
      const [file, ...more] = positionals;
      if (file === undefined || more.length > 0)
        throw new UsageError('`sluice types --print` takes one file: `sluice types --print FILE.slu`');
      const image = await build(await programSources(await readScript(file)));
      if (image !== undefined) streams.out(declarations(image.manifest, basename(file)));
      return image === undefined ? REFUSED : OK;
    }
    const found = await Promise.all((positionals.length > 0 ? positionals : ['.']).map(findScripts));
    const scripts = await Promise.all([...new Set(found.flat())].map(readScript));
    const programs = await Promise.all(scripts.map((script) => programSources(script)));
    const modules = importedFiles(programs);
    const told = new Set<string>();
    let code = OK;
    for (const [i, { name }] of scripts.entries()) {
      if (modules.has(name) && !positionals.includes(name)) continue;
      const image = await build(programs[i] ?? [], told);
      if (image === undefined) code = REFUSED;
      else if (await writeDeclarations(name, image.manifest)) streams.out(`${declarationFile(name)}\n`);
    }
    return code;
  },
};
