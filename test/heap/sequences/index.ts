/**
 * Sequences of events in which a naive generational or incremental collector loses an object, by name, or takes one for another that lay
 * there before. Each runs on a heap that collects in slices of one object, and throws where something was lost.
 */
import { DIVISION } from './division.ts';
import { MARKING } from './marking.ts';
import { MOVING } from './moving.ts';
import { OVERFLOW } from './overflow.ts';
import { PROMOTION } from './promotion.ts';
import { REFERENCES } from './references.ts';
import { ROOTS } from './roots.ts';
import type { Sequences } from './scene.ts';
import { TEXTS } from './texts.ts';

export const SEQUENCES: Sequences = {
  ...MARKING,
  ...PROMOTION,
  ...OVERFLOW,
  ...DIVISION,
  ...ROOTS,
  ...REFERENCES,
  ...MOVING,
  ...TEXTS,
};
