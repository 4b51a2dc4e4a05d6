/** The script of demos/physics without a page, with a few functions more that tell tests what it comes to. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputPage, inputHost } from '../../../engine/input/index.ts';
import { Pictures, stageHost } from '../../../engine/pictures/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { programSources } from '../../../scripting/tools/program-files.ts';
import { SEEN_BODIES, type Seen } from '../../browser/physics-page.ts';
import type { MODES } from '../tools/script.ts';

const SCRIPT = fileURLToPath(new URL('../../../demos/physics/physics.slu', import.meta.url));

const FOR_TESTS = `${SEEN_BODIES}
(pub defn unit () : f64 *unit*)

; A tower of \`count\` boxes of 40 units, with a little air between them.
(pub defn build-tower ((count : i64)) : Unit
  (set-body-count 100)
  (for-entities (b Body) (remove-entity! b))
  (for (i 0 (< i count))
    (add-entity! (make-box i (Vec2 480.0 (- *height* 20.0 (* 40.5 (f64 i)))) (Vec2 20.0 20.0) 0xffffff))))

(pub defn drop-circle () : Unit (add-entity! (make-circle (body-count) (Vec2 480.0 20.0) 10.0 0xffffff)))

; A small circle that comes to the right along the floor, so many units a second.
(pub defn shoot-circle ((speed : f64)) : Unit
  (let ((circle (make-circle (body-count) (Vec2 100.0 (- *height* 20.0)) 5.0 0xffffff)))
    (set! (.velocity circle) (Vec2 speed 0.0))
    (add-entity! circle)
    ()))

; What is down is turned by an angle, and all is awake.
(pub defn tilt ((angle : f64)) : Unit
  (set! *gravity* (rotate (Vec2 0.0 500.0) angle))
  (for-entities (b Body) (wake! b)))
`;

export class PhysicsScript {
  readonly machine: Machine;
  readonly input: InputPage;

  static async start(mode: (typeof MODES)[number]): Promise<PhysicsScript> {
    const sources = await programSources(new Source(SCRIPT, readFileSync(SCRIPT, 'utf8') + FOR_TESTS));
    const { image, diagnostics } = await compile(sources, { mode });
    if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
    const input = new InputPage();
    const machine = await Machine.create(image, {
      host: { ...stageHost(new Pictures()), ...inputHost(input) },
      onFailure: ({ error }) => {
        throw error;
      },
    });
    machine.call('start');
    return new PhysicsScript(machine, input);
  }

  private constructor(machine: Machine, input: InputPage) {
    this.machine = machine;
    this.input = input;
  }

  /** Steps of a sixtieth of a second; `after` each is called with how many there were. */
  run(frames: number, after: (frame: number) => void = () => {}): void {
    for (let frame = 1; frame <= frames; frame += 1) {
      this.input.publish(this.machine.memory);
      this.machine.step(1 / 60);
      this.machine.resetFrame();
      after(frame);
    }
  }

  get bodies(): readonly Seen[] {
    return this.machine.call('seen-bodies') as readonly Seen[];
  }

  get awake(): number {
    return Number(this.machine.call('body-count')) - Number(this.machine.call('asleep-count'));
  }
}
