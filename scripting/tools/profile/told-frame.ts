/**
 * A frame and why it took as long as it did, in words:
 *
 *     frame 23: 41.320 ms, late by script; allocated 12.0 KB
 *       script 40.900 ms (usually 0.812): `find-way` (game.slu:41) 39.700, 38.200 of it at game.slu:44, by frame > move-orcs > find-way
 *       host audio.load: 0.400 ms (usually 0.000) in 1 call, from `find-way` (game.slu:41)
 */
import { type Cause, Causes } from './causes.ts';
import { functionName, kilobytes, ms, placeOf, siteName } from './in-words.ts';
import type { ProfiledFrame, Recording } from './recording.ts';

/** Milliseconds, and the part of a frame, that are not worth a line. */
const LEAST_TIME = 0.05;
const LEAST_PART = 0.05;

/** Bytes in a frame whose origin is not worth a word. */
const LEAST_BYTES = 16 * 1024;

/** Functions that the way to one is told by, at most. */
const STEPS = 6;

export class ToldFrames {
  readonly #recording: Recording;
  readonly #causes: Causes;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#causes = new Causes(recording);
  }

  worst(count: number): readonly ProfiledFrame[] {
    return this.#causes.worst(count);
  }

  tell(frame: ProfiledFrame): string[] {
    const [first, ...others] = this.#causes.of(frame);
    const more = others.filter(({ time }) => time >= Math.max(LEAST_TIME, LEAST_PART * frame.end));
    const causes = [...(first === undefined ? [] : [first]), ...more];
    const late = frame.late ? `, late by ${frame.lateBy}` : '';
    const named = frame.marks.map((name) => ` "${name}"`).join('');
    const suppressed = frame.suppressed > 0 ? '; collections are suppressed' : '';
    const debt = frame.debt > 0 ? `; ${kilobytes(frame.debt)} KB beyond the soft limit` : '';
    return [
      `  frame ${frame.number}${named}: ${ms(frame.end)} ms${late}; allocated ${kilobytes(frame.allocated)} KB${this.#site(frame)}${suppressed}${debt}`,
      ...causes.map((cause) => `    ${this.#cause(frame, cause)}`),
    ];
  }

  /** What made most of what a frame has allocated, where that was counted. */
  #site({ sites, allocated }: ProfiledFrame): string {
    const [top] = [...sites].sort((a, b) => b.bytes - a.bytes);
    const found = this.#recording.sites?.[top?.site ?? -1];
    if (top === undefined || found === undefined || top.bytes < allocated / 2 || top.bytes < LEAST_BYTES)
      return '';
    return `, ${kilobytes(top.bytes)} KB of it at ${siteName(found)}`;
  }

  #cause(frame: ProfiledFrame, cause: Cause): string {
    const time = `${ms(cause.time)} ms (usually ${ms(cause.usual)})`;
    switch (cause.kind) {
      case 'script':
        return `script ${time}${this.#function(frame)}`;
      case 'host':
        return `host ${cause.name}: ${time}${this.#calls(frame, cause.name)}`;
      case 'v8': {
        const kinds = frame.v8.map(({ kind, length }) => `${kind} ${ms(length)}`).join(', ');
        return `a collection of V8's ${time}: ${kinds}; outside our work: what the host or Node has made`;
      }
      case 'waited':
        return `the thread waited ${time} while other programs had the processor: outside our work`;
      case 'collection':
        return `a collection of the script's heap inside the frame ${time}`;
      case 'slices':
        return `our slices ran past its time by ${time}${this.#slicesBefore(frame)}`;
      case 'input':
        return `input ${time}`;
      case 'frame before':
        return `the frame before was still at work: ${time}`;
      case 'outside':
        return `began late by ${time}: outside our work`;
    }
  }

  /** Which function it is that the script spent its time in. */
  #function(frame: ProfiledFrame): string {
    const [top] = this.#causes.functionsOf(frame);
    if (top === undefined)
      return frame.script >= LEAST_TIME ? ': no sample fell on a function of the script' : '';
    const { function: index, self, heap } = top;
    const inHeap = heap > self / 4 ? `, ${ms(heap)} of it in the heap` : '';
    return `: ${this.#named(index)} ${ms(self)}${inHeap}${this.#line(frame, index)}${this.#way(frame, index)}`;
  }

  #line({ lines }: ProfiledFrame, index: number): string {
    const { lines: known, functions } = this.#recording;
    const top = lines.find(({ line }) => known[line]?.function === index);
    const found = known[top?.line ?? -1];
    if (top === undefined || found === undefined) return '';
    if (`${found.file}:${found.line}` === placeOf(this.#recording, index)) return '';
    const inner = found.inner === functions[index]?.name ? '' : ` in \`${found.inner}\``;
    return `, ${ms(top.self)} of it${inner} at ${found.file}:${found.line}`;
  }

  /** How most of the time came to the function; nothing where most of it went elsewhere. */
  #way({ path }: ProfiledFrame, index: number): string {
    if (path.length < 2 || path.at(-1) !== index) return '';
    const names = path.map((step) => functionName(this.#recording, step));
    const shown = names.length > STEPS ? ['...', ...names.slice(-STEPS)] : names;
    return `, by ${shown.join(' > ')}`;
  }

  #calls({ hostCalls, path }: ProfiledFrame, host: string | undefined): string {
    const { count = 0, longest = 0 } = hostCalls.find(({ name }) => name === host) ?? {};
    const caller = path.at(-1);
    const from = caller === undefined ? '' : `, from ${this.#named(caller)}`;
    return ` in ${count} ${count === 1 ? 'call' : 'calls'}${count > 1 ? `, the longest ${ms(longest)}` : ''}${from}`;
  }

  #slicesBefore({ number }: ProfiledFrame): string {
    const times = new Map<string, number>();
    for (const { kind, length } of this.#recording.frames[number - 1]?.slices ?? [])
      times.set(kind, (times.get(kind) ?? 0) + length);
    return times.size === 0 ? '' : `: ${[...times].map(([kind, time]) => `${kind} ${ms(time)}`).join(', ')}`;
  }

  #named(index: number): string {
    return `\`${functionName(this.#recording, index)}\` (${placeOf(this.#recording, index)})`;
  }
}
