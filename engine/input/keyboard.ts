/**
 * Which key events are a game's. A key is the game's where its canvas has the focus; where it is the only game of the page, also where
 * nothing has, and where a button or link has, which keeps Space and Enter. All else on a page keeps its keys: fields, what can be edited,
 * what stands in a shadow root, compositions, and the browser's own chords.
 */
import type { InputPage } from './page.ts';

/** What the browser does by these is never kept from it. */
const NEVER_CLAIMED: ReadonlySet<string> = new Set(['Tab', 'Escape', 'F5', 'F11', 'F12']);
const MODIFIERS = /^(Shift|Control|Alt|Meta)(Left|Right)$/;
/** They press what has the focus. */
const PRESSING: ReadonlySet<string> = new Set(['Space', 'Enter', 'NumpadEnter']);
const PRESSED_BY_KEYS = 'button, a[href], summary, [role="button"], [role="link"]';

/** What is asked of a `KeyboardEvent`. */
export interface KeyPress {
  readonly type: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly repeat: boolean;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export type KeyTarget = 'game' | 'button' | 'other';

export class Keyboard {
  readonly #page: InputPage;
  readonly #claims: (code: string) => boolean;
  readonly #losesKeys: boolean;
  /** Keys of which the release was not seen, since Cmd was held: they may still be down, and then they repeat. */
  readonly #lost = new Set<string>();

  /**
   * `claims` says whether the game has a use for a key, so that the page must have none; `losesKeys` whether the system tells of no other
   * key that is let go while Cmd is held, as macOS does not.
   */
  constructor(page: InputPage, claims: (code: string) => boolean, losesKeys: boolean) {
    this.#page = page;
    this.#claims = claims;
    this.#losesKeys = losesKeys;
  }

  down(event: KeyPress, target: KeyTarget): void {
    const { code } = event;
    if (target === 'other' || event.defaultPrevented || event.isComposing) return;
    if (target === 'button' && PRESSING.has(code)) return;
    const isModifier = MODIFIERS.test(code);
    if (!isModifier && (event.ctrlKey || event.altKey || event.metaKey)) return;
    if (this.#claims(code) && !NEVER_CLAIMED.has(code) && !isModifier) event.preventDefault();
    // What repeats went down earlier, while something else had the focus.
    if (event.repeat && !this.#lost.has(code)) return;
    this.#lost.delete(code);
    this.#page.setKey(code, true);
  }

  /** A key that is let go is let go, wherever the focus is by now. */
  up({ code }: KeyPress): void {
    this.#lost.delete(code);
    this.#page.setKey(code, false);
    if (this.#losesKeys && /^Meta(Left|Right)$/.test(code)) this.#forget();
  }

  /** The game has lost the keyboard. */
  release(): void {
    this.#lost.clear();
    this.#page.releaseKeys();
  }

  /** Whatever is held may be up by now. What is not comes back when it repeats. */
  #forget(): void {
    for (const code of this.#held()) {
      this.#lost.add(code);
      this.#page.setKey(code, false);
    }
  }

  #held(): readonly string[] {
    return this.#page.heldKeys.filter((code) => !MODIFIERS.test(code));
  }
}

/** Whose keys they are, by what has the focus. `single` where the page has no other game. */
export function keyTarget(path: readonly EventTarget[], canvas: Element, single: boolean): KeyTarget {
  const [inner] = path;
  if (inner === canvas) return 'game';
  if (!single || !(inner instanceof Node)) return inner instanceof Window && single ? 'game' : 'other';
  // Where a shadow root has the focus, what is inside it is its own business.
  if (inner.getRootNode() !== canvas.ownerDocument) return inner === canvas.ownerDocument ? 'game' : 'other';
  const { body, documentElement, designMode } = canvas.ownerDocument;
  if (designMode === 'on') return 'other';
  if (inner === body || inner === documentElement)
    return (inner as HTMLElement).isContentEditable ? 'other' : 'game';
  const element = inner as HTMLElement;
  return element.matches?.(PRESSED_BY_KEYS) && !element.isContentEditable && element.shadowRoot === null
    ? 'button'
    : 'other';
}
