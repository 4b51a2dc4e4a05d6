/**
 * Which frames are seen: `count` of them, the first of which is `first`. Fewer are there where the game has just begun; then they stand at
 * the left.
 */
export interface View {
  readonly first: number;
  readonly count: number;
}

/** Frames that are held, by their numbers. */
export interface Held {
  readonly oldest: number;
  readonly newest: number;
}

export const FIRST_COUNT = 240;
export const FEWEST = 20;

/** The newest frames. */
export function follow(held: Held, count: number): View {
  return within(held, { first: held.newest - count + 1, count });
}

/** `factor` times as many frames; the one `at` stays where it is. */
export function zoom(held: Held, view: View, factor: number, at: number, most: number): View {
  const count = Math.round(Math.min(most, Math.max(FEWEST, view.count * factor)));
  const part = (at - view.first) / view.count;
  return within(held, { first: Math.round(at - part * count), count });
}

/** So many frames later, or earlier. */
export function scroll(held: Held, view: View, by: number): View {
  return within(held, { first: view.first + by, count: view.count });
}

/** Scrolls only where the frame is not seen, and then as far as puts it into the middle. */
export function reveal(held: Held, view: View, frame: number): View {
  if (frame >= view.first && frame <= lastOf(held, view)) return view;
  return within(held, { first: frame - Math.floor(view.count / 2), count: view.count });
}

/** The last frame that is seen. */
export function lastOf(held: Held, { first, count }: View): number {
  return Math.min(held.newest, first + count - 1);
}

function within({ oldest, newest }: Held, { first, count }: View): View {
  return { first: Math.max(oldest, Math.min(newest - count + 1, first)), count };
}
