/**
 * A game that does what a tape of numbers says: wherever something of the program's own runs (a behaviour, a handler, a timer, a scene,
 * what is visited by a loop), it reads how many acts are to be done, and which. The same tape means the same to the model of
 * `world-model.ts`; where the two part, they read different things and part for good.
 */
import { Pictures, stageHost } from '../../../engine/pictures/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { Machine, type MachineOptions, ScriptError } from '../../../scripting/machine/index.ts';

const TYPES = ['Ant', 'Bee', 'Cat'] as const;

/** What is done to one of several entity types, of which the number says which. */
const each = (form: (type: string, slots: string) => string): string =>
  `(match (mod arg 3) ${TYPES.map((type, i) => `(${i === 2 ? '_' : i} ${form(type, `*${type.toLowerCase()}s*`)})`).join(' ')})`;

/** What is done to a child and a parent, each of one of the two types that have a place. */
const both = (form: (child: string, parent: string) => string): string => {
  const parents = (child: string) =>
    `(if (= (mod (/ arg 48) 2) 0) ${form(child, '(nth *ants* other)')} ${form(child, '(nth *bees* other)')})`;
  return `(if (= (mod arg 2) 0) ${parents('(nth *ants* slot)')} ${parents('(nth *bees* slot)')})`;
};

export const WORLD_SCRIPT = `(import sluice.game :all)
(import sluice.stage (Place attach! detach! teleport! world-place))
(import sluice.math (Vec2))
; Each is one unit further right than what it is attached to, until it is put elsewhere.
(defentity Ant (id : i64) (mut place : Place (Place (Vec2 1.0 0.0) 0.0 1.0)))
(defentity Bee (id : i64) (mut place : Place (Place (Vec2 1.0 0.0) 0.0 1.0)))
(defentity Cat (id : i64))
(defclass (Walker 'a) (name : (Fn ['a] String)))
(instance (Walker Cat) (defn name (c) (str "cat " (.id c))))
(instance (Walker Ant) (defn name (a) (str "ant " (.id a))))
(defglobal *ants* : (MutVec Ant) (mut-vec))
(defglobal *bees* : (MutVec Bee) (mut-vec))
(defglobal *cats* : (MutVec Cat) (mut-vec))
(defglobal *weak* : (MutVec (Weak Ant)) (mut-vec))
(defglobal *timers* : (MutVec Timer) (mut-vec))
(defglobal mut *made* : i64 0)
(defglobal mut *tape* : (Vector i64) [])
(defglobal mut *at* : i64 0)

(defn number () : i64 (+= *made* 1) *made*)
(pub defn begin ((tape : (Vector i64))) : Unit
  (set! *tape* tape)
  (dotimes 4
    (push! *ants* (Ant (number)))
    (push! *weak* (weak (last-of *ants*)))
    (push! *bees* (Bee (number)))
    (push! *cats* (Cat (number)))))
(defn last-of (xs) (nth xs (- (len xs) 1)))
(defn next () : i64
  (if (< *at* (len *tape*))
    (do (+= *at* 1) (nth *tape* (- *at* 1)))
    0))
(defn hook ((what : String)) : Unit
  (println what)
  (let ((count (mod (next) 4)))
    (dotimes count (act))))
(pub defn between () : Unit (hook "between"))

(defn act () : Unit
  (let ((op (mod (next) 22)) (arg (next)) (slot (mod (/ arg 3) 4)) (other (mod (/ arg 12) 4)))
    (cond
      ((<= op 2) ${each((_, slots) => `(do (add-entity! (nth ${slots} slot)) ())`)})
      ((<= op 4) ${each((_, slots) => `(remove-entity! (nth ${slots} slot))`)})
      ((= op 5) ${each((type, slots) => `(do (set! (nth ${slots} slot) (${type} (number))) ${type === 'Ant' ? '(set! (nth *weak* slot) (weak (nth *ants* slot)))' : ''} (add-entity! (nth ${slots} slot)) ())`)})
      ((= op 6) (emit :note slot arg))
      ((= op 7) (run-later (len *timers*) (* 0.25 (f64 (mod arg 5)))))
      ((= op 8) (run-often (len *timers*) (* 0.25 (f64 (+ 1 (mod arg 3))))))
      ((= op 9) ${each((_, slots) => `(run-owned (len *timers*) (nth ${slots} slot) (* 0.25 (f64 (+ 1 (mod slot 3)))) (= (mod arg 2) 0))`)})
      ((= op 10) (when (> (len *timers*) 0) (cancel! (nth *timers* (mod arg (len *timers*))))))
      ((= op 11) (go-to-scene! (if (= (mod arg 2) 0) one two)))
      ((= op 12) (restart-scene!))
      ((<= op 14) (visit (mod arg 5)))
      ((= op 15) (tell slot))
      ((= op 16) (when (= (mod arg 3) 0) (error "planned")))
      ((= op 17) (junk arg))
      ((<= op 19) ${both((child, parent) => `(attach! ${child} ${parent})`)})
      ((= op 20) (if (= (mod arg 2) 0) (detach! (nth *ants* slot)) (detach! (nth *bees* slot))))
      (else
        (let ((x (f64 (mod (/ arg 48) 5))))
          (if (= (mod arg 2) 0) (teleport! (nth *ants* slot) (Vec2 x 0.0)) (teleport! (nth *bees* slot) (Vec2 x 0.0))))))))

(defn run-later ((n : i64) (seconds : f64)) : Unit (push! *timers* (after seconds (hook (str "timer " n)))))
(defn run-often ((n : i64) (seconds : f64)) : Unit (push! *timers* (every seconds (hook (str "timer " n)))))
(defn run-owned (n owner seconds (again : Bool)) : Unit
  (push! *timers*
    (if again
      (every seconds :owner owner (hook (str "timer " n)))
      (after seconds :owner owner (hook (str "timer " n))))))
(defn visit ((which : i64)) : Unit
  (cond
    ((= which 0) (for-entities (a Ant) (hook (str "at ant " (.id a)))))
    ((= which 1) (for-entities (b Bee) (hook (str "at bee " (.id b)))))
    ((= which 2) (for-entities (c Cat) (hook (str "at cat " (.id c)))))
    ((= which 3) (for-entities (w Walker) (hook (str "at " (name w)))))
    (else
      (let ((mut seen 0))
        (for-entities (w Walker)
          (+= seen 1)
          (when (= seen 3) (break))
          (hook (str "at " (name w))))))))
(defn id-of ((found : (Option Ant))) : i64 (match found ((Some a) (.id a)) (None 0)))
(defn tell ((slot : i64)) : Unit
  (println (count-entities Ant) (count-entities Bee) (count-entities Walker) " " (id-of (first-entity Ant)) " "
    (id-of (find-entity (a Ant) (= (mod (.id a) 4) slot))) " " (alive? (nth *ants* slot)) " "
    (id-of (upgrade (nth *weak* slot))) " " (game-time) " "
    (match (current-scene) ((Some s) (scene-name s)) (None "none")) " " (count-if waiting? *timers*) " "
    (.x (.at (world-place (nth *ants* slot)))) " " (.x (.at (world-place (nth *bees* slot))))))
(defn junk ((n : i64)) : Unit
  (with-arena scratch (println (len (map (fn (i) (str i)) (range 0 (mod n 50))))))
  (println (len (map (fn (i) (str i)) (range 0 (mod n 70)))))
  (collect!))

(scene one :enter (hook "enter one") :leave (hook "leave one"))
(scene two :enter (hook "enter two"))
(on-event :note (n _) (hook (str "note " n)))
(on-event :note (_ arg) (println "heard " arg) (when (= (mod arg 5) 0) (emit :echo)))
(on-event :echo () (hook "echo"))
(defn frame ((dt : f64)) : Unit (hook "frame"))
(behave Ant (a dt) (hook (str "ant " (.id a))))
(behave Cat (c dt) :before Ant (hook (str "cat " (.id c))))
(behave Bee (b dt) (hook (str "bee " (.id b))))
(behave Ant (a dt) (println "again " (.id a)))
`;

/** The seconds of a frame. */
const TIMES = [0.25, 0.5, 0, 0.75];
const FRAMES = 6;

/** What has a world of its own, a machine's or the model's. */
export interface Played {
  /** What the host does between frames; false where it failed. */
  between(): boolean;
  /** How many calls of a frame failed. */
  frame(dt: number): number;
  /** All that was told so far. */
  told: string;
}

/** What the host does. Returns what was told. */
export function play(world: Played): string {
  for (let frame = 0; frame < FRAMES; frame += 1) {
    if (!world.between()) world.told += 'it failed\n';
    const failed = world.frame(TIMES[frame % TIMES.length] as number);
    world.told += `${failed} failed\n`;
  }
  return world.told;
}

/** A machine with a tape. A part of a collection follows each frame, or a whole one, which moves what lives. */
export async function machineWith(
  image: Image,
  tape: readonly number[],
  options: MachineOptions & { readonly whole: boolean },
): Promise<Played & { readonly machine: Machine }> {
  const world = {
    told: '',
    machine: await Machine.create(image, {
      onFailure: () => undefined,
      host: stageHost(new Pictures()),
      ...options,
      output: (text) => {
        world.told += text;
      },
    }),
    between(): boolean {
      try {
        world.machine.call('between');
        return true;
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        return false;
      }
    },
    frame(dt: number): number {
      const failed = world.machine.step(dt);
      world.machine.resetFrame();
      if (options.whole) world.machine.collect();
      else world.machine.gapSlice(1000);
      return failed;
    },
  };
  world.machine.call('begin', tape);
  return world;
}
