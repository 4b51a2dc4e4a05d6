/** What a reload did to names, and what may be done about it. It is fetched when code is saved first. */
import { type Manifest, pooledType, signatureText } from '../../../scripting/image/index.ts';
import type { ReloadableMachine, ReplacedNames } from '../../script.ts';
import type { Choice } from '../choice.ts';

/** A sentence for each. */
export function nameNotes({
  migrated = [],
  rearranged = [],
  forgotten = [],
  parked = [],
  restored = [],
  renames = [],
  leftBehind = [],
  notApplied = [],
}: ReplacedNames): string[] {
  return [
    ...migrated.map(({ type, count }) => `${count} \`${type}\` took a new layout`),
    ...rearranged.map((type) => `what is in \`${type}\` was put in its place anew`),
    ...forgotten.map(
      (name) =>
        ofEntities(name, (type) => `the entities of ${type}, which waited, are given up`) ??
        `the value of \`${name}\`, which waited, is given up: there is nothing of its type any more`,
    ),
    ...parked.map(
      (name) =>
        ofEntities(name, (type) => `the entities of ${type} wait until there is such a type again`) ??
        `the value of \`${name}\` waits until there is such a global again`,
    ),
    ...restored.map(
      (name) =>
        ofEntities(name, (type) => `the entities of ${type} are in the world again`) ??
        `\`${name}\` has the value that it had`,
    ),
    ...renames.map(({ from, to }) => `is \`${to}\` what \`${from}\` was?`),
    ...leftBehind.map(
      (name) =>
        `what \`${name}\` had made of the host, as a text on the stage, is there until its scene is left`,
    ),
    ...notApplied.map((name) => `\`${name}\` goes on with its value, not with its new first one`),
  ];
}

/** What is said of a type's entities, where a global is what holds them. */
function ofEntities(global: string, sentence: (type: string) => string): string | undefined {
  const type = pooledType(global);
  return type === undefined ? undefined : sentence(`\`${type}\``);
}

/** `act` runs something between two frames. */
export function nameChoices(
  { renames = [], notApplied = [] }: ReplacedNames,
  machine: ReloadableMachine,
  act: (action: () => void) => void,
): Choice[] {
  const choices = renames.map((rename) => ({
    text: `renamed ${rename.from} -> ${rename.to}`,
    action: () => act(() => machine.rename?.(rename)),
  }));
  if (notApplied.length > 0)
    choices.push({
      text: `begin with ${notApplied.join(', ')} anew`,
      action: () => act(() => machine.applyInitial?.(notApplied)),
    });
  return choices;
}

/** What the host may call that is not what it was: a page that calls it goes by what it knew. */
export function changedExports(before: Manifest, now: Manifest): readonly string[] {
  const found = new Map(now.exports.map((entry) => [entry.name, signatureText(entry, now.shapes)]));
  return before.exports.flatMap((entry) => {
    const { name } = entry;
    const is = found.get(name);
    if (is === undefined) return [`the host cannot call \`${name}\` any more`];
    return is === signatureText(entry, before.shapes) ? [] : [`\`${name}\` takes or returns something else`];
  });
}
