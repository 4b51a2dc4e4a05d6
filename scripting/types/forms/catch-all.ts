/** A name in a pattern fits everything: warns of one that was written for a variant. */

import type { SymbolForm } from '../../syntax/index.ts';
import { prune, type Type } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { isMissing } from './foreign-words.ts';

/** Letters alone, so that `game-over` is like `GameOver`. */
const letters = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

/** Warns of `nil` and `none` for `None`, and of `idle` for `Idle`, among the patterns of a sum. */
export function warnOfCatchAll(cx: Inference, symbol: SymbolForm, type: Type): void {
  const known = prune(type);
  if (known.kind !== 'named' || known.definition.kind !== 'sum') return;
  const { name, variants } = known.definition;
  const same = variants.find((variant) => letters(variant.name) === letters(symbol.name));
  const empty = variants.find((variant) => variant.fields.length === 0);
  const isForeign = isMissing(symbol.name);
  const meant = same ?? (isForeign ? empty : undefined);
  if (meant === undefined && !isForeign) return;
  const hint =
    meant === undefined
      ? `\`${name}\` has ${variants.map((variant) => `\`${variant.name}\``).join(', ')}; \`_\` fits everything`
      : `the variant is written \`${meant.fields.length === 0 ? meant.name : `(${meant.name} ${meant.fields.map(() => '_').join(' ')})`}\`, and \`_\` fits everything`;
  cx.diagnostics.warning(
    'catch-all-name',
    symbol.span,
    `\`${symbol.name}\` is a name here, which fits everything`,
    {
      hint,
    },
  );
}
