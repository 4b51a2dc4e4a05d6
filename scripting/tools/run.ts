/** `sluice run FILE`: compiles a script and calls its `main`. */
import { Machine } from '../machine/index.ts';
import { buildScript } from './build-script.ts';
import { type Command, OK, REFUSED } from './command.ts';
import { GameImages, imageNames, imagesHelp } from './game-images.ts';
import { hostHelp, hostHint, hostOption } from './host-file.ts';
import { type Arguments, numberOption, readArguments, seedOption, UsageError } from './options.ts';
import { reportingErrors } from './outcome.ts';
import { programSources } from './program-files.ts';
import { limitHint } from './run-error.ts';
import { readScript } from './script-file.ts';
import { optimiseScripts } from './script-tiers.ts';
import { verify } from './verified.ts';

/** Milliseconds that a watched program may run, unless the command says otherwise: endless loops end. */
const DEFAULT_LIMIT = 10_000;

export const runCommand: Command = {
  summary: 'compiles a script and runs its `main`',
  help: `Usage: sluice run FILE.slu [--host FILE.mjs] [--images DIR] [--seed N] [--release] [--checked] [--limit MS]

Compiles a script, evaluates its top level and calls its \`main\`.

  ${hostHelp(15)}
  ${imagesHelp(15)}
  --seed N     the number that \`random\` begins with, as \`(random-seed N)\` would; 0 unless given
  --release    optimised, and without looking at the clock
  --checked    tests at run time that nothing outlives its arena and that nothing is used that was freed, and verifies the
               heap at the end: slower, and never needed but to find mistakes in Sluice itself
  --limit MS   ends the program after so many milliseconds (${DEFAULT_LIMIT} unless --release); 0 for no limit

Exit codes: 0 the script ran to its end, 1 it does not compile, 2 it failed.
`,

  async run(args, streams) {
    const read = readArguments('run', args, {
      release: 'flag',
      checked: 'flag',
      limit: 'value',
      host: 'value',
      images: 'value',
      seed: 'value',
    });
    const [file, ...more] = read.positionals;
    if (file === undefined || more.length > 0)
      throw new UsageError('`sluice run` takes one file: `sluice run FILE.slu`');
    const main = await readScript(file);
    const sources = await programSources(main);
    const images = await new GameImages(read, streams).of(main.name);
    const release = read.flags.has('release');
    const checked = read.flags.has('checked');
    const timeLimit = limitOf(read, release);
    const seed = seedOption(read);
    const host = await hostOption(read, images);
    const image = await buildScript(
      sources,
      {
        mode: release ? 'release' : 'development',
        watch: timeLimit !== Number.POSITIVE_INFINITY,
        checked,
        ...imageNames(images),
      },
      streams,
    );
    if (image === undefined) return REFUSED;
    return reportingErrors(
      sources,
      streams,
      async () => {
        let silent = true;
        const output = (text: string) => {
          silent = false;
          streams.out(text);
        };
        optimiseScripts();
        const machine = await Machine.create(image, { ...host, ...seed, timeLimit, output });
        if (machine.exports('main')) machine.call('main');
        else if (silent) streams.error(`${file} has no \`main\`, and its top level prints nothing\n`);
        if (checked) verify(machine);
        return OK;
      },
      (error) => hostHint(read, error) + limitHint(error),
    );
  },
};

function limitOf(args: Arguments, release: boolean): number {
  const limit = numberOption(args, 'limit', 0) ?? (release ? 0 : DEFAULT_LIMIT);
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}
