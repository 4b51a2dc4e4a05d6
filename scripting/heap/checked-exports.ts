/** What the heap of checked builds has besides `exports.ts`: their code calls it, and no other build's does. */
import { checkOutlives, checkStore, checkUse } from './mutator/checks.ts';
import { checkEnd } from './verify/arena-end.ts';

export { checkEnd, checkOutlives, checkStore, checkUse };
