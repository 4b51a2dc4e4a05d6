/** What the heap of checked builds has besides `exports.ts`: their code calls it, and no other build's does. */
import { checkOutlives, checkStore, checkUse } from './checks.ts';

export { checkOutlives, checkStore, checkUse };
