/** What the heap of checked builds has besides `exports.ts`: their code calls it, and no other build's does. */
import { checkEnd, checkOutlives, checkStore, checkUse } from './checks.ts';

export { checkEnd, checkOutlives, checkStore, checkUse };
