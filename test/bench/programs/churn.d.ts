export class World {
  constructor(sparks: number, tiles: number);
  readonly shown: readonly { readonly x: number }[];
  frame(time: number): void;
  checksum(): number;
}
