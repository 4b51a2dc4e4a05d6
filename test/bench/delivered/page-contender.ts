/** What the page asks of a game, be it a script or JavaScript. It stands still until it is started. */
export interface PageContender {
  /** Bytes of memory beside JavaScript's heap. */
  readonly memory: number;
  /** Milliseconds that the newest frame's script took. */
  readonly script: number;
  /** Milliseconds that slices of our collector took in the gap before that frame, and by how much it put off the frame's end. */
  readonly slices: number;
  readonly delay: number;
  /** Cycles and collections inside frames so far, of our collector. */
  readonly cycles: number;
  readonly collectionsInFrames: number;
  /** Each frame from now on runs one step of the world. */
  start(): void;
  /** Stands still again. */
  hold(): void;
  /** Whether it should do something now that no frame is measured with: `settle` does it, between `hold` and `start`. */
  readonly wantsToSettle: boolean;
  settle(): Promise<void>;
  /** What the world has become. After as many steps it is the same for all contenders, bit for bit. */
  result(): number;
}

/** Size of the scene, and of the small canvas that it is drawn on: what is measured is not drawing. */
export const SCENE = 1000;
export const CANVAS = 256;
