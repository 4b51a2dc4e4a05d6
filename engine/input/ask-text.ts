/** Text entry: a field of the page's own over the stage, so that every keyboard, composition and reading aid works in it. */

export interface TextQuestion {
  /** What is asked: it stands before the field, and is the field's name to all who have the page read to them. */
  readonly label: string;
  /** What the field holds at first. */
  readonly value?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
}

/** `keyCode` of a key that an input method has taken. */
const COMPOSING = 229;

/** Resolves with the text on Enter, with `undefined` on Escape and when `signal` is aborted. The stage has the focus again then. */
export function askText(
  canvas: HTMLCanvasElement,
  { label, value = '', placeholder, maxLength }: TextQuestion,
  signal: AbortSignal,
): Promise<string | undefined> {
  const field = document.createElement('input');
  field.type = 'text';
  field.value = value;
  field.autocomplete = 'off';
  if (placeholder !== undefined) field.placeholder = placeholder;
  if (maxLength !== undefined) field.maxLength = maxLength;
  const frame = document.createElement('label');
  frame.append(label, field);
  lay(frame, field, canvas);
  canvas.after(frame);
  field.focus();
  field.select();
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = (text: string | undefined) => {
      if (done.signal.aborted) return;
      done.abort();
      frame.remove();
      canvas.focus({ preventScroll: true });
      resolve(text);
    };
    const key = (event: KeyboardEvent) => {
      // Safari tells of the key that ends a composition afterwards, by this number alone.
      if (event.isComposing || event.keyCode === COMPOSING) return;
      if (event.key === 'Enter') end(field.value);
      else if (event.key === 'Escape') end(undefined);
      else return;
      // The answer is no key of the game.
      event.preventDefault();
      event.stopPropagation();
    };
    field.addEventListener('keydown', key, { signal: done.signal });
    signal.addEventListener('abort', () => end(undefined), { signal: done.signal });
    addEventListener('resize', () => lay(frame, field, canvas), { signal: done.signal });
    if (signal.aborted) end(undefined);
  });
}

/** Over the middle of the canvas. Rules one by one: a strict content policy forbids style sheets made of text, but not these. */
function lay(frame: HTMLElement, field: HTMLElement, canvas: HTMLCanvasElement): void {
  const width = Math.min(canvas.offsetWidth - 32, 360);
  Object.assign(frame.style, {
    position: 'absolute',
    boxSizing: 'border-box',
    left: `${canvas.offsetLeft + (canvas.offsetWidth - width) / 2}px`,
    top: `${canvas.offsetTop + canvas.offsetHeight / 2}px`,
    width: `${width}px`,
    transform: 'translateY(-50%)',
    display: 'grid',
    gap: '8px',
    padding: '16px',
    borderRadius: '8px',
    background: 'Canvas',
    color: 'CanvasText',
    font: '16px system-ui, sans-serif',
    zIndex: '1',
  });
  // A smaller one makes phones enlarge the page.
  Object.assign(field.style, { font: 'inherit', fontSize: '16px', width: '100%', boxSizing: 'border-box' });
}
