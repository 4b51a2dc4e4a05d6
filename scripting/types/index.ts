export { check, isPrelude } from './check.ts';
export { hostArguments } from './exportable.ts';
export { components as stronglyConnected } from './group.ts';
export { isTooLarge } from './size.ts';
export type * from './type.ts';
export type * from './typed.ts';
