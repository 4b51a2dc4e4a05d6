/**
 * What the engine uses of a browser, and what happens without it. The same table stands in this folder's README; a test
 * compares the two.
 */
import { pendingInput, REQUIRED, type RequiredFeature } from './features.ts';

export interface BrowserFeature extends RequiredFeature {
  readonly use: string;
  /** What happens in a browser without it. */
  readonly without: string;
  readonly required: boolean;
}

const [TAIL_CALLS, WEBGL, FRAMES, MESSAGES] = REQUIRED;

export const FEATURES: readonly BrowserFeature[] = [
  required(TAIL_CALLS, 'scripts and their heap'),
  required(WEBGL, 'drawing'),
  required(FRAMES, 'frames'),
  required(MESSAGES, 'the gap begins right after a frame is painted'),
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

function required(feature: RequiredFeature, use: string): BrowserFeature {
  return { ...feature, use, without: 'the game does not start, and the page says so', required: true };
}
