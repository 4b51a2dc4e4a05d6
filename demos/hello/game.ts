/** The page around `hello.slu`: nothing but the game. */
import { Game } from '../../engine/index.ts';
import script from './hello.slu';

const parent = document.getElementById('stage');
if (parent === null) throw new Error('the page has no element #stage');

const game = await Game.start({ script, parent, width: 800, height: 600, background: 0x0d1420 });

// Who asked for less motion begins with a picture that stands still.
game.paused = matchMedia('(prefers-reduced-motion: reduce)').matches;
const pause = document.getElementById('pause');
const show = (): void => {
  if (pause !== null) pause.textContent = game.paused ? 'Play' : 'Pause';
};
pause?.addEventListener('click', () => {
  game.paused = !game.paused;
  show();
});
show();

// For the console, and for the tests.
Object.assign(globalThis, { game });
