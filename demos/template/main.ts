/** The page around `game.slu`: brings it the pointer, and shows its score. */
import { Game } from 'sluice';
import script from './game.slu';

const game = await Game.start({
  script,
  parent: element('stage'),
  width: 640,
  height: 400,
  background: 0x0d1420,
  beforeScript: ({ input, machine }) => machine.call('steer', input.pointerX),
});

// The score is text of the page. On the stage, the script has its title, and this page could have what else PixiJS has, by
// `game.stage.layer('main').addChild(...)`.
const score = element('score');
game.stage.updates.push(() => {
  score.textContent = `Score: ${game.machine.call('score')}`;
});

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}
