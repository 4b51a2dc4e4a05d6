/**
 * Pages for a test file: one of its own context, which goes from address to address, since a page that is opened anew loads and compiles
 * all its scripts again, which takes a processor three seconds. What goes wrong in a page is noted.
 */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { PATIENCE, workersBrowser } from './browser.ts';

export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests that came to nothing; empty while all is well. */
  readonly errors: string[];
}

export interface Opening {
  /** Runs before everything else, in a page of its own. */
  readonly before?: () => void;
  /** Leaves the page that is open as it is, and opens another one. */
  readonly beside?: boolean;
  readonly reducedMotion?: 'reduce';
}

/** Small pages, since the processor draws them. */
const VIEWPORT = { width: 560, height: 560 };
/** For pages whose whole width is a game with many things in it. */
export const SMALL = { width: 240, height: 480 };

/**
 * Milliseconds from frame to frame, at least. A page draws whenever it may, most of the time for a test that waits for something else: at
 * 60 a second that was half of what all browser tests took.
 */
const REFRESH = 50;

/** In a page: frames come as those of a display that is so slow. */
function slowDisplay(refresh: number): void {
  const request = window.requestAnimationFrame.bind(window);
  const waiting = new Map<number, FrameRequestCallback>();
  let handles = 0;
  let asked = false;
  let shown = Number.NEGATIVE_INFINITY;
  const ask = (): void => {
    if (!asked && waiting.size > 0) request(onRefresh);
    asked ||= waiting.size > 0;
  };
  const onRefresh = (time: number): void => {
    asked = false;
    // The display's own frames are not exactly as far from each other as they should be. One that had to wait for the page comes late.
    if (performance.now() - shown > refresh - 5) {
      shown = time;
      for (const [handle, callback] of [...waiting])
        if (waiting.delete(handle))
          try {
            callback(time);
          } catch (error) {
            reportError(error);
          }
    }
    ask();
  };
  window.requestAnimationFrame = (callback) => {
    handles += 1;
    waiting.set(handles, callback);
    ask();
    return handles;
  };
  window.cancelAnimationFrame = (handle) => {
    waiting.delete(handle);
  };
}

interface Tab extends WatchedPage {
  /** Whether it may go on to other addresses. */
  readonly plain: boolean;
  /** Whether its next navigation is the beginning of a test: what went wrong before is not of it. */
  arrives: boolean;
}

export class Pages {
  readonly #viewport: typeof VIEWPORT;
  #context: BrowserContext | undefined;
  /** The page that goes on from test to test. */
  #tab: Tab | undefined;

  constructor(viewport: typeof VIEWPORT) {
    this.#viewport = viewport;
  }

  /** @internal */
  async begin(): Promise<void> {
    const browser = await workersBrowser();
    this.#context = await browser.newContext({ viewport: this.#viewport });
    this.#context.setDefaultTimeout(PATIENCE);
    await this.#context.addInitScript(slowDisplay, REFRESH);
  }

  /** @internal */
  async end(): Promise<void> {
    await this.#context?.close();
  }

  /** Opens an address as if for the first time; only the browser's cache knows it. The page that was opened before is left. */
  async open(url: string, { before, beside = false, reducedMotion }: Opening = {}): Promise<WatchedPage> {
    const tab = beside ? await this.#newTab() : await this.#nextTab(before === undefined);
    const { page, errors } = tab;
    if (before !== undefined) await page.addInitScript(before);
    await page.emulateMedia({ colorScheme: null, reducedMotion: reducedMotion ?? null });
    tab.arrives = true;
    const response = await page.goto(url);
    if (response?.ok() === false) errors.push(`${response.status()} ${url}`);
    return tab;
  }

  /** The page that there is, unless something runs in it before everything else, or is to: that would stay with it. */
  async #nextTab(plain: boolean): Promise<Tab> {
    const tab = this.#tab;
    if (plain && tab?.plain && !tab.page.isClosed()) {
      await tab.page.unrouteAll();
      await tab.page.setViewportSize(this.#viewport);
      return tab;
    }
    await tab?.page.close();
    this.#tab = await this.#newTab(plain);
    return this.#tab;
  }

  async #newTab(plain = true): Promise<Tab> {
    if (this.#context === undefined) throw new Error('pages are opened by hooks and tests');
    const page = await this.#context.newPage();
    const errors: string[] = [];
    const tab: Tab = { page, errors, plain, arrives: false };
    page.on('framenavigated', (frame) => {
      if (!tab.arrives || frame !== page.mainFrame()) return;
      tab.arrives = false;
      errors.length = 0;
    });
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('response', (response) => {
      if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
    });
    return tab;
  }
}

/** Gives the file that calls it pages, which are closed after its tests. */
export function inBrowser(viewport = VIEWPORT): Pages {
  const pages = new Pages(viewport);
  beforeAll(() => pages.begin(), PATIENCE);
  afterAll(() => pages.end());
  return pages;
}
