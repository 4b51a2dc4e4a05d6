/** Something that whoever develops the game may do. */
export interface Choice {
  readonly text: string;
  readonly action: () => void;
}
