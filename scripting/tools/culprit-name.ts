import { Culprit } from '../../engine/profile/index.ts';

/** Who is to blame, as reports say it: `frame before`. */
export function culpritName(who: number): string {
  const [name = 'nobody'] = Object.entries(Culprit).find(([, number]) => number === who) ?? [];
  return name.toLowerCase().replace('_', ' ');
}
