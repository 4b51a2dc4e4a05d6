/** Types as a script writes them, for messages. */
import { isError } from './builtin.ts';
import type { Predicate, Type } from './type.ts';
import { prune } from './unify.ts';

/** Longer types are cut: a message is to be read. */
const LENGTH_LIMIT = 120;

/** `(Fn [i64 'a] (Vector 'a))`; an unknown shows as `_`, a literal's as what it may become. */
export function showType(type: Type): string {
  const text = write(type, 0);
  return text.length <= LENGTH_LIMIT ? text : `${text.slice(0, LENGTH_LIMIT)}...`;
}

export function showPredicate(predicate: Predicate): string {
  const name = predicate.class.slice(predicate.class.lastIndexOf('.') + 1);
  return `(${[name, ...predicate.args.map(showType)].join(' ')})`;
}

/** A type in a sentence, as in "this is ...". */
export function describe(type: Type): string {
  const t = prune(type);
  if (t.kind === 'meta' && t.literal === 'integer') return 'a whole number';
  if (t.kind === 'meta' && t.literal === 'float') return 'a number with a point';
  return `\`${showType(t)}\``;
}

function write(type: Type, depth: number): string {
  if (depth > 8) return '...';
  const t = prune(type);
  const all = (types: readonly Type[]) => types.map((part) => write(part, depth + 1)).join(' ');
  switch (t.kind) {
    case 'meta':
      return t.literal === 'integer' ? 'i64' : t.literal === 'float' ? 'f64' : '_';
    case 'parameter':
      return `'${t.parameter.name}`;
    case 'named':
      if (isError(t)) return '_';
      return t.args.length === 0 ? t.definition.name : `(${t.definition.name} ${all(t.args)})`;
    case 'function':
      return `(Fn [${all(t.params)}] ${write(t.result, depth + 1)})`;
    case 'apply':
      return `(${write(t.head, depth + 1)} ${all(t.args)})`;
  }
}
