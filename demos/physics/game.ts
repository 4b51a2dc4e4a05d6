/** The page around `physics.slu`: its controls, and what its heap is doing. */
import { Game, Measure, Timeline } from '../../engine/index.ts';
import { Readings } from '../readings.ts';
import script from './physics.slu';

const slider = element('bodies', HTMLInputElement);
const count = element('count', HTMLOutputElement);
const turn = element('turn', HTMLButtonElement);
const pause = element('pause', HTMLButtonElement);
const suppress = element('suppress', HTMLButtonElement);
const resume = element('resume', HTMLButtonElement);
const collect = element('collect', HTMLButtonElement);

const game = await Game.start({
  script,
  parent: element('stage', HTMLElement),
  width: 960,
  height: 600,
  background: 0x0d1420,
  resolutionCap: 2,
  fixedStep: 1 / 60,
  interpolate: true,
  onRestart: applyControls,
});
element('controls', HTMLElement).append(game.panels.element);
const timeline = new Timeline(game, { parent: element('timeline', HTMLElement) });
element('heading', HTMLElement).after(timeline.button);

slider.addEventListener('input', () => setBodies(Number(slider.value)));
turn.addEventListener('click', () => void game.machine.call('turn'));
suppress.addEventListener('click', () => {
  game.suppress();
  showControls();
});
resume.addEventListener('click', () => {
  game.resume();
  showControls();
});
pause.addEventListener('click', () => setPaused(!game.paused));
// Who asked for less motion begins with a picture that stands still.
setPaused(matchMedia('(prefers-reduced-motion: reduce)').matches);
collect.addEventListener('click', () => void game.collect({ move: true }));

const readings = new Readings(element('readings', HTMLElement), game.recorder, [
  ['Contacts', () => whole(Number(game.machine.call('contact-count')))],
  ['Asleep', () => whole(Number(game.machine.call('asleep-count')))],
  ['New since', (recorder) => megabytes(recorder.read(Measure.YOUNG))],
  ['Arena', (recorder) => megabytes(recorder.read(Measure.ARENA))],
  ['Memory', (recorder) => megabytes(recorder.read(Measure.MEMORY))],
  ['Collections', () => whole(game.collections)],
  ['Collector', () => (game.suppressions > 0 ? 'suppressed' : 'in the gaps')],
]);
readings.start(game);
showControls();

// For the console, and for the tests.
Object.assign(globalThis, { game });

function setBodies(bodies: number): void {
  game.machine.call('set-body-count', bodies);
  showControls();
}

/** A new scene knows nothing of what was set before. */
function applyControls(): void {
  setBodies(Number(slider.value));
}

function showControls(): void {
  count.value = whole(Number(slider.value));
  // Not disabled as a button can be: that would take the focus away from who has just used it.
  resume.setAttribute('aria-disabled', String(game.suppressions === 0));
}

function setPaused(paused: boolean): void {
  game.paused = paused;
  pause.textContent = paused ? 'Go on' : 'Pause';
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(2)} MB`;
}

function element<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page lacks its element ${id}`);
  return found;
}
