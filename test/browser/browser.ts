/** Real Chromium for the tests: a browser for all files of a worker, since one that starts takes a second of a processor. */
import { type Browser, chromium } from 'playwright-core';
import { provideChromium } from './chromium.mjs';

/**
 * Flags of a Chromium that draws with the processor and asks nobody for anything. Pages are put together without the emulated
 * graphics card, which halves the time of a frame.
 */
export const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
];

/**
 * Milliseconds a test and whatever it waits for may take. No test judges time; this only ends what hangs. The processor
 * draws everything here, instance by instance, and other tests run beside.
 */
export const PATIENCE = 300_000;

let started: Promise<Browser> | undefined;

/** The worker's browser, started when it is first asked for. It ends with the worker, as playwright sees to. */
export async function workersBrowser(): Promise<Browser> {
  const browser = await started;
  if (browser?.isConnected()) return browser;
  started = startBrowser();
  return started;
}

/** Playwright makes the profile's folder and removes it when the browser ends. */
async function startBrowser(): Promise<Browser> {
  const found = await provideChromium();
  if (found.path === undefined) throw new Error(found.reason);
  return chromium.launch({ executablePath: found.path, args: FLAGS });
}
