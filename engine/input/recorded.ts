/**
 * What a player does, as a text, for runs without a page: a line an event, each with the frame in which it is seen first.
 *
 *     0 press space            a control, by its name
 *     12 release space
 *     20 push pad-left-stick-left 0.5      held from the half on
 *     20 pointer 120 40        in the stage's units
 *     21 wheel 0 100           to the right, down
 *     30 touch 1 120 40        the finger comes down, or moves
 *     34 end-touch 1           # a remark
 */
import { controlNumber } from '../../scripting/image/index.ts';
import type { InputPage } from './page.ts';

type Act = (page: InputPage) => void;

interface Event {
  readonly frame: number;
  readonly act: Act;
}

export class RecordedInput {
  readonly #events: readonly Event[];
  #next = 0;

  /** Throws a `SyntaxError` that begins with the line's number for what is none of these. */
  constructor(text: string) {
    const events = text.split(/\r?\n/).flatMap((line, i) => eventOf(line, i + 1));
    // Those of one frame stay in the order that they are written in.
    this.#events = events.sort((a, b) => a.frame - b.frame);
  }

  /** Does what is to be seen from a frame on. Frames are asked for in their order. */
  apply(page: InputPage, frame: number): void {
    for (;;) {
      const event = this.#events[this.#next];
      if (event === undefined || event.frame > frame) return;
      event.act(page);
      this.#next += 1;
    }
  }
}

function eventOf(line: string, number: number): readonly Event[] {
  const words = line.replace(/#.*/, '').trim().split(/\s+/);
  const [frame, what, ...rest] = words;
  if (frame === '' || frame === undefined) return [];
  const wrong = (message: string) => new SyntaxError(`${number}: ${message}`);
  if (!/^\d+$/.test(frame)) throw wrong(`a line begins with the number of a frame, and \`${frame}\` is none`);
  const control = (): number => {
    const found = controlNumber(rest[0] ?? '');
    if (found === undefined) throw wrong(`there is no control \`${rest[0] ?? ''}\``);
    return found;
  };
  const numbers = (from: number, count: number): readonly number[] => {
    const found = rest.slice(from).map(Number);
    if (found.length !== count || found.some((n) => !Number.isFinite(n)))
      throw wrong(`\`${what}\` is followed by ${count} number${count === 1 ? '' : 's'}`);
    return found;
  };
  return [{ frame: Number(frame), act: actOf(what, control, numbers, wrong) }];
}

function actOf(
  what: string | undefined,
  control: () => number,
  numbers: (from: number, count: number) => readonly number[],
  wrong: (message: string) => SyntaxError,
): Act {
  switch (what) {
    case 'press':
    case 'release': {
      const pressed = control();
      numbers(1, 0);
      return (page) => page.setControl(pressed, what === 'press');
    }
    case 'push': {
      const pushed = control();
      const [strength = 0] = numbers(1, 1);
      return (page) => {
        page.setStrength(pushed, strength);
        page.setControl(pushed, strength >= 0.5);
      };
    }
    case 'pointer': {
      const [x = 0, y = 0] = numbers(0, 2);
      return (page) => page.movePointer(x, y);
    }
    case 'wheel': {
      const [right = 0, down = 0] = numbers(0, 2);
      return (page) => page.turnWheel(down, right);
    }
    case 'touch': {
      const [id = 0, x = 0, y = 0] = numbers(0, 3);
      return (page) => page.touch(id, x, y);
    }
    case 'end-touch': {
      const [id = 0] = numbers(0, 1);
      return (page) => page.endTouch(id);
    }
    default:
      throw wrong(`\`${what ?? ''}\` is none of press, release, push, pointer, wheel, touch and end-touch`);
  }
}
