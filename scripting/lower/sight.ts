/** Which instances count: the prelude does not see those of a class that a program has made its own. */
import type { Span } from '../syntax/index.ts';
import { isLibrary } from '../types/index.ts';

export type Sight = 'all' | 'prelude';

/** Who sees what: code of the prelude, also where it is compiled for a program's types. */
export const sightFrom = (span: Span): Sight => (isLibrary(span.source) ? 'prelude' : 'all');
