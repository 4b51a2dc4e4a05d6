/**
 * Actions: what a game calls its controls, and which keys and buttons the player has bound to each. A script declares them; their
 * bindings can be changed while the game runs, from the page and from the script, and are saved as JSON. An action is held while any
 * of its controls is, and is itself a control, so that scripts read it in the same way.
 */
import { INPUT_PLAIN_CONTROLS } from '../../scripting/heap/index.ts';
import {
  ACTIONS,
  CONTROL_NAMES,
  controlName,
  controlNumber,
  FIRST_ACTION,
} from '../../scripting/image/index.ts';

interface Action {
  readonly name: string;
  readonly number: number;
  /** As the script declares it. */
  defaults: readonly number[];
  controls: readonly number[];
  /** Those of its controls that went down while they were bound, and are down. */
  readonly down: Set<number>;
}

/** Bindings as they are saved: the names of controls by the names of actions. Only what the player has changed. */
export type SavedBindings = Readonly<Record<string, readonly string[]>>;

export class Actions {
  readonly #all: Action[] = [];
  readonly #byName = new Map<string, Action>();
  /** What the player has changed, also of actions that no script has declared yet. */
  readonly #changed = new Map<string, readonly number[]>();
  readonly #set: (action: number, down: boolean) => void;

  /** `set` is told which action, by its number, goes down or up. */
  constructor(set: (action: number, down: boolean) => void) {
    this.#set = set;
  }

  /**
   * Returns the number of the action of a name. Declared anew, as new code and a restarted scene do, it is the same one, with other
   * defaults.
   */
  declare(name: string, controls: readonly number[]): number {
    const known = this.#byName.get(name);
    const action = known ?? this.#add(name);
    action.defaults = plain(controls);
    this.#bind(action, this.#changed.get(name) ?? action.defaults);
    return action.number;
  }

  /** In the order of their declarations. */
  get names(): readonly string[] {
    return this.#all.map(({ name }) => name);
  }

  numberOf(name: string): number | undefined {
    return this.#byName.get(name)?.number;
  }

  nameOf(number: number): string | undefined {
    return this.#all[number - FIRST_ACTION]?.name;
  }

  /** The numbers of the controls that an action is bound to. */
  controls(name: string): readonly number[] {
    return this.#find(name).controls;
  }

  /** The names of the controls that an action is bound to: `['space', 'pad-south']`. */
  bindings(name: string): readonly string[] {
    return this.controls(name).map((control) => controlName(control) as string);
  }

  /** Binds an action to these controls instead. One that is down now counts from its next press on. */
  bind(name: string, controls: readonly string[]): void {
    this.bindNumbers(name, controls.map(known));
  }

  bindNumbers(name: string, controls: readonly number[]): void {
    const action = this.#find(name);
    this.#changed.set(name, plain(controls));
    this.#bind(action, plain(controls));
  }

  /** Goes back to what the script declares, for one action or all. */
  reset(name?: string): void {
    const actions = name === undefined ? this.#all : [this.#find(name)];
    for (const action of actions) this.#bind(action, action.defaults);
    if (name === undefined) this.#changed.clear();
    else this.#changed.delete(name);
  }

  /** What the player has changed, for `JSON.stringify` and `restore`. */
  save(): SavedBindings {
    return Object.fromEntries(
      [...this.#changed].map(([name, controls]) => [
        name,
        controls.map((control) => controlName(control) as string),
      ]),
    );
  }

  /**
   * Takes what was saved in place of what the player has changed so far; what is no saved bindings changes nothing. Controls that this version does not know are left out; an
   * action that no script has declared waits for it.
   */
  restore(saved: unknown): void {
    if (typeof saved !== 'object' || saved === null) return;
    this.reset();
    for (const [name, words] of Object.entries(saved)) {
      if (!Array.isArray(words)) continue;
      const controls = plain(words.flatMap((word) => controlNumber(String(word)) ?? []));
      this.#changed.set(name, controls);
      const action = this.#byName.get(name);
      if (action !== undefined) this.#bind(action, controls);
    }
  }

  /** True where a control is bound to some action. */
  uses(control: number): boolean {
    return this.#all.some(({ controls }) => controls.includes(control));
  }

  /** A control has gone down or up. */
  change(control: number, down: boolean): void {
    for (const action of this.#all) {
      if (!action.controls.includes(control)) continue;
      if (down) action.down.add(control);
      else action.down.delete(control);
      this.#set(action.number, action.down.size > 0);
    }
  }

  /** Writes how far each action is pushed. `strengths[offset + n]` is that of the control `n`. */
  strengths(strengths: Float32Array, offset: number): void {
    for (const { number, controls, down } of this.#all) {
      let most = 0;
      for (const control of controls) {
        const own =
          control < INPUT_PLAIN_CONTROLS
            ? Number(down.has(control))
            : (strengths[offset + control] as number);
        if (own > most) most = own;
      }
      strengths[offset + number] = most;
    }
  }

  #add(name: string): Action {
    if (this.#all.length === ACTIONS) throw new RangeError(`a game has at most ${ACTIONS} actions`);
    const number = FIRST_ACTION + this.#all.length;
    const action: Action = { name, number, defaults: [], controls: [], down: new Set() };
    this.#all.push(action);
    this.#byName.set(name, action);
    return action;
  }

  #bind(action: Action, controls: readonly number[]): void {
    action.controls = controls;
    for (const control of action.down) if (!controls.includes(control)) action.down.delete(control);
    this.#set(action.number, action.down.size > 0);
  }

  #find(name: string): Action {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    const there = this.#all.length === 0 ? 'the script declares none' : `there are ${this.names.join(', ')}`;
    throw new RangeError(`there is no action \`${name}\`; ${there}`);
  }
}

/** Actions are bound to keys and buttons, each once, and not to one another. */
function plain(controls: readonly number[]): readonly number[] {
  return [...new Set(controls)].filter((control) => controlName(control) !== undefined);
}

function known(word: string): number {
  const control = controlNumber(word);
  if (control !== undefined) return control;
  const like = CONTROL_NAMES.filter((name) => name.endsWith(`-${word}`)).slice(0, 3);
  const hint = like.length > 0 ? like.join(', ') : 'space, key-a, arrow-left, mouse-left, pad-south';
  throw new RangeError(`there is no control \`${word}\`; names are like ${hint}`);
}
