/** Real Chromium for a test file: a browser with a new, empty profile, and pages that note what goes wrong in them. */
import { type Browser, chromium, type Page } from 'playwright-core';
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

/** Playwright makes the profile's folder and removes it when the browser is closed. */
export async function startBrowser(): Promise<Browser> {
  const found = await provideChromium();
  if (found.path === undefined) throw new Error(found.reason);
  return chromium.launch({ executablePath: found.path, args: FLAGS });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests that came to nothing; empty while all is well. */
  readonly errors: string[];
}

/**
 * Milliseconds a test and whatever it waits for may take. No test judges time; this only ends what hangs. The processor
 * draws everything here, instance by instance, and other tests run beside.
 */
export const PATIENCE = 300_000;

/** A small page, since the processor draws it. `before` runs in it before everything else. */
export async function openPage(browser: Browser, url: string, before?: () => void): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 560, height: 560 } });
  if (before !== undefined) await page.addInitScript(before);
  page.setDefaultTimeout(PATIENCE);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  return { page, errors };
}
