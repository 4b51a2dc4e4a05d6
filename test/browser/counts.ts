/** What a page holds of the browser, counted where it is made and freed: what games leave there shows as a difference. */
import type { CDPSession, Page } from 'playwright-core';

export interface Counts {
  /** Of WebGL: made and not deleted, in contexts that are not lost. */
  readonly textures: number;
  readonly buffers: number;
  readonly contexts: number;
  /** Alive after a collection. */
  readonly memories: number;
  readonly canvases: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Asked for and not called or cancelled: frames, idle callbacks, timers. */
  readonly frames: number;
  readonly idles: number;
  readonly timers: number;
}

declare global {
  var counted: () => Omit<Counts, 'nodes' | 'listeners'>;
}

/** Goes before everything else in a page. */
export function countInPage(): void {
  const alive: Record<'memories' | 'canvases' | 'contexts', WeakRef<object>[]> = {
    memories: [],
    canvases: [],
    contexts: [],
  };
  const balance = { textures: 0, buffers: 0 };
  const pending = { frames: new Set<number>(), idles: new Set<number>(), timers: new Set<number>() };

  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      alive.memories.push(new WeakRef(this));
    }
  };
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (this: Document, ...args: Parameters<typeof createElement>) {
    const element = createElement.apply(this, args);
    if (element instanceof HTMLCanvasElement) alive.canvases.push(new WeakRef(element));
    return element;
  } as typeof createElement;
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (
    this: HTMLCanvasElement,
    ...args: Parameters<typeof getContext>
  ) {
    const context = getContext.apply(this, args);
    if (
      context instanceof WebGL2RenderingContext &&
      !alive.contexts.some((known) => known.deref() === context)
    )
      alive.contexts.push(new WeakRef(context));
    return context;
  } as typeof getContext;
  const gl = WebGL2RenderingContext.prototype as unknown as Record<string, (value?: unknown) => unknown>;
  for (const [kind, name] of [
    ['textures', 'Texture'],
    ['buffers', 'Buffer'],
  ] as const) {
    const [create, destroy] = [gl[`create${name}`], gl[`delete${name}`]];
    if (create === undefined || destroy === undefined) throw new Error(`WebGL has no ${name}`);
    const made = new WeakSet<object>();
    gl[`create${name}`] = function (this: unknown) {
      const object = create.call(this);
      if (typeof object === 'object' && object !== null) {
        balance[kind] += 1;
        made.add(object);
      }
      return object;
    };
    gl[`delete${name}`] = function (this: unknown, object?: unknown) {
      if (typeof object === 'object' && object !== null && made.delete(object)) balance[kind] -= 1;
      return destroy.call(this, object);
    };
  }

  const count = (
    set: Set<number>,
    ask: 'requestAnimationFrame' | 'requestIdleCallback' | 'setTimeout',
    cancel: 'cancelAnimationFrame' | 'cancelIdleCallback' | 'clearTimeout',
  ) => {
    const real = globalThis as unknown as Record<string, (...args: unknown[]) => unknown>;
    const [asking, cancelling] = [real[ask], real[cancel]];
    if (asking === undefined || cancelling === undefined) throw new Error(`the page has no ${ask}`);
    real[ask] = (callback, ...rest) => {
      const id = asking(
        (...args: unknown[]) => {
          set.delete(id);
          return (callback as (...all: unknown[]) => unknown)(...args);
        },
        ...rest,
      ) as number;
      set.add(id);
      return id;
    };
    real[cancel] = (id) => {
      set.delete(id as number);
      return cancelling(id);
    };
  };
  count(pending.frames, 'requestAnimationFrame', 'cancelAnimationFrame');
  count(pending.idles, 'requestIdleCallback', 'cancelIdleCallback');
  count(pending.timers, 'setTimeout', 'clearTimeout');

  const living = (refs: WeakRef<object>[]) => refs.filter((ref) => ref.deref() !== undefined);
  globalThis.counted = () => ({
    ...balance,
    contexts: living(alive.contexts).filter((ref) => {
      const context = ref.deref();
      return context instanceof WebGL2RenderingContext && !context.isContextLost();
    }).length,
    memories: living(alive.memories).length,
    canvases: living(alive.canvases).length,
    frames: pending.frames.size,
    idles: pending.idles.size,
    timers: pending.timers.size,
  });
}

/** Counts after collections of the page's JavaScript. What only later turns of its event loop let go is waited for. */
export async function countsOf(page: Page, session: CDPSession): Promise<Counts> {
  for (let i = 0; i < 3; i += 1) {
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await session.send('HeapProfiler.collectGarbage');
  }
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return {
    ...(await page.evaluate(() => counted())),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}
