/**
 * The heap below the timeline: snapshots that are taken while the game goes on, objects by type and what there are more of than in the
 * snapshot before, what grows, and a search that says what keeps an object alive.
 */
import {
  difference,
  type FoundObject,
  type HeapSnapshot,
  leaks,
} from '../../../scripting/machine/snapshot/index.ts';
import { bytes, whole } from './words.ts';

const TYPES = 12;
const FOUND = 12;
const GROWN = 10;
/** Columns that have no numbers. */
const WORDS = new Set(['type', 'held at', 'way to it', 'kept by']);
/** Snapshots that are kept, the newest; growth is over all of them. */
const KEPT = 3;

export interface HeapPanelOptions {
  readonly take: () => Promise<HeapSnapshot>;
  /** Says something where a screen reader hears it. */
  readonly tell: (words: string) => void;
}

export class HeapPanel {
  readonly element = document.createElement('div');
  readonly #options: HeapPanelOptions;
  readonly #button = document.createElement('button');
  readonly #type = field('Type');
  readonly #field = field('Field');
  readonly #types = document.createElement('div');
  readonly #grown = document.createElement('div');
  readonly #found = document.createElement('div');
  #snapshots: readonly HeapSnapshot[] = [];

  constructor(options: HeapPanelOptions) {
    this.#options = options;
    this.element.role = 'region';
    this.element.setAttribute('aria-label', 'Heap');
    this.element.className = 'heap';
    this.#button.type = 'button';
    this.#button.textContent = 'Take a snapshot';
    this.#button.addEventListener('click', () => void this.#take());
    const search = document.createElement('form');
    search.role = 'search';
    search.addEventListener('submit', (event) => event.preventDefault());
    search.addEventListener('input', () => this.#search());
    // The game, and the timeline, have keys of their own.
    search.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') event.stopPropagation();
    });
    search.append(this.#type.label, this.#field.label);
    const head = document.createElement('header');
    head.append(text('h3', "The script's heap"), this.#button);
    this.element.append(head, this.#types, this.#grown, search, this.#found);
    this.#search();
  }

  async #take(): Promise<void> {
    if (this.#button.disabled) return;
    this.#button.disabled = true;
    this.#options.tell('A snapshot of the heap is being taken, while the game goes on.');
    try {
      const snapshot = await this.#options.take();
      this.#snapshots = [...this.#snapshots, snapshot].slice(-KEPT);
      this.#show(snapshot);
      this.#options.tell(
        `The heap has ${whole(snapshot.count)} objects that can be reached, ${bytes(snapshot.bytes)}.`,
      );
    } catch (error) {
      this.#options.tell(
        `There is no snapshot of the heap: ${error instanceof Error ? error.message : String(error)}.`,
      );
    } finally {
      this.#button.disabled = false;
    }
  }

  #show(snapshot: HeapSnapshot): void {
    const before = this.#snapshots.at(-2);
    const changes = new Map(
      before === undefined ? [] : difference(before, snapshot).map((change) => [change.type, change]),
    );
    this.#types.replaceChildren(
      table(
        'By type, the largest first',
        ['type', 'objects', 'more', 'bytes', 'keeps'],
        snapshot
          .types()
          .slice(0, TYPES)
          .map((total) => [
            total.type,
            whole(total.count),
            before === undefined ? '' : signed(changes.get(total.type)?.count ?? 0),
            bytes(total.bytes),
            bytes(total.keeps),
          ]),
      ),
    );
    const grown = this.#snapshots.length < 2 ? [] : leaks(this.#snapshots).slice(0, GROWN);
    this.#grown.replaceChildren(
      ...(grown.length === 0
        ? []
        : [
            table(
              `More in each of the last ${this.#snapshots.length} snapshots: what is not meant to grow is a leak`,
              ['held at', 'type', 'objects', 'bytes more'],
              grown.map(({ path, type, counts, bytes: more }) => [
                path,
                type,
                counts.map(whole).join(', '),
                bytes(more),
              ]),
            ),
          ]),
    );
    this.#search();
  }

  #search(): void {
    const snapshot = this.#snapshots.at(-1);
    if (snapshot === undefined) {
      this.#found.replaceChildren(text('p', 'No snapshot has been taken yet.', 'quiet'));
      return;
    }
    const name = this.#field.input.value.trim();
    const found = snapshot.find(
      { type: this.#type.input.value.trim(), ...(name !== '' && { field: name }) },
      FOUND,
    );
    this.#found.replaceChildren(
      table(
        'Objects, those that keep most alive first',
        ['way to it', 'type', 'kept by', 'bytes', 'keeps'],
        found.map((object) => [
          object.path,
          object.type,
          keeper(snapshot, object),
          bytes(object.bytes),
          bytes(object.keeps),
        ]),
      ),
    );
  }
}

/** Who alone keeps an object alive. */
function keeper(snapshot: HeapSnapshot, { number }: FoundObject): string {
  const by = snapshot.keptBy(number);
  return by === undefined ? 'a root, or several' : by.path;
}

const signed = (count: number): string =>
  count === 0 ? '' : `${count > 0 ? '+' : '−'}${whole(Math.abs(count))}`;

function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const made = document.createElement('table');
  made.createCaption().textContent = caption;
  const head = made.createTHead().insertRow();
  for (const column of columns) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = column;
    if (WORDS.has(column)) cell.className = 'words';
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const [i, words] of row.entries()) {
      const cell = line.insertCell();
      cell.textContent = words;
      if (WORDS.has(columns[i] ?? '')) cell.className = 'words';
    }
  }
  return made;
}

function field(name: string): { readonly label: HTMLElement; readonly input: HTMLInputElement } {
  const [label, input] = [document.createElement('label'), document.createElement('input')];
  input.type = 'search';
  input.autocomplete = 'off';
  label.append(`${name} `, input);
  return { label, input };
}

function text(tag: string, words: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = words;
  element.className = className;
  return element;
}
