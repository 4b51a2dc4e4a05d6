/** The page around the swarm: who plays it, what is asked of it, and how long its frames take. */
import type { Contender } from './contender.ts';
import { FrameGraph } from './frame-graph.ts';
import { Hud } from './hud.ts';
import { Plain } from './plain.ts';
import { Scripted } from './scripted.ts';

const CHOICES = ['gaps', 'suppressed', 'twin'] as const;
type Choice = (typeof CHOICES)[number];

/** Bytes that the game may fill while nothing is collected. */
const MOST_MEMORY = 512 * 1024 * 1024;

const stage = element('stage', HTMLElement);
const slider = element('bullets', HTMLInputElement);
const count = element('count', HTMLOutputElement);
const pause = element('pause', HTMLButtonElement);
const standing = element('standing', HTMLElement);
const restart = element('restart', HTMLButtonElement);
const voice = element('voice', HTMLElement);
const buttons = {
  gaps: element('gaps', HTMLButtonElement),
  suppressed: element('suppressed', HTMLButtonElement),
  twin: element('twin', HTMLButtonElement),
} as const satisfies Record<Choice, HTMLButtonElement>;
const graph = new FrameGraph(element('graph', HTMLCanvasElement), {
  script: element('script-time', HTMLElement),
  stage: element('stage-time', HTMLElement),
  gap: element('collector-time', HTMLElement),
  late: element('late', HTMLElement),
});
const hud = new Hud((id) => element(id, HTMLElement));

// Who asked for less motion begins with a picture that stands still, and is never shaken.
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
let choice: Choice = 'gaps';
/** None while one ends and another starts. */
let contender: Contender | undefined = await start(choice);
let frames = 0;
let isPaused = calm;
setPaused(isPaused);
showControls();
requestAnimationFrame(watch);

slider.addEventListener('input', () => {
  contender?.setMostBullets(Number(slider.value));
  showControls();
});
// Who used the pointer goes on playing: the keys are the ship's again. Who used the keyboard keeps the focus where it is.
slider.addEventListener('pointerup', play);
element('controls', HTMLElement).addEventListener('click', ({ detail, target }) => {
  if (detail > 0 && target instanceof HTMLButtonElement) play();
});
pause.addEventListener('click', () => setPaused(!isPaused));
restart.addEventListener('click', () => {
  contender?.restart();
  setPaused(false);
});
for (const wanted of CHOICES) buttons[wanted].addEventListener('click', () => void choose(wanted));
addEventListener('keydown', ({ code, repeat, ctrlKey, metaKey, altKey }) => {
  if (code === 'KeyP' && !repeat && !ctrlKey && !metaKey && !altKey) setPaused(!isPaused);
});

async function start(wanted: Choice): Promise<Contender> {
  const started = wanted === 'twin' ? await Plain.start(stage, say) : await Scripted.start(stage);
  started.setMostBullets(Number(slider.value));
  started.setCalm(calm);
  started.setSuppressed(wanted === 'suppressed');
  tellConsole(started);
  return started;
}

/** For the console, and for the tests. */
function tellConsole(playing: Contender | undefined): void {
  const game = playing instanceof Scripted ? playing.game : undefined;
  Object.assign(globalThis, { contender: playing, game });
}

/** The switches come one after the other, however fast they are pressed. */
let switching: Promise<void> = Promise.resolve();

function choose(wanted: Choice): Promise<void> {
  switching = switching.then(async () => {
    if (wanted === choice) return;
    const another = (wanted === 'twin') !== (choice === 'twin');
    choice = wanted;
    showControls();
    if (!another) return contender?.setSuppressed(wanted === 'suppressed');
    contender?.end();
    contender = undefined;
    tellConsole(undefined);
    hud.forget();
    contender = await start(wanted);
    setPaused(isPaused);
  });
  return switching;
}

function play(): void {
  contender?.canvas.focus({ preventScroll: true });
}

function say(text: string): void {
  voice.textContent = text;
}

function watch(time: number): void {
  requestAnimationFrame(watch);
  if (contender === undefined) return;
  frames += 1;
  hud.update(contender, time);
  if (frames % 4 === 0) graph.draw(contender.times);
  if (frames % 20 !== 0) return;
  graph.tell(contender.times);
  hud.read(contender);
  if (choice === 'suppressed' && (contender.memory ?? 0) > MOST_MEMORY) void choose('gaps');
}

function setPaused(paused: boolean): void {
  isPaused = paused;
  if (contender !== undefined) contender.paused = paused;
  pause.textContent = paused ? 'Play' : 'Pause';
  standing.classList.toggle('shown', paused);
}

function showControls(): void {
  count.value = Number(slider.value).toLocaleString('en');
  for (const known of CHOICES) buttons[known].setAttribute('aria-pressed', String(known === choice));
}

function element<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page lacks its element ${id}`);
  return found;
}
