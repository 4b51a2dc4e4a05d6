/** `sluice profile GAME`: plays a game without a screen and says why a frame took long. */
import { stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputPage } from '../../engine/input/index.ts';
import { percentiles } from '../../engine/profile/index.ts';
import { buildScript } from './build-script.ts';
import { type Command, FAILED, OK, REFUSED, type Streams } from './command.ts';
import { GameImages, imageNames, imagesHelp } from './game-images.ts';
import { frameOptions, inputHelp, recordedInput } from './headless-game.ts';
import { hostHelp, hostHint, hostOption } from './host-file.ts';
import { type Arguments, numberOption, readArguments, seedOption, UsageError } from './options.ts';
import { reportingErrors } from './outcome.ts';
import type { FrameRange, Recording } from './profile/index.ts';
import { programSources } from './program-files.ts';
import { findGame, readScript } from './script-file.ts';

export const profileCommand: Command = {
  summary: 'runs a game without a screen and says why a frame took long',
  help: `Usage: sluice profile FOLDER --frames N [--rate 60] [--input FILE] [--host FILE.mjs] [--images DIR] [--seed N] [--release]
                      [--sites] [--heap] [--range A-B] [--out trace.json] [--json FILE] [--compare OLD.json] [--fail-over MS]

Runs a game as \`sluice play\` does, watched by Node's profiler, and reports how long frames took, which were the worst, and
why: which function of the script, which function of the host, the script's collector, or what is outside of both. FOLDER is the
game's, or its main script.

  --frames N   how many frames
  --rate HZ    frames a second, 60 unless given
  ${inputHelp(15)};
               \`--inputs\` is the same
  ${hostHelp(15)}
  ${imagesHelp(15)}
  --seed N     the number that \`random\` begins with, as \`(random-seed N)\` would; 0 unless given
  --release    optimised, as in a finished game: what players have. Functions that are put into others count to these there
  --sites      counts what is allocated: which lines make which objects, a frame, who called, how long they live, and what could be
               done. Such a build takes longer, and is none for \`--release\`
  --heap       says what is in the script's heap: by type, what keeps most alive, and what became more in each third of the frames,
               with the way to it
  --range A-B  the tables of functions, lines and sites are of these frames, counted from 0, both among them
  --out FILE   writes a trace that ui.perfetto.dev and chrome://tracing open
  --json FILE  writes the recording, for \`--compare\`
  --compare OLD.json
               says which phases and functions got slower since that recording, beyond what times differ by chance
  --fail-over MS
               fails where the p99 of a frame's work is over MS milliseconds: from its beginning to its end, without the gap,
               and less what the thread waited for other programs, the report's \`work less waits\`

Exit codes: 0 all is well, 1 the script does not compile, or frames took longer than \`--fail-over\` allows, 2 something in the
script failed.
`,

  async run(args, streams) {
    const read = readArguments('profile', args, {
      frames: 'value',
      rate: 'value',
      input: 'value',
      inputs: 'value',
      host: 'value',
      images: 'value',
      seed: 'value',
      release: 'flag',
      sites: 'flag',
      heap: 'flag',
      range: 'value',
      out: 'value',
      json: 'value',
      compare: 'value',
      'fail-over': 'value',
    });
    const [game, ...more] = read.positionals;
    if (game === undefined || more.length > 0)
      throw new UsageError('`sluice profile` takes one folder or file: `sluice profile FOLDER --frames N`');
    const { frames, rate } = frameOptions(read, 'profile');
    const limit = numberOption(read, 'fail-over', 0);
    const range = frameRange(read, frames);
    const counted = read.flags.has('sites');
    if (counted && read.flags.has('release'))
      throw new UsageError('`--sites` counts in the development build: leave `--release` out');
    const seed = seedOption(read);
    const input = read.values.get('input') ?? read.values.get('inputs');
    // What is wrong with a file is told before minutes are spent on what it has, or on what would be written there.
    await recordedInput(input);
    for (const option of ['out', 'json']) await checkFolder(read, option);
    const profile = await import('./profile/index.ts');
    const compared = read.values.get('compare');
    const before = compared === undefined ? undefined : await profile.readRecording(compared);
    const main = await readScript(await findGame(game));
    const sources = await programSources(main);
    const images = await new GameImages(read, streams).of(main.name);
    const anew = async () => {
      const page = new InputPage();
      const host = await hostOption(read, images, page);
      return { host, seed, page, recorded: await recordedInput(input), frames, rate };
    };
    const played = await anew();
    const mode = read.flags.has('release') ? 'release' : 'development';
    const image = await buildScript(sources, { mode, counted, ...imageNames(images) }, streams);
    if (image === undefined) return REFUSED;
    const run = async () => {
      const profiled = await profile.profileGame(
        { image, sources, ...played },
        main.name,
        streams,
        read.flags.has('heap'),
      );
      const again = { sources, images: imageNames(images), anew };
      const hints = counted && (await profile.findHints(profiled.recording, image.manifest.globals, again));
      const recording: Recording = { ...profiled.recording, ...(hints && { hints }) };
      streams.out(profile.report(recording, range));
      if (before !== undefined)
        streams.out(`\n${profile.comparisonReport(before, recording, compared as string)}`);
      await write(read.values.get('json'), recording);
      await write(read.values.get('out'), profile.traceOf(recording, profiled.stacks));
      const failed = recording.frames.some(({ errors }) => errors > 0);
      const tooLong = limit !== undefined && isOver(recording, limit, profile, streams);
      if (failed) return FAILED;
      return tooLong ? REFUSED : OK;
    };
    return reportingErrors(sources, streams, run, (error) => hostHint(read, error));
  },
};

/** Whether frames took longer than they may, and says so. */
function isOver(
  { frames }: Recording,
  limit: number,
  { ms, ownWorkOf }: typeof import('./profile/index.ts'),
  streams: Streams,
): boolean {
  const work = frames.map(ownWorkOf);
  const { p99 } = percentiles(work);
  if (p99 <= limit) return false;
  const over = work.filter((time) => time > limit).length;
  streams.error(
    `sluice: the p99 of a frame's work less waits is ${ms(p99)} ms, over the ${limit} ms of \`--fail-over\`; ` +
      `${over} of ${frames.length} frames worked longer than that\n`,
  );
  return true;
}

/** The frames that tables are of; undefined for all. */
function frameRange(read: Arguments, frames: number): FrameRange | undefined {
  const text = read.values.get('range');
  if (text === undefined) return undefined;
  const { first, last } = /^(?<first>\d+)-(?<last>\d+)$/.exec(text)?.groups ?? {};
  const range = { first: Number(first), last: Number(last) };
  if (first === undefined || range.first > range.last || range.last >= frames)
    throw new UsageError(
      `\`--range\` needs two of the ${frames} frames, counted from 0, as \`--range 0-${frames - 1}\`, not \`${text}\``,
    );
  return range;
}

async function checkFolder(read: Arguments, option: string): Promise<void> {
  const file = read.values.get(option);
  if (file === undefined) return;
  const folder = dirname(file);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new UsageError(`\`--${option}\` cannot write ${file}: there is no folder ${folder}`);
  if ((await stat(file).catch(() => undefined))?.isDirectory())
    throw new UsageError(`\`--${option}\` cannot write ${file}: it is a folder`);
}

async function write(file: string | undefined, content: unknown): Promise<void> {
  if (file === undefined) return;
  await writeFile(file, `${JSON.stringify(content)}\n`).catch((error: Error) => {
    throw new UsageError(`${file} cannot be written: ${error.message}`);
  });
}
