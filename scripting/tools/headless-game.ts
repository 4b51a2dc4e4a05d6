/** What the commands share that run a game without a screen: the options, and a machine with its driver. */
import { readFile } from 'node:fs/promises';
import type { GapOptions } from '../../engine/gap/index.ts';
import { type InputPage, RecordedInput } from '../../engine/input/index.ts';
import { HeadlessDriver } from '../../engine/loop/index.ts';
import type { Image } from '../image/index.ts';
import { Machine, type MachineOptions } from '../machine/index.ts';
import type { Source } from '../syntax/index.ts';
import type { Streams } from './command.ts';
import type { Host } from './host-file.ts';
import { type Arguments, numberOption, UsageError } from './options.ts';
import { renderScriptError } from './run-error.ts';
import { optimiseScripts } from './script-tiers.ts';

/** What `--help` says of `--input`, in a list of options whose texts begin at a column. */
export function inputHelp(column: number): string {
  return [
    `${'--input FILE'.padEnd(column - 2)}what the player does, a line an event: the frame, counted from 0, and \`press space\`, \`release space\`,`,
    '`push pad-left-stick-left 0.5`, `pointer 120 40`, `wheel 0 100`, `touch 1 120 40` or `end-touch 1`;',
    '`#` begins a remark',
  ].join(`\n${' '.repeat(column)}`);
}

/** How many frames, of how many a second. Throws a `UsageError` for what is no such number. */
export function frameOptions(read: Arguments, command: string): { frames: number; rate: number } {
  const frames = numberOption(read, 'frames', 1);
  if (frames === undefined || !Number.isInteger(frames))
    throw new UsageError(`\`sluice ${command}\` needs a whole number of frames: \`--frames 600\``);
  return { frames, rate: numberOption(read, 'rate', 1) ?? 60 };
}

/** What the player does, as a file says it; nothing where none is named. Throws a `UsageError` for one that makes no sense. */
export async function recordedInput(file: string | undefined): Promise<RecordedInput> {
  if (file === undefined) return new RecordedInput('');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`there is no file ${file} with input`);
  });
  try {
    return new RecordedInput(text);
  } catch (error) {
    throw new UsageError(`${file}:${(error as Error).message}`);
  }
}

/** A program, and what it is run with. */
export interface HeadlessGame {
  readonly image: Image;
  readonly sources: readonly Source[];
  readonly host: Host;
  readonly seed: { readonly seed?: bigint };
  readonly page: InputPage;
  readonly recorded: RecordedInput;
  readonly frames: number;
  readonly rate: number;
  readonly gap?: GapOptions;
  readonly onWatch?: MachineOptions['onWatch'];
  readonly allocations?: MachineOptions['allocations'];
}

/** Links a game, calls its `start`, and has its driver ready for frame 0. Throws as `Machine.create` does. */
export async function startHeadless(
  game: HeadlessGame,
  streams: Streams,
): Promise<{ machine: Machine; driver: HeadlessDriver }> {
  const { image, sources, host, seed, page, recorded, frames, rate, gap, onWatch, allocations } = game;
  optimiseScripts();
  const machine = await Machine.create(image, {
    ...host,
    ...seed,
    ...(onWatch && { onWatch }),
    ...(allocations && { allocations }),
    output: (text) => streams.out(text),
    onFailure: ({ error }) => streams.error(`${renderScriptError(error, sources)}\n`),
  });
  if (machine.exports('start')) machine.call('start');
  const driver = new HeadlessDriver(machine, { rate, capacity: frames, ...(gap && { gap }) });
  let frame = 0;
  driver.loop.input = {
    run: () => {
      recorded.apply(page, frame);
      frame += 1;
      page.publish(machine.memory);
    },
  };
  return { machine, driver };
}
