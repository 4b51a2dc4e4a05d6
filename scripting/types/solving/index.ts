export { access, atArguments, fieldOf, guessFields, list, lookUpWanted, tupleHint } from './fields.ts';
export { generaliseGroup, generaliseLocal, keepLocal, settleLeftOver, solve } from './generalise.ts';
export { type Behaviour, type Event, Inference, type Migration } from './inference.ts';
export { insideHint, operandHint, pointHint, variantsHint } from './mismatch.ts';
export { entitiesHint } from './namesakes.ts';
export { couldTake } from './possible.ts';
export { isUnknown } from './products.ts';
export { reduce, spell, withSuperclasses } from './solve.ts';
export { stronglyConnectedComponents } from './strongly-connected.ts';
