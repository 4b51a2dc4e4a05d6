/**
 * Plays the frames of a game one by one and keeps what is heard of each: its slices from the gap, its calls of the host, what its thread
 * waited. Frames lie on two clocks: the driver's, whose time stands still between them, and `performance.now`, by which all else is told.
 */
import type { HeadlessDriver } from '../../../engine/loop/index.ts';
import { profileHost, type SliceKind } from '../../../engine/profile/index.ts';
import type { Machine } from '../../machine/index.ts';
import type { HeadlessGame } from '../headless-game.ts';
import { HeapWatch } from './heap-watch.ts';
import { type HostCall, TimedHost } from './host-calls.ts';
import { LineWatch } from './lines.ts';
import type { SiteCount } from './recording.ts';
import { SiteCounts } from './site-counts.ts';
import { Waits } from './waits.ts';

/** Moments by `performance.now`, but for those of slices, which are by the driver's clock. */
export interface HeardFrame {
  /** When its work was about to begin. */
  readonly begun: number;
  /** Where its timestamp is. */
  readonly zero: number;
  readonly slices: { readonly kind: SliceKind; readonly begun: number; readonly ended: number }[];
  calls: readonly HostCall[];
  /** Milliseconds that its thread waited until its script was done. */
  waited: number;
  /** What its work has in it of this here, before its input. */
  watching: number;
  /** Names that its script gave it. */
  readonly marks: string[];
  /** What was made in it. */
  sites: readonly SiteCount[];
}

interface PlayedGame {
  readonly machine: Machine;
  readonly driver: HeadlessDriver;
}

export class WatchedFrames {
  readonly lines = new LineWatch();
  /** Where the image counts what it makes. */
  readonly sites: SiteCounts | undefined;
  /** Where snapshots of the heap are asked for. */
  readonly heap: HeapWatch | undefined;
  readonly #host: TimedHost;
  readonly #game: HeadlessGame;
  readonly #waits = new Waits();
  readonly #heard: HeardFrame[] = [];
  /** Those of the gap in progress: what a frame has owed is run as the next begins, and is still its own. */
  #slices: HeardFrame['slices'] = [];

  constructor(game: HeadlessGame, heap = false) {
    this.heap = heap ? new HeapWatch(game.frames) : undefined;
    this.#host = new TimedHost(game.host.host);
    this.#game = game;
    const { allocationSites } = game.image.manifest;
    this.sites = allocationSites && new SiteCounts(allocationSites);
  }

  /** The game that is to be started. */
  get game(): HeadlessGame {
    return {
      ...this.#game,
      host: {
        ...this.#game.host,
        host: { ...this.#host.modules, ...profileHost((name) => this.#mark(name)) },
      },
      gap: {
        onSlice: (kind, begun, ended) => {
          this.#slices.push({ kind, begun, ended });
          this.sites?.collected(kind === 'full');
        },
      },
      onWatch: this.lines.look,
      ...(this.sites && { allocations: this.sites }),
    };
  }

  /** Plays all its frames, with the driver that it was started with. */
  play({ machine, driver }: PlayedGame): readonly HeardFrame[] {
    const { frames, rate } = this.#game;
    const { gap } = driver.loop;
    driver.loop.observer = { run: () => this.#begin() };
    driver.loop.stage = { run: () => this.#endScript() };
    // What the game's start has done is no frame's.
    this.#host.take();
    this.lines.clear();
    this.sites?.clear();
    for (let number = 0; number < frames; number += 1) {
      const time = (number * 1000) / rate;
      const ahead = gap.collectedAfter(time);
      const begun = performance.now();
      const frame: HeardFrame = {
        begun,
        zero: begun - ahead,
        slices: [],
        calls: [],
        waited: 0,
        watching: 0,
        marks: [],
        sites: [],
      };
      this.#heard.push(frame);
      driver.run(1);
      frame.calls = this.#host.take();
      this.heap?.after(number, machine);
    }
    if (this.sites !== undefined) {
      machine.collect();
      this.sites.finish();
    }
    return this.#heard;
  }

  /** Nothing is heard from now on. */
  close(): void {
    this.#waits.close();
  }

  /** What the game's start names is no frame. */
  #mark(name: string): void {
    this.#heard.at(-1)?.marks.push(name);
  }

  get #frame(): HeardFrame {
    return this.#heard.at(-1) as HeardFrame;
  }

  #begin(): void {
    const begun = performance.now();
    const frame = this.#frame;
    this.#slices = frame.slices;
    frame.waited = -this.#waits.read();
    frame.watching = performance.now() - begun;
  }

  #endScript(): void {
    this.#frame.waited += this.#waits.read();
    if (this.sites !== undefined) this.#frame.sites = this.sites.endFrame();
  }
}
