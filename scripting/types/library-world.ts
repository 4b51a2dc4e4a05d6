/**
 * The library's modules come to the same in every program that has them, so that is worked out once in a process: what they declare,
 * and the body of each function when a program uses it for the first time. Programs share all of it. So nothing in it may change after
 * it was made, but for bodies that are added, and nothing in it may depend on a program: its types are its own, its instances are those
 * of its own types and classes, and what handles its events stands in the tables of each program.
 */

import { Diagnostics } from '../syntax/index.ts';
import { settleLeftOver } from './solving/index.ts';
import { Bodies, checkHandlers } from './whole-program/index.ts';
import { type SourceForms, World } from './world.ts';

/** A game has one set of modules, or a few in turn while imports are written. */
const MOST_KEPT = 16;

/** The library's modules that a program has, and the bodies of their functions. */
export interface Library {
  readonly forms: readonly SourceForms[];
  readonly world: World;
  readonly bodies: Bodies;
}

/** The latest first. */
const kept: Library[] = [];

/** The library of some of its modules, the prelude first: that of the same forms, if there has been one. */
export function libraryOf(forms: readonly SourceForms[], names: readonly string[]): Library {
  const found = kept.find((one) => isSame(one.forms, forms)) ?? make(forms, names);
  kept.splice(0, MOST_KEPT, found, ...kept.filter((one) => one !== found).slice(0, MOST_KEPT - 1));
  return found;
}

function isSame(a: readonly SourceForms[], b: readonly SourceForms[]): boolean {
  return a.length === b.length && a.every((one, i) => one.forms === b[i]?.forms);
}

function make(forms: readonly SourceForms[], names: readonly string[]): Library {
  const diagnostics = new Diagnostics();
  const world = new World(diagnostics);
  world.enter(forms, { imported: true, library: names, onDemand: true });
  checkHandlers(world.cx);
  settleLeftOver(world.cx);
  const bodies = new Bodies(world.cx);
  // A test holds that the library has none.
  if (diagnostics.failed) throw new Error(`the library: ${diagnostics.all.map(({ message }) => message)}`);
  return { forms, world, bodies };
}
