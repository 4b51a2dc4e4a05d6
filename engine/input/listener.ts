/** Brings the page's events to an `InputPage`: keys from anywhere on the page, the pointer from one element. */
import type { InputPage } from './page.ts';

/** Writes a place on the page, in CSS pixels from the viewport's corner, to the input page in the stage's units. */
export type PlacePointer = (page: InputPage, clientX: number, clientY: number) => void;

/**
 * Listens until `signal` is aborted. Keys typed into a form control belong to that control. Events keep their usual
 * effects: what else the page does with them is the page's business.
 */
export function listen(
  page: InputPage,
  element: HTMLElement,
  place: PlacePointer,
  signal: AbortSignal,
): void {
  const options = { signal };
  const key = (event: KeyboardEvent) => {
    if (!typesInto(event.target)) page.setKey(event.code, event.type === 'keydown');
  };
  addEventListener('keydown', key, options);
  addEventListener('keyup', (event) => page.setKey(event.code, false), options);
  addEventListener('blur', () => page.releaseAll(), options);
  const pointer = (event: PointerEvent) => place(page, event.clientX, event.clientY);
  element.addEventListener('pointermove', pointer, options);
  element.addEventListener(
    'pointerdown',
    (event) => {
      pointer(event);
      // So that the release is seen wherever it happens. A pointer that is already gone cannot be captured.
      if (event.isTrusted) element.setPointerCapture(event.pointerId);
      page.setButton(event.button, true);
    },
    options,
  );
  element.addEventListener('pointerup', (event) => page.setButton(event.button, false), options);
  element.addEventListener('pointercancel', () => page.releaseAll(), options);
  element.addEventListener('wheel', (event) => page.turnWheel(event.deltaY), { signal, passive: true });
}

function typesInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
