/** Coherence: for each class and type there is at most one instance, and it stands where it can be found. */
import { count } from '../forms/index.ts';
import {
  builtinRuling,
  type ClassEntry,
  ERROR,
  type InstanceDefinition,
  isError,
  type Module,
  newMeta,
  type Parameter,
  type Predicate,
  prune,
  showPredicate,
  showType,
  substitute,
  type Type,
  unify,
} from '../model/index.ts';
import { type Inference, reduce, withSuperclasses } from '../solving/index.ts';

/** Classes whose builtin instances cannot be replaced. */
const CLOSED = new Set([
  'Number',
  'IntegerLiteral',
  'FloatLiteral',
  'Entity',
  'Collected',
  'Drawn',
  'Placed',
  'Movable',
  'Shareable',
  'Bits',
  'Real',
]);
/** The library's class of what can be walked over in other ways than by index. */
const WALK = 'prelude.%Walk';

/** Classes that hold for every type unless an instance says how. */
const DERIVED = new Set(['Show', 'Eq', 'Hash']);

/** Looks at an instance beside those that are there; false where it cannot be used. */
export function checkInstanceHead(
  cx: Inference,
  module: Module,
  entry: ClassEntry,
  instance: InstanceDefinition,
): boolean {
  const span = instance.span;
  if (span === undefined || instance.args.some(isError)) return false;
  const head: Predicate = { class: entry.key, args: instance.args };
  if (CLOSED.has(entry.key)) {
    cx.error('closed-class', span, `the instances of \`${entry.name}\` are part of the language`);
    return false;
  }
  for (const [i, arg] of instance.args.entries()) {
    const wanted = entry.kinds?.[i] ?? 0;
    const missing = arg.kind === 'named' ? arg.definition.parameters.length - arg.args.length : wanted;
    if (missing !== wanted && !(arg.kind === 'named' && arg.definition.name === 'Tuple')) {
      const takes = wanted === 0 ? 'a whole type' : `a type that takes ${count(wanted, 'type')}`;
      cx.error(
        'wrong-kind',
        span,
        `\`${entry.name}\` is about ${takes}, and \`${showType(arg)}\` is not one`,
      );
      return false;
    }
  }
  const before = cx.instances.of(entry.key).find((other) => overlap(entry, other, instance));
  if (before !== undefined) {
    cx.error('duplicate-instance', span, `there is an instance ${showPredicate(head)} already`, {
      notes: before.span === undefined ? [] : [{ message: 'it is here', span: before.span }],
    });
    return false;
  }
  const [first = ERROR] = instance.args;
  const isBuiltin = !DERIVED.has(entry.key) && entry.module === undefined && first.kind !== 'parameter';
  if (
    isBuiltin &&
    builtinRuling(entry.key, first) !== undefined &&
    builtinRuling(entry.key, first) !== 'fails'
  ) {
    cx.error(
      'duplicate-instance',
      span,
      `there is an instance ${showPredicate(head)} already: it is part of the language`,
    );
    return false;
  }
  const isAtHome =
    !module.isUsers || entry.module === module || instance.args.some((arg) => definedIn(cx, module, arg));
  const isRestated = module.classes.get(entry.name) === entry;
  if (!isAtHome && !isRestated)
    cx.error(
      'orphan-instance',
      span,
      `neither \`${entry.name}\` nor ${instance.args.map((t) => `\`${showType(t)}\``).join(' or ')} is defined in this file`,
      {
        hint: 'an instance stands in the file of its class or of its type, so that there can be only one',
      },
    );
  return true;
}

function definedIn(cx: Inference, module: Module, type: Type): boolean {
  const t = prune(type);
  return t.kind === 'named' && cx.homes.get(t.definition) === module;
}

/** True if some type would fit both. */
/** Could one type have both? Where the first type determines the others, there is one instance for it. */
function overlap(entry: ClassEntry, a: InstanceDefinition, b: InstanceDefinition): boolean {
  const left = renamed(a).slice(0, entry.determined ? 1 : undefined);
  const right = renamed(b);
  return left.every((type, i) => unify(type, right[i] ?? ERROR) === undefined);
}

function renamed(instance: InstanceDefinition): readonly Type[] {
  const fresh = new Map(instance.parameters.map((p): [Parameter, Type] => [p, newMeta(0)]));
  return instance.args.map((arg) => substitute(arg, fresh));
}

function hasWalk(cx: Inference, { args: [type = ERROR] }: InstanceDefinition): boolean {
  const collection = prune(type);
  return cx.instances.of(WALK).some((walk) => {
    const walked = prune(walk.args[0] ?? ERROR);
    if (walked.kind !== 'named' || collection.kind !== 'named') return false;
    return walked.definition === collection.definition;
  });
}

/** What a class stands on must hold for the instance's types too. */
export function checkSuperclasses(cx: Inference, instance: InstanceDefinition): void {
  const entry = cx.classes.get(instance.class);
  if (entry === undefined || instance.span === undefined) return;
  cx.givens = withSuperclasses(cx, instance.constraints);
  const holds = (predicate: Predicate): boolean => {
    const outcome = reduce(cx, predicate);
    return 'left' in outcome && outcome.left.length === 0;
  };
  const replacement = new Map(entry.parameters.map((p, i) => [p, instance.args[i] ?? ERROR]));
  for (const s of entry.superclasses) {
    // A literal of a type that a program calls a number is what that type makes of it.
    if (s.class === 'IntegerLiteral') continue;
    const predicate = { class: s.class, args: s.args.map((arg) => substitute(arg, replacement)) };
    if (holds(predicate)) continue;
    cx.error(
      'missing-superclass',
      instance.span,
      `\`${entry.name}\` needs ${showPredicate(predicate)}, which does not hold`,
      {
        hint: 'it needs an instance too, or a constraint before `=>`',
      },
    );
  }
  // A program's own collection is gone over by index; only the library's have a walk of their own.
  const sequence = { class: 'Sequence', args: instance.args };
  if (entry.key === 'Collection' && !hasWalk(cx, instance) && !holds(sequence))
    cx.error(
      'missing-superclass',
      instance.span,
      `\`Collection\` needs ${showPredicate(sequence)}, which does not hold`,
      { hint: 'loops go over a collection by index: `nth`, in an instance of `Sequence`' },
    );
  cx.givens = [];
}
