/** Under which names the host finds public functions. */
import { expect, test } from 'vitest';
import { Machine } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { MODES } from './script.ts';

test.each(MODES)(
  'modules may have public functions of one name: the main script goes first in %s',
  async (mode) => {
    const sources = [
      new Source(
        'shapes.slu',
        '(pub defn area () : i64 1)\n(pub defn side () : i64 2)\n(pub defn depth () : i64 3)',
      ),
      new Source('solids.slu', '(pub defn area () : i64 4)\n(pub defn side () : i64 5)'),
      new Source(
        'game.slu',
        '(import shapes :as s)\n(import solids :as t)\n(pub defn area () : i64 (+ (s.area) (t.area)))',
      ),
    ];
    const { image } = await compile(sources, { mode });
    if (image === undefined) throw new Error('it has errors');
    const machine = await Machine.create(image);
    const names = ['area', 'shapes.area', 'solids.area', 'shapes.side', 'solids.side', 'depth'];
    expect(names.map((name) => machine.call(name))).toEqual([5, 1, 4, 2, 5, 3]);
    expect(machine.exports('side')).toBe(false);
  },
);
