/**
 * Text entry: a field of the page's own over the stage, so that every keyboard, composition and reading aid works in it. It stands beside
 * the canvas, and so in whatever is shown full screen with that. What is beside a canvas that is shown full screen by itself is hidden, and
 * inert: then the field is in a modal dialog, which the browser shows above everything.
 */

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
  const name = document.createElement('label');
  name.append(label, field);
  const frame = document.createElement('dialog');
  frame.setAttribute('aria-label', label);
  frame.append(name);
  Object.assign(name.style, NAME);
  Object.assign(frame.style, FRAME);
  Object.assign(field.style, FIELD);
  canvas.after(frame);
  open(frame, canvas);
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
    addEventListener('resize', () => lay(frame, canvas), { signal: done.signal });
    const turned = () => {
      frame.close();
      open(frame, canvas);
      field.focus();
    };
    // Where Escape is none of the keyboard's, as a phone's way back.
    frame.addEventListener('cancel', () => end(undefined), { signal: done.signal });
    document.addEventListener('fullscreenchange', turned, { signal: done.signal });
  });
}

/** Rules one by one: a strict content policy forbids style sheets made of text, but not these. */
const FRAME = {
  boxSizing: 'border-box',
  margin: '0',
  border: '0',
  inset: 'auto',
  transform: 'translateY(-50%)',
  padding: '16px',
  borderRadius: '8px',
  background: 'Canvas',
  color: 'CanvasText',
  font: '16px system-ui, sans-serif',
  zIndex: '1',
};

const NAME = { display: 'grid', gap: '8px' };

/** A smaller text makes phones enlarge the page. */
const FIELD = { font: 'inherit', fontSize: '16px', width: '100%', boxSizing: 'border-box' };

function open(frame: HTMLDialogElement, canvas: HTMLCanvasElement): void {
  if (canvas.matches(':fullscreen')) frame.showModal();
  else frame.show();
  lay(frame, canvas);
}

/** Over the middle of the canvas; what is modal lies in the window, and so does that. */
function lay(frame: HTMLDialogElement, canvas: HTMLCanvasElement): void {
  const isModal = frame.matches(':modal');
  const left = isModal ? 0 : canvas.offsetLeft;
  const top = isModal ? 0 : canvas.offsetTop;
  const width = Math.min(canvas.offsetWidth - 32, 360);
  Object.assign(frame.style, {
    left: `${left + (canvas.offsetWidth - width) / 2}px`,
    top: `${top + canvas.offsetHeight / 2}px`,
    width: `${width}px`,
  });
}
