export class World {
  constructor(entities: number, tiles: number, width: number);
  readonly entities: readonly { readonly position: { readonly x: number; readonly y: number } }[];
  frame(time: number): void;
  checksum(): number;
}
