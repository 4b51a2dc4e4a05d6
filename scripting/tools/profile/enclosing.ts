/** What of a script's text stands around a place. */
import {
  children,
  Diagnostics,
  type Form,
  headName,
  readOnce,
  type Source,
  symbolName,
} from '../../syntax/index.ts';
import { offsetOf } from './edits.ts';
import type { SiteStep } from './recording.ts';

type Place = Pick<SiteStep, 'file' | 'line' | 'column'>;

export interface Enclosing {
  readonly source: Source;
  /** The forms around the place, from the definition that it is in to the innermost. */
  readonly forms: readonly Form[];
}

/** Undefined for a place that is in none of the sources, or in no form. */
export function enclosing(sources: readonly Source[], place: Place): Enclosing | undefined {
  const source = sources.find(({ name }) => name === place.file);
  if (source === undefined) return undefined;
  const at = offsetOf(source, place);
  const forms: Form[] = [];
  let among: readonly Form[] = readOnce(source, new Diagnostics());
  for (;;) {
    const found = among.find(({ span }) => span.start <= at && at < span.end);
    if (found === undefined) break;
    forms.push(found);
    among = children(found);
  }
  return forms.length === 0 ? undefined : { source, forms };
}

/** The forms of the body of a definition that runs; none for another form. */
export function bodyOf(definition: Form): readonly Form[] {
  if (definition.kind !== 'list') return [];
  const items = headName(definition) === 'pub' ? definition.items.slice(1) : definition.items;
  switch (symbolName(items[0])) {
    case 'defn':
      return withoutDocumentation(afterType(items.slice(3)));
    case 'behave':
      return withoutOptions(items.slice(3));
    case 'on-event':
      return items.slice(3);
    default:
      return [];
  }
}

/** `: T` stands between parameters and body. */
const afterType = (items: readonly Form[]): readonly Form[] =>
  symbolName(items[0]) === ':' ? items.slice(2) : items;

const withoutDocumentation = (items: readonly Form[]): readonly Form[] =>
  items[0]?.kind === 'string' && items.length > 1 ? items.slice(1) : items;

/** `:after Spark` */
function withoutOptions(items: readonly Form[]): readonly Form[] {
  return items[0]?.kind === 'keyword' ? withoutOptions(items.slice(2)) : items;
}
