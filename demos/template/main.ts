/** The page around `game.slu`: brings it the pointer, draws what it keeps, and shows its score. */
import { Assets, Sprite } from 'pixi.js';
import { Circles, Game } from 'sluice';
import basketImage from './assets/basket.png';
import script from './game.slu';

const game = await Game.start({
  script,
  parent: element('stage'),
  width: 640,
  height: 400,
  background: 0x0d1420,
  beforeScript: ({ input, machine }) => machine.call('steer', input.pointerX),
});
game.add(new Circles('*circles*'));

// PixiJS's own objects are drawn beside what the script keeps.
const basket = new Sprite({
  texture: await Assets.load(basketImage),
  anchor: 0.5,
  width: 80,
  height: 20,
  y: 370,
});
game.stage.scene.addChild(basket);

const score = element('score');
game.stage.updates.push(() => {
  basket.x = game.machine.call('basket');
  score.textContent = `Score: ${game.machine.call('score')}`;
});

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}
