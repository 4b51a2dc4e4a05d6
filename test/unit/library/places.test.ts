/** Entities that are attached to others, however many there are, and what is said of those that cannot be. */
import { expect, test } from 'vitest';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

test.each([
  [
    '(defentity Tank (place : Place)) (defn f ((t : Tank)) : Unit (detach! t))',
    'the place of `Tank` cannot be changed',
    'its field is to be `mut`: `(mut place : Place)`',
  ],
  [
    '(defentity Rock (mut at : Vec2)) (defn f ((r : Rock)) : Unit (teleport! r (Vec2 0.0 0.0)))',
    '`Rock` has no place',
    'an entity has one where it declares a field of the type `Place`: `(mut place : Place)`',
  ],
])('a place that cannot be changed is told: %s', async (script, message, hint) => {
  const { diagnostics } = await compile(
    [new Source('game.slu', `(import sluice.stage :all) (import sluice.math :all) ${script}`)],
    { mode: 'development' },
  );
  expect(diagnostics).toMatchObject([{ code: 'no-instance', message, hint }]);
});
