/**
 * What programs with owned values call of the heap, besides `exports.ts`. It is compiled last, so that the code of all others is the same,
 * byte for byte, whatever is added here.
 */
import {
  loanBegin,
  loanEnd,
  loansUnwind,
  ownerDrop,
  ownerForgotten,
  ownerInArena,
  ownerKeep,
  ownerLeft,
  ownersEnd,
  ownerTake,
} from './owners.ts';
import { ownerAgain, ownerRetain, ownerShared } from './shares.ts';

export {
  loanBegin,
  loanEnd,
  loansUnwind,
  ownerAgain,
  ownerDrop,
  ownerForgotten,
  ownerInArena,
  ownerKeep,
  ownerLeft,
  ownerRetain,
  ownerShared,
  ownersEnd,
  ownerTake,
};
