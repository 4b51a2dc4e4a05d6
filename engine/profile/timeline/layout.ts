/** The elements of the timeline, put together; what they do is `drawn-timeline.ts`'s. */
import { MARK_KINDS } from './frame-marks.ts';
import { PHASES } from './phases.ts';
import { STYLE } from './style.ts';

export type Action =
  | 'freeze'
  | 'worst'
  | 'earlier'
  | 'later'
  | 'closer'
  | 'wider'
  | 'save'
  | 'table'
  | 'heap'
  | 'tracks'
  | 'hide';

const BUTTONS: readonly (readonly [Action, text: string, name: string])[] = [
  ['freeze', 'Freeze', ''],
  ['worst', 'Worst frame', ''],
  ['earlier', '◀', 'Earlier frames'],
  ['later', '▶', 'Later frames'],
  ['closer', '+', 'Zoom in'],
  ['wider', '−', 'Zoom out'],
  ['save', 'Save', 'Save these frames as a file'],
  ['table', 'CSV', 'Save these frames as CSV'],
  ['heap', 'Heap', "Heap: what the script's objects are"],
  ['tracks', 'DevTools', "Tracks in the browser's DevTools"],
  ['hide', 'Hide', 'Hide the timeline'],
];

const KEYS =
  'Arrow keys, Page Up and Page Down, Home and End choose a frame; + and − zoom, Escape hides. Drag to scroll; where the frames have the focus, the wheel zooms.';

export class Layout {
  readonly host = document.createElement('sluice-timeline');
  readonly buttons = new Map<Action, HTMLButtonElement>();
  readonly chart = document.createElement('div');
  /** Is there before what it says, since a screen reader reads what comes into it. */
  readonly said = document.createElement('p');
  readonly details = document.createElement('dl');
  readonly below = document.createElement('div');
  readonly heap = document.createElement('div');

  constructor(step: number) {
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const section = document.createElement('section');
    section.setAttribute('aria-label', 'Timeline of frames');
    this.chart.className = 'chart';
    this.chart.tabIndex = 0;
    this.chart.setAttribute('role', 'slider');
    this.chart.setAttribute('aria-label', 'Frame');
    this.said.className = 'said';
    this.said.setAttribute('role', 'status');
    this.below.className = 'below';
    this.below.append(this.details);
    const note = text(
      'p',
      `Times are the page's clock's, which goes in steps of ${step} ms. ${KEYS}`,
      'note',
    );
    note.id = 'note';
    this.chart.setAttribute('aria-describedby', note.id);
    section.append(this.#header(), this.chart, legend(), this.said, this.below, this.heap, note);
    root.append(section);
  }

  #header(): HTMLElement {
    const header = document.createElement('header');
    header.append(text('h2', 'Timeline'));
    for (const [action, words, name] of BUTTONS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = words;
      if (name !== '') {
        button.setAttribute('aria-label', name);
        button.title = name;
      }
      this.buttons.set(action, button);
      header.append(button);
    }
    return header;
  }
}

function legend(): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'legend';
  const add = (name: string, className: string, letter: string, colour?: string): void => {
    const item = document.createElement('li');
    const sign = text('span', letter, className);
    sign.setAttribute('aria-hidden', 'true');
    if (colour !== undefined)
      sign.style.setProperty(letter === '' ? 'background' : 'color', `var(${colour})`);
    item.append(sign, name);
    list.append(item);
  };
  for (const { name, colour } of PHASES) add(name, 'swatch', '', colour);
  add('deadline', 'deadline', '');
  for (const { name, letter, colour } of Object.values(MARK_KINDS)) add(name, '', letter, colour);
  return list;
}

function text(tag: string, words: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = words;
  if (className !== '') element.className = className;
  return element;
}
