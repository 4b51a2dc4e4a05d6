export type * from './type.ts';
export type * from './typed.ts';
