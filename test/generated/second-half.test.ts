/** The second half of the long search: see `half.ts`. */
import { it } from 'vitest';
import { ENOUGH, LONG, searchHalf } from './half.ts';

it.runIf(LONG)('generated programs of fresh seeds do what they mean', () => searchHalf(1), ENOUGH);
