/**
 * What the engine uses of a browser, and what happens without it. The same table stands in this folder's README; a test
 * compares the two.
 */
export interface BrowserFeature {
  readonly name: string;
  readonly use: string;
  /** What happens in a browser without it. */
  readonly without: string;
  readonly required: boolean;
  /** Whether this browser has it. */
  present(): boolean;
}

export const FEATURES: readonly BrowserFeature[] = [
  {
    name: 'WebAssembly with tail calls',
    use: 'scripts and their heap',
    without: 'the game does not start, and the page says so',
    required: true,
    present: () => typeof WebAssembly === 'object' && WebAssembly.validate(TAIL_CALL),
  },
  {
    name: 'WebGL 2',
    use: 'drawing',
    without: 'the game does not start, and the page says so',
    required: true,
    present: hasWebGL2,
  },
  {
    name: 'requestAnimationFrame',
    use: 'frames',
    without: 'the game does not start, and the page says so',
    required: true,
    present: () => typeof requestAnimationFrame === 'function',
  },
  {
    name: 'MessageChannel',
    use: 'the gap begins right after a frame is painted',
    without: 'the game does not start, and the page says so',
    required: true,
    present: () => typeof MessageChannel === 'function',
  },
  {
    name: 'requestIdleCallback',
    use: "the browser's own deadline can end a gap earlier than expected",
    without: 'the gap relies on the measured frame interval and its margin',
    required: false,
    present: () => typeof requestIdleCallback === 'function',
  },
  {
    name: 'isInputPending',
    use: 'waiting input ends a turn of the gap at once',
    without: 'input waits for the end of the turn, at most 4 ms',
    required: false,
    present: () => pendingInput() !== undefined,
  },
  {
    name: 'cross-origin isolation',
    use: 'a clock of 5 microseconds for the gap',
    without: 'the clock has steps of 0.1 ms or more, and slices are bounded by work in between',
    required: false,
    present: () => globalThis.crossOriginIsolated === true,
  },
  {
    name: 'getGamepads',
    use: 'gamepads, in pages that are served safely',
    without: 'the game has keys, pointer and touches',
    required: false,
    present: () => 'getGamepads' in navigator,
  },
];

/** A page has a few contexts only, and the oldest is lost where there are more: this one is given back at once. */
function hasWebGL2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

const FORBIDDEN =
  "This page's content policy does not let WebAssembly be compiled: its `script-src` needs 'wasm-unsafe-eval'.";

/** (module (func return_call 0)) */
const TAIL_CALL = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // types: () -> ()
  ...[0x03, 0x02, 0x01, 0x00], // functions: one of that type
  ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x12, 0x00, 0x0b], // its code: return_call 0
);

/** The browser's `isInputPending`, ready to be called, where it has one. */
export function pendingInput(): (() => boolean) | undefined {
  const { scheduling } = navigator as { scheduling?: { isInputPending?(): boolean } };
  return scheduling?.isInputPending === undefined ? undefined : () => scheduling.isInputPending?.() ?? false;
}

/** Whether the page's content policy lets WebAssembly be compiled. */
function mayCompile(): boolean {
  try {
    new WebAssembly.Module(TAIL_CALL);
    return true;
  } catch (error) {
    return !(error instanceof WebAssembly.CompileError && error.message.includes('unsafe-eval'));
  }
}

/** A sentence that says what this browser lacks, or this page, or undefined where the engine can run. */
export function missingFeatures(features: readonly BrowserFeature[] = FEATURES): string | undefined {
  const missing = features.filter((feature) => feature.required && !feature.present());
  if (missing.length === 0) return mayCompile() ? undefined : FORBIDDEN;
  const names = missing.map((feature) => feature.name).join(' and ');
  return `This game needs a browser with ${names}; the one you are using does not have it, or has it switched off.`;
}
