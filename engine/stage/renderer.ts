/** The renderers that the stage draws with: one of its own, or one that the page has made. WebGL 2 only. */
import 'pixi.js/unsafe-eval';
import { Assets, type Renderer, RendererType, WebGLRenderer } from 'pixi.js';
import { holdSystemTicker, releaseSystemTicker } from './system-ticker.ts';

export interface RendererOptions {
  readonly width: number;
  readonly height: number;
  readonly background: number;
  readonly antialias: boolean;
  readonly pixelArt: boolean;
}

/** A renderer for the stage alone, and PixiJS's ticker with it, until `endRenderer`. */
export async function startRenderer(options: RendererOptions): Promise<WebGLRenderer> {
  const renderer = new WebGLRenderer<HTMLCanvasElement>();
  holdSystemTicker();
  // A Worker that is made of text is what a strict content policy forbids.
  Assets.setPreferences({ preferWorkers: false });
  try {
    await renderer.init({
      width: options.width,
      height: options.height,
      antialias: options.antialias,
      roundPixels: options.pixelArt,
      backgroundColor: options.background,
      preferWebGLVersion: 2,
      // It would unload what has not been drawn for a minute, in the middle of a frame, and load it in another.
      gcActive: false,
    });
    return expectWebGL2(renderer);
  } catch (error) {
    releaseSystemTicker();
    throw error;
  }
}

export function endRenderer(renderer: WebGLRenderer): void {
  renderer.destroy({ removeView: true });
  releaseSystemTicker();
}

/** Throws a `TypeError` that says what the renderer draws with where that is not WebGL 2. */
export function expectWebGL2(renderer: Renderer): WebGLRenderer {
  if (renderer?.type === RendererType.WEBGL) {
    const webgl = renderer as WebGLRenderer;
    if (webgl.context.webGLVersion === 2) return webgl;
  }
  throw new TypeError(
    `a game draws with WebGL 2; this renderer is ${kindOf(renderer)}: make it with \`preference: 'webgl'\``,
  );
}

function kindOf(renderer: Renderer): string {
  if (renderer?.type === RendererType.WEBGL) return 'for WebGL 1';
  if (renderer?.type === RendererType.WEBGPU) return 'for WebGPU';
  if (renderer?.type === RendererType.CANVAS) return 'for a canvas without WebGL';
  return 'none of PixiJS, or has not been initialised';
}
