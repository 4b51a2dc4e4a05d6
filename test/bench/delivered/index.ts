/**
 * `npm run bench -- delivered`: builds the page, runs its plan in Chromium, a browser of its own for each run, and adds what a trace
 * tells of V8's collector. Without a GPU the frames come from a timer at 60 Hz, and what is judged are counts, sums and ratios.
 */
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { FLAGS } from '../../browser/browser.ts';
import { provideChromium } from '../../browser/chromium.mjs';
import { StaticServer } from '../../browser/static-server.ts';
import { alignColumns } from '../harness/report.ts';
import { collectionsIn, TRACED, type TraceEvent } from './chromium-trace.ts';
import { FIGURE_COLUMNS } from './columns.ts';
import { CONTENDER_NAMES, type Plan, runsOf, wordsOf } from './plan.ts';
import { checkResults, type Figures, MARK, type RunResult, STORED, summariseRun } from './run-result.ts';

const SITE = fileURLToPath(new URL('../../output/delivered', import.meta.url));
/** Milliseconds that one run may take: the processor draws. */
const PATIENCE = 600_000;

/** Runs a plan, and returns what each run came to. Throws where contenders came to different results. */
export async function measureDelivered(
  plan: Plan,
  progress: (text: string) => void,
): Promise<readonly RunResult[]> {
  progress('delivered: building the page');
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'warn' });
  const server = await StaticServer.start(SITE);
  const results: RunResult[] = [];
  try {
    for (const [index, { world, contender }] of runsOf(plan).entries()) {
      progress(`delivered: ${world.name}, ${CONTENDER_NAMES[contender]}`);
      const words = wordsOf(plan);
      words.set('run', String(index));
      words.set('single', '');
      results.push(await withBrowser((browser) => runIn(browser, `${server.url}?${words}`)));
    }
  } finally {
    server.stop();
  }
  const problems = checkResults(results);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return results;
}

async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const found = await provideChromium();
  if (found.path === undefined) throw new Error(found.reason);
  const args = [...FLAGS, '--enable-precise-memory-info'];
  const browser = await chromium.launch({ executablePath: found.path, args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

async function runIn(browser: Browser, url: string): Promise<RunResult> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await browser.startTracing(page, { categories: [...TRACED] });
  await page.goto(url);
  await page.waitForFunction(() => /over|failed/.test(document.title));
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const stored = await page.evaluate((key) => sessionStorage.getItem(key), STORED);
  const [result] = JSON.parse(stored ?? '[]') as RunResult[];
  if (result === undefined) throw new Error(`${url}: ${await page.locator('#what').textContent()}`);
  return { ...result, collector: collectionsIn(trace.traceEvents, MARK, result.zero) };
}

/** The table, as text. */
export function reportDelivered(results: readonly RunResult[]): string {
  const figures = results.map(summariseRun);
  const worlds = [...new Set(figures.map(({ run }) => run.world.name))];
  return worlds
    .map((world) => {
      const rows = figures.filter(({ run }) => run.world.name === world);
      const [{ run, interval }] = rows as [Figures];
      const cells = rows.map((row) => FIGURE_COLUMNS.map(([, show]) => show(row)));
      return [
        `${world}: ${run.frames} frames, one in ${interval.toFixed(1)} ms; milliseconds of script`,
        ...alignColumns([FIGURE_COLUMNS.map(([title]) => title), ...cells]),
      ].join('\n');
    })
    .join('\n\n');
}
