/** What the engine asks a browser for. What it uses besides stands in `feature-table.ts`. */
export interface RequiredFeature {
  readonly name: string;
  /** Whether this browser has it. */
  present(): boolean;
}

/** Without these a game does not start. */
export const REQUIRED = [
  {
    name: 'WebAssembly with tail calls',
    present: () => typeof WebAssembly === 'object' && WebAssembly.validate(TAIL_CALL),
  },
  { name: 'WebGL 2', present: hasWebGL2 },
  { name: 'requestAnimationFrame', present: () => typeof requestAnimationFrame === 'function' },
  { name: 'MessageChannel', present: () => typeof MessageChannel === 'function' },
] as const satisfies readonly RequiredFeature[];

/** A page has a few contexts only, and the oldest is lost where there are more: this one is given back at once. */
function hasWebGL2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

/** Milliseconds after which a page that is never idle does what waits for that. */
const IDLE_AFTER = 1000;

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

/** Calls `action` when the page has nothing else to do. */
export function whenIdle(action: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(action, { timeout: IDLE_AFTER });
  else setTimeout(action, IDLE_AFTER);
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
export function missingFeatures(required: readonly RequiredFeature[] = REQUIRED): string | undefined {
  const missing = required.filter((feature) => !feature.present());
  if (missing.length === 0) return mayCompile() ? undefined : FORBIDDEN;
  const names = missing.map((feature) => feature.name).join(' and ');
  return `This game needs a browser with ${names}; the one you are using does not have it, or has it switched off.`;
}
