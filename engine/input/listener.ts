/** Brings the page's events to the input page: keys as `keyboard.ts` divides them, pointers from the canvas. */
import { controlNumber, keyNumber } from '../../scripting/image/index.ts';
import { Keyboard, keyTarget } from './keyboard.ts';
import type { InputPage } from './page.ts';
import { type Place, Pointers } from './pointers.ts';

/** From fractions of the canvas, 0 at its left and top, 1 at its right and bottom, to the stage's units. */
export type PlaceOnStage = (x: number, y: number) => Place;

/** Whether what is pressed or turned is for somebody else: a display object that listens, or the page, which has said so by `preventDefault`. */
export type Taken = (event: MouseEvent) => boolean;

export interface ListenOptions {
  /**
   * Controls that the game has a use for beside those that its script names, by their names, and `wheel`: what the browser would do
   * by them, as scrolling, it does not do where the game has the keyboard or the pointer.
   */
  readonly claim?: readonly string[];
}

/** The canvases of the games in this page. */
const games = new Set<Element>();

/** A line of the wheel, in pixels, where the browser counts in lines. */
const LINE = 16;

/** Listens until `signal` is aborted. */
export function listen(
  page: InputPage,
  canvas: HTMLCanvasElement,
  place: PlaceOnStage,
  signal: AbortSignal,
  { claim = [] }: ListenOptions = {},
  taken: Taken = () => false,
): void {
  const isTaken = (event: MouseEvent): boolean => event.defaultPrevented || taken(event);
  page.claim(claim.filter((name) => name !== 'wheel').map(numberOf));
  games.add(canvas);
  signal.addEventListener('abort', () => games.delete(canvas));
  listenToKeys(page, canvas, signal, (code) => page.claims(keyNumber(code)));
  listenToPointers(page, canvas, place, signal, isTaken);
  listenToMouse(page, canvas, signal, claim.includes('wheel'), isTaken);
}

function listenToKeys(
  page: InputPage,
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
  claims: (code: string) => boolean,
): void {
  const keyboard = new Keyboard(page, claims, /^(Mac|iP)/.test(navigator.platform));
  const target = (event: Event) => keyTarget(event.composedPath(), canvas, games.size === 1);
  addEventListener('keydown', (event) => keyboard.down(event, target(event)), { signal });
  // Before the page's own listeners, which may keep the event to themselves: a release is never missed.
  addEventListener('keyup', (event) => keyboard.up(event), { signal, capture: true });
  addEventListener('focusin', (event) => target(event) === 'other' && keyboard.release(), { signal });
  canvas.addEventListener('blur', () => games.size > 1 && keyboard.release(), { signal });
  addEventListener('blur', () => keyboard.release(), { signal });
}

function listenToPointers(
  page: InputPage,
  canvas: HTMLCanvasElement,
  place: PlaceOnStage,
  signal: AbortSignal,
  isTaken: Taken,
): void {
  const pointers = new Pointers(page);
  const style = getComputedStyle(canvas);
  const at = (event: PointerEvent): Place => {
    // From the inner edge of the border, before any transform. The picture begins inside of the padding.
    const left = Number.parseFloat(style.paddingLeft) || 0;
    const top = Number.parseFloat(style.paddingTop) || 0;
    const width = canvas.clientWidth - left - (Number.parseFloat(style.paddingRight) || 0);
    const height = canvas.clientHeight - top - (Number.parseFloat(style.paddingBottom) || 0);
    return place((event.offsetX - left) / width, (event.offsetY - top) / height);
  };
  const on = (type: 'pointermove' | 'pointerup' | 'pointercancel', act: (event: PointerEvent) => void) =>
    canvas.addEventListener(type, act, { signal });
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      canvas.focus({ preventScroll: true });
      if (isTaken(event)) {
        pointers.take(event);
        return;
      }
      pointers.down(event, at(event));
      // So that the release is seen wherever it happens. A pointer that is already gone cannot be captured.
      if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  on('pointermove', (event) => pointers.move(event, at(event)));
  on('pointerup', (event) => pointers.up(event, at(event)));
  on('pointercancel', (event) => pointers.cancel(event));
  canvas.addEventListener('lostpointercapture', (event) => pointers.cancel(event), { signal });
  addEventListener('blur', () => pointers.releaseMouse(), { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (!document.hidden) return;
      pointers.releaseAll();
      page.releaseAll();
    },
    { signal },
  );
}

/** The wheel, and what the browser would do by buttons that the game claims. */
function listenToMouse(
  page: InputPage,
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
  claimsWheel: boolean,
  isTaken: Taken,
): void {
  const turn = (event: WheelEvent) => {
    // That is the browser's own: it makes the page larger or smaller.
    if (event.ctrlKey || event.metaKey || isTaken(event)) return;
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? canvas.clientHeight : 1;
    page.turnWheel(event.deltaY * unit, event.deltaX * unit);
    if (claimsWheel) event.preventDefault();
  };
  canvas.addEventListener('wheel', turn, { signal, passive: !claimsWheel });
  const keepBrowserOut = (name: string, type: 'contextmenu' | 'mousedown' | 'mouseup', button: number) =>
    canvas.addEventListener(
      type,
      (event) => {
        if (event.button === button && page.claims(controlNumber(name))) event.preventDefault();
      },
      { signal },
    );
  keepBrowserOut('mouse-right', 'contextmenu', 2);
  keepBrowserOut('mouse-middle', 'mousedown', 1);
  keepBrowserOut('mouse-back', 'mouseup', 3);
  keepBrowserOut('mouse-forward', 'mouseup', 4);
}

function numberOf(name: string): number {
  const control = controlNumber(name);
  if (control === undefined) throw new RangeError(`there is no control \`${name}\` to claim`);
  return control;
}
