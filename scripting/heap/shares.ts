/**
 * Shared values: each owner has a share, which is an owned value (`owners.ts`) with its own place in the registers. All shares of one value
 * lead to an object of the same kind that nobody holds and that counts them. When the last is dropped, so is what is shared.
 *
 *     share ──subject──▶ what is shared ◀──subject── share
 *       └─────shares────▶ count: 2      ◀───shares─────┘   ◀── weak references
 *
 * A count alone would be 32 bytes less a share, and could not say whose shares they are: what a failed call has left behind, what an arena's
 * end takes away, and what was forgotten with the object that held it, is each let go for itself.
 *
 * The share that was let go last lies in a cell of its own beside the stack, to be had again.
 *
 * Who drops the last marks the count as dropped. Drop code can reach a share of what is dropped already, as in a cycle: one that retains
 * that gets a share that is dropped from the first.
 */
import { DROPPED, enter, isDropped, Owned, spareCell } from './owners.ts';

/**
 * One more share where the one that was let go last was of the same, and no object has held that: then it is taken again, so that a loop
 * that gives a share away in each round makes no garbage. 0 otherwise. Its addresses are what they were, and so need no barrier.
 */
export function ownerAgain(share: usize): usize {
  const spare = load<usize>(spareCell());
  if (share === 0 || spare === 0) return 0;
  const shares = Owned.at(share).shares === 0 ? share : Owned.at(share).shares;
  if (Owned.at(spare).shares !== shares || isDropped(shares)) return 0;
  store<usize>(spareCell(), 0);
  Owned.at(spare).loans = 0;
  Owned.at(shares).slot += 1;
  enter(spare);
  return spare;
}

/**
 * Makes of a new object one more share of what a share, or what counts them, is of: some local owns it. Returns it, or 0 of 0.
 */
export function ownerRetain(made: usize, share: usize): usize {
  if (share === 0) return 0;
  const shares = Owned.at(share).shares === 0 ? share : Owned.at(share).shares;
  const counted = Owned.at(shares);
  Owned.at(made).subject = counted.subject;
  Owned.at(made).type = counted.type;
  Owned.at(made).place = counted.place;
  Owned.at(made).shares = shares;
  if (isDropped(shares)) {
    Owned.at(made).loans = DROPPED;
  } else {
    counted.slot += 1;
    enter(made);
  }
  return made;
}

/** What counts the shares that a weak reference leads to, or 0 where it has counted the last. */
export function ownerShared(shares: usize): usize {
  return shares === 0 || isDropped(shares) ? 0 : shares;
}
