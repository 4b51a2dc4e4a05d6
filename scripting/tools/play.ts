/** `sluice play FOLDER`: runs a game without a screen and tells what its frames cost. */
import { InputPage } from '../../engine/input/index.ts';
import { Culprit, type FrameSummary, type Spread, summarise } from '../../engine/profile/index.ts';
import { checksum } from '../machine/index.ts';
import { buildScript } from './build-script.ts';
import { type Command, FAILED, OK, REFUSED } from './command.ts';
import { culpritName } from './culprit-name.ts';
import { checkFinalCalls, checkUntil, doubt, makeFinalCalls } from './final-calls.ts';
import { GameImages, imageNames, imagesHelp } from './game-images.ts';
import { frameOptions, inputHelp, recordedInput, startHeadless } from './headless-game.ts';
import { hostHelp, hostHint, hostOption } from './host-file.ts';
import { numberOption, readArguments, seedOption, UsageError } from './options.ts';
import { reportingErrors } from './outcome.ts';
import { programSources } from './program-files.ts';
import { findMainScript, readScript } from './script-file.ts';
import { verify } from './verified.ts';

export const playCommand: Command = {
  summary: 'runs a game without a screen and reports on its frames',
  help: `Usage: sluice play FOLDER --frames N [--rate 60] [--input FILE] [--host FILE.mjs] [--images DIR] [--seed N]
                   [--until NAME] [--call NAME ...] [--release] [--checked [--verify-every N]]

Runs the game in a folder for N frames: its \`start\`, then \`frame\` and the behaviours. The main script is named after the
folder, or \`main.slu\`, or the only one there. Time is virtual, so nothing waits for a display; a gap lasts until the
next frame would begin. The report ends with a checksum of the script's world: the same script with the same input has the same
one, on every machine.

  --frames N   how many frames; with \`--until\`, at most
  --rate HZ    frames a second, 60 unless given
  ${inputHelp(15)}
  ${hostHelp(15)}
  ${imagesHelp(15)}
  --seed N     the number that \`random\` begins with, as \`(random-seed N)\` would; 0 unless given
  --until NAME ends after the frame in which \`(pub defn NAME () : Bool ...)\` is true first; where it never is, the run has failed
  --call NAME  calls a function \`(pub defn NAME () ...)\` after the frames, and prints what it returns unless that is \`Unit\`;
               can be given several times
  --release    optimised, as in a finished game
  --checked    tests at run time that nothing outlives its arena and that nothing is used that was freed, and verifies the
               heap at the end; with \`--verify-every N\` also after every N frames

Exit codes: 0 all frames ran, 1 the script does not compile, 2 something in it failed.
`,

  async run(args, streams) {
    const read = readArguments('play', args, {
      frames: 'value',
      rate: 'value',
      input: 'value',
      release: 'flag',
      checked: 'flag',
      'verify-every': 'value',
      host: 'value',
      images: 'value',
      seed: 'value',
      until: 'value',
      call: 'values',
    });
    const [folder, ...more] = read.positionals;
    if (folder === undefined || more.length > 0)
      throw new UsageError('`sluice play` takes one folder: `sluice play FOLDER --frames N`');
    const { frames, rate } = frameOptions(read, 'play');
    const checked = read.flags.has('checked');
    const every = numberOption(read, 'verify-every', 1) ?? frames;
    if (!Number.isInteger(every)) throw new UsageError('`--verify-every` needs a whole number of frames');
    if (read.values.has('verify-every') && !checked)
      throw new UsageError('`--verify-every` goes with `--checked`');
    const calls = read.lists.get('call') ?? [];
    const until = read.values.get('until');
    const seed = seedOption(read);
    const page = new InputPage();
    const recorded = await recordedInput(read.values.get('input'));
    const main = await readScript(await findMainScript(folder));
    const sources = await programSources(main);
    const images = await new GameImages(read, streams).of(main.name);
    const host = await hostOption(read, images, page);
    const mode = read.flags.has('release') ? 'release' : 'development';
    const image = await buildScript(sources, { mode, checked, shown: calls, ...imageNames(images) }, streams);
    if (image === undefined) return REFUSED;
    checkFinalCalls(image, calls, main);
    if (until !== undefined) checkUntil(image, until, main);
    const warning = calls.length === 0 && until === undefined ? undefined : doubt(image, sources);
    if (warning !== undefined) streams.error(`${warning}\n`);
    const play = async () => {
      const game = { image, sources, host, seed, page, recorded, frames, rate };
      const { machine, driver } = await startHeadless(game, streams);
      let over = false;
      for (let played = 1; played <= frames && !over; played += 1) {
        driver.run(1);
        over = until !== undefined && machine.call(until) === true;
        if (checked && (over || played === frames || played % every === 0)) verify(machine);
      }
      const summary = summarise(driver.loop.recorder);
      const title = `${main.name}, ${checked ? 'checked ' : ''}${mode}, ${rate} Hz`;
      streams.out(frameReport(title, summary, await checksum(machine)));
      makeFinalCalls(machine, calls);
      if (until === undefined || over) return summary.errors > 0 ? FAILED : OK;
      streams.error(`sluice: \`${until}\` was not true after any of ${frames} frames\n`);
      return FAILED;
    };
    return reportingErrors(sources, streams, play, (error) => hostHint(read, error));
  },
};

/** The table that `play` prints. */
function frameReport(title: string, summary: FrameSummary, world: string): string {
  const spread = (name: string, unit: string, { p50, p99, max }: Spread, print: (value: number) => string) =>
    `  ${name.padEnd(16)}p50 ${print(p50)}   p99 ${print(p99)}   max ${print(max)} ${unit}`;
  const size = (name: string, bytes: number) => `  ${name.padEnd(16)}${kilobytes(bytes)} KB`;
  return `${[
    `${summary.frames} frames of ${title}`,
    spread('script', 'ms', summary.script, milliseconds),
    spread('gap', 'ms', summary.gap, milliseconds),
    spread('allocated', 'KB a frame', summary.allocated, kilobytes),
    `  ${'collections'.padEnd(16)}${summary.collections} (${summary.collectionsInFrame} inside a frame), ` +
      `${summary.slices} slices, the longest ${summary.longestSlice.toFixed(3)} ms`,
    size('live', summary.live),
    size('young', summary.young),
    size('arena', summary.arena),
    size('memory', summary.memory),
    size('holes', summary.holes),
    ...collectorReport(summary),
    spread('start', `ms after its time${blame(summary.startBy, 1, ' ms')}`, summary.start, milliseconds),
    spread('end', 'ms after its time', summary.end, milliseconds),
    `  ${'late frames'.padEnd(16)}${summary.late}${blame(summary.lateBy, 0, '')}`,
    `  ${'errors'.padEnd(16)}${summary.errors}`,
    `  ${'checksum'.padEnd(16)}${world}`,
  ].join('\n')}\n`;
}

/** What the collector did, and what it had to do it with. */
function collectorReport(summary: FrameSummary): string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(16)}${text}`;
  const kinds = Object.entries(summary.kinds)
    .filter(([, { count }]) => count > 0)
    .map(([kind, { count, time }]) => `${kind} ${count} (${time.toFixed(1)} ms)`);
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const { remembered, guaranteedFrames, guaranteed, debt, suppressed, suppressedBytes, finish } = summary;
  const lines = [
    line('slices', `${kinds.join(', ') || 'none'}; at most ${summary.largestWork} units between clock reads`),
    line('gap used', percent(summary.gapUsed)),
    line('survival', `${percent(summary.survival)} of what young collections examined`),
    line('remembered', `p50 ${remembered.p50}   p99 ${remembered.p99}   max ${remembered.max} objects`),
  ];
  if (finish > 0) lines.push(line('cycle', `in progress, to finish in ${finish} frames`));
  if (debt > 0)
    lines.push(
      line(
        'debt',
        `at most ${kilobytes(debt).trim()} KB beyond the soft limit; ` +
          `${guaranteedFrames} frames were charged ${guaranteed.toFixed(1)} ms for it`,
      ),
    );
  if (suppressed > 0)
    lines.push(
      line('suppressed', `up to ${suppressed} deep, at most ${kilobytes(suppressedBytes).trim()} KB waiting`),
    );
  return lines;
}

/** Who was to blame and for how much of it, to follow the whole: what is 0 with so many places is left out. */
function blame(by: readonly number[], places: number, unit: string): string {
  const guilty = Object.values(Culprit).flatMap((who) => {
    const share = (by[who] ?? 0).toFixed(places);
    return who === Culprit.NOBODY || Number(share) === 0 ? [] : [`${culpritName(who)} ${share}${unit}`];
  });
  return guilty.length > 0 ? ` (${guilty.join(', ')})` : '';
}

function milliseconds(value: number): string {
  return value.toFixed(3).padStart(8);
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1).padStart(8);
}
