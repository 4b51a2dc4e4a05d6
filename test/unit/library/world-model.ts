/**
 * What the game of `world-script.ts` means, on plain objects and by the rules of the reference rather than the way the compiler goes about
 * it: each entity has a number that says where it stands among all that are in the world, and a loop asks for the next one each time.
 */
import type { Played } from './world-script.ts';

interface Entity {
  readonly type: number;
  readonly id: number;
  /** Undefined where it is not in the world, and was not in this frame. */
  place: number | undefined;
  living: boolean;
  /** Since it was in the world last. */
  removed: boolean;
  /** What it is attached to, and how far right of that it is; of cats neither is asked for. */
  parent: Entity | undefined;
  x: number;
}

interface Timer {
  due: number;
  readonly period: number;
  readonly owner: Entity | undefined;
  readonly run: () => void;
  waiting: boolean;
  /** Made since the timers of the last frame began. */
  isNew: boolean;
}

interface Scene {
  readonly name: string;
  readonly leaves: boolean;
}

/** Rules that the model can be told to forget, to see whether that would be noticed. */
export const FAULTS = [
  'a revived entity comes last',
  'a loop visits what is added meanwhile',
  'a loop visits what is removed meanwhile',
  'weak references find what was removed',
  'timers run in the order in which they were made',
  'a timer of a removed owner runs',
  'an owner that comes back has its timers',
  'a timer made by a timer runs in the same frame',
  'timers outlive their scene',
  'entities outlive their scene',
  'a scene that failed to be left is not',
  'a failed handler does not stop who told it',
  'behaviours run in the order of their definitions',
  'children outlive their parent',
  'a parent that comes back brings its children',
  'what comes back is attached no more',
  'what is detached goes with its parent',
  'what is detached forgets where it was seen',
] as const;

export type Fault = (typeof FAULTS)[number];

/** What a script's own `error` is here. */
class Planned extends Error {}

const [ANT, BEE, CAT] = [0, 1, 2] as const;
const NAMES = ['ant', 'bee', 'cat'] as const;
const SLOTS = 4;
const ONE: Scene = { name: 'one', leaves: true };
const TWO: Scene = { name: 'two', leaves: false };

export class WorldModel implements Played {
  told = '';
  readonly #fault: Fault | undefined;
  readonly #tape: readonly number[];
  #at = 0;
  #made = 0;
  #places = 0;
  #time = 0;
  #inTimers = false;
  #failed = 0;
  #scene: Scene | undefined;
  #next: Scene | undefined;
  readonly #entities = new Set<Entity>();
  /** By a broken rule they go with these still. */
  readonly #kept = new Map<Entity, Entity>();
  readonly #slots: readonly Entity[][] = [[], [], []];
  readonly #timers: Timer[] = [];

  constructor(tape: readonly number[], fault?: Fault) {
    this.#tape = tape;
    this.#fault = fault;
    for (let slot = 0; slot < SLOTS; slot += 1)
      for (const slots of this.#slots) slots.push(this.#make(this.#slots.indexOf(slots)));
  }

  // ------------------------------------------------------------------------------------------ what the host does

  between(): boolean {
    return this.#succeeds(() => this.#hook('between'));
  }

  frame(dt: number): number {
    this.#failed = 0;
    this.#time += dt;
    this.#changeScene();
    this.#guard(() => this.#hook('frame'));
    this.#runTimers();
    const behaviours: readonly (readonly [number, (e: Entity) => void])[] = [
      [CAT, (e) => this.#hook(`cat ${e.id}`)],
      [ANT, (e) => this.#hook(`ant ${e.id}`)],
      [BEE, (e) => this.#hook(`bee ${e.id}`)],
      [ANT, (e) => this.#tell(`again ${e.id}`)],
    ];
    const order = this.#has('behaviours run in the order of their definitions') ? [1, 0, 2, 3] : [0, 1, 2, 3];
    for (const i of order) {
      const [type, run] = behaviours[i] as (typeof behaviours)[number];
      this.#visit([type], (entity) => this.#guard(() => run(entity)));
    }
    if (!this.#has('an owner that comes back has its timers'))
      for (const timer of this.#timers) if (timer.owner?.living === false) timer.waiting = false;
    for (const entity of this.#entities) if (!entity.living) this.#forget(entity);
    return this.#failed;
  }

  // ------------------------------------------------------------------------------------------ entities

  #make(type: number): Entity {
    this.#made += 1;
    const none = { place: undefined, living: false, removed: false, parent: undefined };
    return { type, id: this.#made, ...none, x: 1 };
  }

  #add(entity: Entity): void {
    if (entity.place === undefined || (!entity.living && this.#has('a revived entity comes last'))) {
      entity.place = this.#places;
      this.#places += 1;
    }
    this.#entities.add(entity);
    if (!entity.living && this.#has('what comes back is attached no more')) entity.parent = undefined;
    const wasRemoved = entity.removed;
    entity.living = true;
    entity.removed = false;
    if (wasRemoved && this.#has('a parent that comes back brings its children'))
      for (const child of this.#entities) if (child.parent === entity && !child.living) this.#add(child);
  }

  #remove(entity: Entity): void {
    if (!entity.living) return;
    entity.living = false;
    entity.removed = true;
    if (this.#has('children outlive their parent')) return;
    for (const child of this.#entities)
      if (child.parent === entity || this.#kept.get(child) === entity) this.#remove(child);
  }

  #attach(child: Entity, parent: Entity): void {
    for (let e: Entity | undefined = parent; e !== undefined; e = e.parent)
      if (e === child) throw new Planned();
    child.parent = parent;
  }

  #detach(child: Entity): void {
    if (child.parent === undefined) return;
    if (this.#has('what is detached goes with its parent')) this.#kept.set(child, child.parent);
    if (!this.#has('what is detached forgets where it was seen')) child.x = seenAt(child);
    child.parent = undefined;
  }

  #forget(entity: Entity): void {
    entity.place = undefined;
    this.#entities.delete(entity);
  }

  /** Those of some types that are in the world, or stand where they were when they were removed. */
  #all(type: number): readonly (Entity & { readonly place: number })[] {
    return [...this.#entities]
      .filter((entity): entity is Entity & { readonly place: number } => entity.type === type)
      .sort((a, b) => a.place - b.place);
  }

  #living(type: number): readonly Entity[] {
    return this.#all(type).filter((entity) => entity.living);
  }

  /** Calls for one after the other, until it says that it is enough. */
  #visit(types: readonly number[], work: (entity: Entity) => unknown): void {
    const end = this.#has('a loop visits what is added meanwhile') ? Number.POSITIVE_INFINITY : this.#places;
    const stands = (entity: Entity) => entity.living || this.#has('a loop visits what is removed meanwhile');
    for (const type of types) {
      let place = -1;
      for (;;) {
        const next = this.#all(type).find((e) => e.place > place && e.place < end && stands(e));
        if (next === undefined) break;
        place = next.place;
        if (work(next) === 'enough') return;
      }
    }
  }

  // ------------------------------------------------------------------------------------------ timers and scenes

  #later(seconds: number, period: number, owner?: Entity): void {
    const number = this.#timers.length;
    this.#timers.push({
      due: this.#time + seconds,
      period,
      owner,
      run: () => this.#hook(`timer ${number}`),
      waiting: true,
      isNew: !(this.#inTimers && this.#has('a timer made by a timer runs in the same frame')),
    });
  }

  #runTimers(): void {
    for (const timer of this.#timers) timer.isNew = false;
    this.#inTimers = true;
    for (;;) {
      const due = this.#timers.filter((t) => t.waiting && !t.isNew && t.due <= this.#time);
      const first = this.#has('timers run in the order in which they were made')
        ? due[0]
        : due.reduce<Timer | undefined>((a, b) => (a === undefined || b.due < a.due ? b : a), undefined);
      if (first === undefined) break;
      if (first.owner?.living === false && !this.#has('a timer of a removed owner runs')) {
        first.waiting = false;
        continue;
      }
      if (first.period > 0) first.due += first.period;
      else first.waiting = false;
      this.#guard(first.run);
    }
    this.#inTimers = false;
  }

  #changeScene(): void {
    if (this.#next === undefined) return;
    const left = this.#scene;
    if (left !== undefined) {
      const went = !left.leaves || this.#guard(() => this.#hook('leave one'));
      if (!went && this.#has('a scene that failed to be left is not')) {
        this.#next = undefined;
        return;
      }
      if (!this.#has('entities outlive their scene'))
        for (const entity of this.#entities) this.#remove(entity);
      if (!this.#has('timers outlive their scene')) for (const timer of this.#timers) timer.waiting = false;
    }
    const entered = this.#next;
    this.#scene = entered;
    this.#next = undefined;
    this.#guard(() => this.#hook(`enter ${entered.name}`));
  }

  // ------------------------------------------------------------------------------------------ what the script does

  #has(fault: Fault): boolean {
    return this.#fault === fault;
  }

  #succeeds(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof Planned)) throw error;
      return false;
    }
  }

  /** What fails in a frame is left out. */
  #guard(work: () => void): boolean {
    const succeeds = this.#succeeds(work);
    if (!succeeds) this.#failed += 1;
    return succeeds;
  }

  #tell(text: string): void {
    this.told += `${text}\n`;
  }

  #number(): number {
    const number = this.#tape[this.#at] ?? 0;
    this.#at += 1;
    return number;
  }

  #hook(what: string): void {
    this.#tell(what);
    for (let count = this.#number() % 4; count > 0; count -= 1) this.#act();
  }

  #act(): void {
    const op = this.#number() % 22;
    const arg = this.#number();
    const slot = Math.floor(arg / 3) % SLOTS;
    const slots = this.#slots[arg % 3] as Entity[];
    const entity = slots[slot] as Entity;
    if (op <= 2) this.#add(entity);
    else if (op <= 4) this.#remove(entity);
    else if (op === 5) {
      const made = this.#make(arg % 3);
      slots[slot] = made;
      this.#add(made);
    } else if (op === 6) this.#note(slot, arg);
    else if (op === 7) this.#later(0.25 * (arg % 5), 0);
    else if (op === 8) this.#later(0.25 * (1 + (arg % 3)), 0.25 * (1 + (arg % 3)));
    else if (op === 9) {
      const seconds = 0.25 * (1 + (slot % 3));
      this.#later(seconds, arg % 2 === 0 ? seconds : 0, entity);
    } else if (op === 10) {
      const timer = this.#timers[arg % this.#timers.length];
      if (timer !== undefined) timer.waiting = false;
    } else if (op === 11) this.#next = arg % 2 === 0 ? ONE : TWO;
    else if (op === 12) {
      if (this.#scene === undefined) throw new Planned();
      this.#next = this.#scene;
    } else if (op <= 14) this.#loop(arg % 5);
    else if (op === 15) this.#report(slot);
    else if (op === 16) {
      if (arg % 3 === 0) throw new Planned();
    } else if (op === 17) {
      this.#tell(`${arg % 50}`);
      this.#tell(`${arg % 70}`);
    } else {
      // Ants and bees alone have places.
      const child = this.#slots[arg % 2]?.[slot] as Entity;
      const parent = this.#slots[Math.floor(arg / 48) % 2]?.[Math.floor(arg / 12) % SLOTS] as Entity;
      if (op <= 19) this.#attach(child, parent);
      else if (op === 20) this.#detach(child);
      else child.x = Math.floor(arg / 48) % 5;
    }
  }

  #note(slot: number, arg: number): void {
    if (this.#has('a failed handler does not stop who told it'))
      this.#succeeds(() => this.#hook(`note ${slot}`));
    else this.#hook(`note ${slot}`);
    this.#tell(`heard ${arg}`);
    if (arg % 5 === 0) this.#hook('echo');
  }

  #loop(which: number): void {
    let seen = 0;
    this.#visit(which < 3 ? [which] : [ANT, CAT], (entity) => {
      seen += 1;
      if (which === 4 && seen === 3) return 'enough';
      this.#hook(`at ${NAMES[entity.type]} ${entity.id}`);
      return 'more';
    });
  }

  #report(slot: number): void {
    const ants = this.#living(ANT);
    const [first] = ants;
    const found = ants.find(({ id }) => id % 4 === slot);
    const own = this.#slots[ANT]?.[slot] as Entity;
    const weak = own.removed && !this.#has('weak references find what was removed') ? 0 : own.id;
    const waiting = this.#timers.filter((timer) => timer.waiting).length;
    const counts = [ants.length, this.#living(BEE).length, ants.length + this.#living(CAT).length].join('');
    const time = Number.isInteger(this.#time) ? `${this.#time}.0` : `${this.#time}`;
    this.#tell(
      [
        counts,
        first?.id ?? 0,
        found?.id ?? 0,
        own.living,
        weak,
        time,
        this.#scene?.name ?? 'none',
        waiting,
        ...[ANT, BEE].map((type) => seenAt(this.#slots[type]?.[slot] as Entity).toFixed(1)),
      ].join(' '),
    );
  }
}

/** How far right of the world's left an entity is seen. */
function seenAt({ x, parent }: Entity): number {
  return parent === undefined ? x : x + seenAt(parent);
}
