/**
 * The two sides of a vector that is a tree. Loads, and functions only so that the compiler can tell them from other
 * loads: `regions` takes a tree's nodes for one object.
 */
import { ROPE_LEFT, ROPE_RIGHT } from '../../heap/layout.ts';

export function ropeLeft(rope: usize): usize {
  return load<usize>(rope, ROPE_LEFT);
}

export function ropeRight(rope: usize): usize {
  return load<usize>(rope, ROPE_RIGHT);
}
