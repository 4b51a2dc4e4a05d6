/**
 * `npm run bench -- scale`: moving sprites, each with a behaviour, beside the same as PixiJS has them. Script and stage are what a frame takes on
 * the page's thread, the uploads with it. What the graphics card takes is waited for and not measured.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CONTENT_POLICY, ISOLATION } from '../../../scripting/tools/index.ts';
import { FLAGS } from '../../browser/browser.ts';
import { provideChromium } from '../../browser/chromium.mjs';
import { framed } from '../../browser/pictures-page.ts';
import { StaticServer } from '../../browser/static-server.ts';
import { alignColumns } from '../harness/report.ts';
import { summarise } from '../harness/statistics.ts';
import type { ContenderName, ScaleResult } from './main.ts';

const SITE = fileURLToPath(new URL('../../output/scale', import.meta.url));
const IMAGES = fileURLToPath(new URL('../../output/scale-images', import.meta.url));
const SIZES = [1000, 10_000, 50_000, 200_000];
/** Frames that are measured, and half as many before them: fewer of what is large, where the processor draws. */
const framesOf = (count: number): number => Math.max(8, Math.min(300, Math.floor(600_000 / count)));
/** Two of this side do not fit beside one another on a page. */
const SIDE = 1030;
const COLOURS = [0xffffff, 0xffd0a0, 0xa0d0ff, 0xd0ffa0];
/** Part of the pixels that may differ: where two edges meet, one or the other covers a pixel. */
const MOST_DIFFERENT = 0.02;
const PATIENCE = 600_000;

const PEERS: readonly ContenderName[] = ['Sprite', 'ParticleContainer'];
/** What our time may be of the better peer's. */
const AIMS = { script: 0.5, stage: 1 } as const;

export async function measureScale(
  rounds: number,
  progress: (text: string) => void,
): Promise<readonly ScaleResult[]> {
  progress('scale: building the page');
  mkdirSync(IMAGES, { recursive: true });
  for (const [i, colour] of COLOURS.entries())
    writeFileSync(`${IMAGES}/mote-${i}.png`, framed(SIDE, SIDE, colour, 0x808080));
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'warn' });
  const server = await StaticServer.start(SITE, CONTENT_POLICY, ISOLATION);
  const found = await provideChromium();
  if (found.path === undefined) throw new Error(found.reason);
  const browser = await chromium.launch({ executablePath: found.path, args: FLAGS });
  const results: ScaleResult[] = [];
  try {
    for (const count of SIZES)
      for (let round = 0; round < rounds; round += 1) {
        progress(`scale: ${count} sprites, round ${round + 1} of ${rounds}`);
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        await page.goto(server.url);
        await page.waitForFunction(() => globalThis.measure !== undefined);
        const frames = framesOf(count);
        const args = [count, frames, Math.max(8, frames / 2)] as const;
        const result = await page.evaluate(([n, frames, warmUp]) => measure(n, frames, warmUp), args);
        await page.close();
        check(result);
        results.push(result);
      }
  } finally {
    await browser.close();
    server.stop();
  }
  return results;
}

/** All have moved the same sprites to the same places, and the picture is the peer's. */
function check({ count, sums, different }: ScaleResult): void {
  if (new Set(sums).size > 1)
    throw new Error(`${count} sprites came to different places: ${sums.join(', ')}`);
  if (different > MOST_DIFFERENT)
    throw new Error(
      `with ${count} sprites ${(100 * different).toFixed(1)}% of the picture is not as PixiJS draws it`,
    );
}

export function reportScale(results: readonly ScaleResult[]): string {
  const header = [
    'sprites',
    'part',
    'Sluice ms',
    'ns / sprite',
    ...PEERS.flatMap((name) => [name, 'Sluice / it']),
    'aim',
  ];
  const rows = [...new Set(results.map(({ count }) => count))].flatMap((count) => {
    const rounds = results.filter((result) => result.count === count);
    return (['script', 'stage'] as const).map((part) => {
      const median = (of: (result: ScaleResult) => number): number => summarise(rounds.map(of)).median;
      const ours = median(({ times }) => times.Sluice[part]);
      const ratios = PEERS.map((name) => median(({ times }) => times.Sluice[part] / times[name][part]));
      const cells = PEERS.flatMap((name, i) => [
        median(({ times }) => times[name][part]).toFixed(3),
        (ratios[i] as number).toFixed(2),
      ]);
      const met = Math.max(...ratios) <= AIMS[part];
      const aim = `${AIMS[part].toFixed(1)}: ${met ? 'met' : 'missed'}`;
      return [String(count), part, ours.toFixed(3), ((ours * 1e6) / count).toFixed(0), ...cells, aim];
    });
  });
  const worst = Math.max(...results.map(({ different }) => different));
  return [
    'scale: moving sprites in three layers from four pages, one layer sorted; milliseconds a frame, medians of the rounds',
    ...alignColumns([header, ...rows]),
    `  pixels that differ from Sprite's: at most ${(100 * worst).toFixed(2)}%; the graphics card's time is not measured`,
  ].join('\n');
}
