/** What an object is, by its descriptor: each program that was linked has its descriptors in static memory of its own. */
import { DESCRIPTOR_ID_AT, STRING_DESCRIPTOR } from '../heap/index.ts';
import type { TypeEntry } from '../image/index.ts';
import type { Places } from './places.ts';
import type { MemoryViews } from './views.ts';

/** The heap's own type, of which it has the descriptor. */
const STRING: TypeEntry = { name: 'String', kind: 'string', fields: [], stride: 1 };

/** Code whose types may not be known yet. */
interface Described {
  readonly places: Pick<Places, 'types'> | undefined;
}

/** The types of all programs that were linked, as far as their code is described. */
export class TypeNames {
  readonly #programs: {
    readonly start: number;
    readonly end: number;
    code: Described;
  }[] = [];

  add(start: number, bytes: number, code: Described): void {
    this.#programs.push({ start, end: start + bytes, code });
  }

  /** A program's code is given back: nothing else of it is needed than these types. */
  keepOnly(start: number, types: readonly TypeEntry[]): void {
    const program = this.#programs.find((one) => one.start === start);
    if (program !== undefined) program.code = { places: { types } };
  }

  /** A program's static memory is given back. */
  remove(start: number): void {
    const at = this.#programs.findIndex((program) => program.start === start);
    if (at >= 0) this.#programs.splice(at, 1);
  }

  /** The type of the object at an address, as a script writes it. */
  of(address: number, views: MemoryViews): string {
    return this.entryOf(address, views)?.name ?? 'object';
  }

  /** The type of the object at an address; undefined for what no program has a type for. */
  entryOf(address: number, views: MemoryViews): TypeEntry | undefined {
    const descriptor = views.word(address);
    if (descriptor === STRING_DESCRIPTOR) return STRING;
    const program = this.#programs.find(({ start, end }) => descriptor >= start && descriptor < end);
    return program?.code.places?.types[views.word(descriptor + DESCRIPTOR_ID_AT)];
  }
}
