/** Words for what the proof refuses. One mistake is reported once, however many ways lead from it. */
import { isLibraryFile } from '../image/index.ts';
import type { Func, Local, Program } from '../ir/index.ts';
import type { Code, Diagnostic, Diagnostics, Span } from '../syntax/index.ts';
import { type AbstractObject, ownerOf, rootOf, type Violation, type Witness } from './abstract-object.ts';
import type { Region } from './region.ts';

type Note = NonNullable<Diagnostic['notes']>[number];

/** Where something would be kept, in words, and the places in the text that say more. */
interface Place {
  readonly name: string;
  readonly notes: readonly Note[];
}

export class Reporter {
  readonly #program: Program;
  readonly #diagnostics: Diagnostics;
  readonly #reported = new Set<string>();
  /** What already left its arena through a local: everything after that follows from it. */
  readonly #left = new Set<AbstractObject>();

  constructor(program: Program, diagnostics: Diagnostics) {
    this.#program = program;
    this.#diagnostics = diagnostics;
  }

  /** The proof has given up. */
  tangled({ name, span }: Func): void {
    this.#diagnostics.error(
      'arena-tangled',
      span,
      `who may hold what after \`${name}\` was called is too much to look at, so nothing can be promised about arenas`,
      {
        hint: 'it gets simpler where functions are called by their names, rather than by way of function values that hold each other',
      },
    );
  }

  /** A store, in the function's own text or somewhere under a call. */
  store({ holder, held, witness }: Violation): void {
    const { span, call } = witness;
    const what = this.#what(held);
    const where = this.#place(holder, witness);
    const notes = [...this.#made(held), ...where.notes];
    if (call === undefined && witness.into === 'weak') {
      const message = `a weak reference, which lives in the heap, would lead to ${what}`;
      this.#error('arena-escape', span, message, notes, hint(held.region, 'kept'));
      return;
    }
    const way = call === undefined ? 'kept' : 'kept by a call';
    // What is made under the call is out of reach for `outside` in the block's text, but the call is not.
    const isWithin = held.origin.kind === 'call' && held.origin.span === span;
    const help = this.#hintOfFrame(holder, held) ?? hint(held.region, isWithin ? 'made by a call' : way);
    if (call === undefined) {
      const message = `${what} would be kept in ${where.name}, which lives longer`;
      this.#error('arena-escape', span, message, notes, help);
      return;
    }
    if (call.store !== span)
      notes.push({ message: `here \`${asWritten(call.callee, span)}\` stores it`, span: call.store });
    const message = `\`${asWritten(call.callee, span)}\` may keep ${what} in ${where.name}, which lives longer`;
    this.#error('arena-store', span, message, notes, help);
  }

  /** A local variable that is used outside of the block whose arena `object` lives in. */
  local(local: Local, object: AbstractObject, assignment: Span | undefined): void {
    if (this.#left.has(object)) return;
    this.#left.add(object);
    const made = this.#made(object);
    const span = assignment ?? made[0]?.span;
    if (span === undefined) throw new Error('what a block holds was made somewhere');
    // A block's own value passes through a local whose name no script can write.
    const isNamed = /^[A-Za-z*]/.test(local.name);
    const message = isNamed
      ? `${this.#what(object)} would still be in \`${local.name}\` when the arena has ended`
      : `${this.#what(object)} would leave the block`;
    const notes = assignment === undefined ? made.slice(1) : made;
    this.#error('arena-escape', span, message, notes, hint(object.region, 'given'));
  }

  /** A result that is, or may be, in an arena that is gone by then. */
  result(func: Func, object: AbstractObject, span: Span): void {
    if (this.#left.has(object)) return;
    this.#left.add(object);
    const message =
      object.region.kind === 'frame'
        ? `\`${func.name}\` would give the host ${this.#what(object)}, which is gone when the frame ends`
        : `${this.#what(object)} would be returned out of the block`;
    this.#error('arena-escape', span, message, this.#made(object), hint(object.region, 'given'));
  }

  #error(code: Code, span: Span, message: string, notes: readonly Note[], hint: string): void {
    const key = `${code} ${span.source.name} ${span.start} ${span.end}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    // What the library does inside is nothing that anybody could change.
    const own = notes.filter((note) => !isLibraryFile(note.span.source.name));
    this.#diagnostics.error(code, span, message, { notes: own, hint });
  }

  /** What is to hold something of the frame may live there too. */
  #hintOfFrame(holder: AbstractObject, held: AbstractObject): string | undefined {
    const owner = ownerOf(holder);
    const isMade = ['allocation', 'call'].includes(owner.origin.kind);
    if (held.region.kind !== 'frame' || owner.region.kind !== 'base' || !isMade) return undefined;
    return `make the ${bare(this.#name(owner))} in \`(with-arena frame ...)\` too, so that it lives as long, or let it hold numbers`;
  }

  /** `a Contact made in arena scratch`. */
  #what(object: AbstractObject): string {
    const { region, origin } = object;
    if (origin.kind === 'framed')
      return `${this.#name(object)} that \`${this.#globalName(origin.global)}\` holds`;
    if (origin.kind === 'frame-outer') return `${this.#name(object)} that a global of the frame leads to`;
    const arena = region.kind === 'block' ? `arena \`${region.name}\`` : 'arena `frame`';
    return `${this.#name(object)} made in ${arena}`;
  }

  #globalName(key: string): string {
    return this.#program.globals.find((global) => global.key === key)?.name ?? key;
  }

  #name(object: AbstractObject): string {
    if (object.origin.kind === 'buffer') return `the elements of ${this.#name(ownerOf(object))}`;
    const type = object.type === undefined ? undefined : this.#program.types[object.type];
    if (type === undefined) return 'something';
    if (type.kind === 'closure') return 'a function';
    return /^[AEIOU]/.test(type.name) ? `an \`${type.name}\`` : `a \`${type.name}\``;
  }

  #made({ origin }: AbstractObject): Note[] {
    switch (origin.kind) {
      case 'allocation':
        return [{ message: 'made here', span: origin.span }];
      case 'call':
        return [
          { message: `made by \`${asWritten(origin.callee, origin.span)}\`, called here`, span: origin.span },
        ];
      case 'copy':
        return [{ message: 'copied here', span: origin.span }];
      case 'buffer':
        return this.#made(origin.owner);
      default:
        return [];
    }
  }

  /** Where a store would keep something. */
  #place(holder: AbstractObject, { into }: Witness): Place {
    if (into === 'weak') return { name: 'a weak reference', notes: [] };
    if (into === undefined || holder.origin.kind !== 'outer') return this.#where(holder);
    return { name: `the global \`${this.#globalName(into.global)}\``, notes: [] };
  }

  /** Where something would be kept. */
  #where(object: AbstractObject): Place {
    const { origin } = object;
    switch (origin.kind) {
      case 'outer':
        return { name: 'something that a global leads to', notes: [] };
      case 'static':
        return { name: 'a named function', notes: [] };
      case 'frame-global':
        return { name: `\`${this.#globalName(origin.global)}\``, notes: [] };
      case 'framed':
        return { name: `something that \`${this.#globalName(origin.global)}\` leads to`, notes: [] };
      case 'frame-outer':
        return { name: 'something that a global of the frame leads to', notes: [] };
      case 'parameter':
        return { name: `\`${origin.name}\``, notes: [] };
      case 'inside':
      case 'beyond': {
        const root = rootOf(origin.parent);
        return root.origin.kind === 'parameter'
          ? { name: `something that \`${root.origin.name}\` leads to`, notes: [] }
          : this.#where(root);
      }
      case 'result':
        return { name: 'something that a function value gave', notes: [] };
      case 'buffer':
        return this.#where(origin.owner);
      case 'allocation':
      case 'call':
      case 'copy': {
        const { region } = object;
        const place = placeOf(region);
        const name = this.#name(object);
        const message =
          origin.kind === 'call'
            ? `${name} made by \`${asWritten(origin.callee, origin.span)}\`, called here, would keep it`
            : `the ${bare(name)} ${origin.kind === 'copy' ? 'copied' : 'made'} here would keep it`;
        return { name: `${name}${place}`, notes: [{ message, span: origin.span }] };
      }
    }
  }
}

/** What a call's text calls its callee: a form such as `after` calls a function whose name no script can write. */
function asWritten(callee: string, { source, start, end }: Span): string {
  const [, word] = /^\(([^\s()[\]]+)/.exec(source.text.slice(start, end)) ?? [];
  return callee.startsWith('%') && word !== undefined ? word : callee;
}

/** What went wrong decides what would help. */
type Way = 'kept' | 'kept by a call' | 'made by a call' | 'given';

function hint(region: Region, way: Way): string {
  const frame = region.kind === 'frame';
  const outside = frame ? 'outside frame' : 'outside';
  switch (way) {
    case 'given':
      return `\`(copy-out ...)\` in the block returns a copy that stays, and \`(${outside} ...)\` around what makes it lets it stay; or let the block give a number`;
    case 'kept':
      return `keep a \`(copy-out ...)\` of it, make it in \`(${outside} ...)\` or before the block, or keep a number`;
    case 'made by a call':
      return `\`(${outside} ...)\` around the call lets all stay that it makes`;
    case 'kept by a call':
      return `pass a \`(copy-out ...)\` of it, or make it in \`(${outside} ...)\` or before the block`;
  }
}

function placeOf(region: Region): string {
  switch (region.kind) {
    case 'block':
      return ` in arena \`${region.name}\``;
    case 'frame':
      return ' in arena `frame`';
    case 'heap':
      return ' in the heap';
    default:
      return '';
  }
}

function bare(name: string): string {
  return name.replace(/^an? /, '');
}
