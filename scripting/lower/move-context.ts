/** What a check of moves knows at the place at hand, and how it tells what is wrong there. */
import type { Code, Diagnostics, Span } from '../syntax/index.ts';
import type { Binding, Type, TypedExpression, TypedLocalFunction, TypedPattern } from '../types/index.ts';
import { LentTypes } from './lent-types.ts';
import { type Node, rootOf } from './move-places.ts';
import type { MoveRule } from './move-rules.ts';
import { both, join, type Moved, type MoveState } from './move-state.ts';
import { copies } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import type { Use } from './retains.ts';
import { concrete, type Substitution } from './substitution.ts';
/** Whether a value goes where it will be owned, or is looked at. */
export type Mode = 'move' | 'look';

interface Notes {
  readonly hint?: string;
  readonly notes?: readonly { readonly message: string; readonly span: Span }[];
}

/** Whom a call inside of the library is made for. */
export interface Caller {
  readonly name: string;
  readonly span: Span;
}

interface Held {
  readonly binding: Binding;
  readonly span: Span;
  readonly rule: MoveRule;
  /** Of what has a field set, other fields may be taken. */
  readonly isSet?: boolean;
}

interface Loop {
  /** Names that were there when it began. */
  readonly outside: ReadonlySet<Binding>;
  readonly before: MoveState;
  /** What is moved where it is left by `break`, and where `continue` goes on. */
  left: MoveState;
  continued: MoveState;
}

export class MoveContext {
  readonly program: ProgramLowering;
  readonly diagnostics: Diagnostics;
  readonly types: LentTypes;
  readonly without: MoveRule | undefined;
  /** What stands in an `own`. */
  readonly owned = new WeakSet<TypedExpression>();
  /** Of the library's functions, at types, those that were looked at for a caller. */
  readonly checked = new Set<string>();
  substitution: Substitution = new Map();
  caller: Caller | undefined;
  state: MoveState = new Map();
  known = new Set<Binding>();
  /** Names for what somebody else owns. */
  borrowed = new Map<Binding, 'lent' | 'captured'>();
  /** Names whose values are lent to calls, taken apart or having a field set around the place at hand, and what they may not be set for. */
  held: Held[] = [];
  loops: Loop[] = [];
  /** Of names for parts of what a `match` takes apart, the name of the whole. */
  readonly wholes = new Map<Binding, Binding>();
  readonly generic = new Map<Binding, TypedLocalFunction>();

  constructor(program: ProgramLowering, diagnostics: Diagnostics, without: MoveRule | undefined) {
    this.program = program;
    this.diagnostics = diagnostics;
    this.without = without;
    this.types = new LentTypes(program);
  }

  fresh(substitution: Substitution, caller: Caller | undefined, work: () => void): void {
    const outer = [
      this.substitution,
      this.caller,
      this.state,
      this.known,
      this.borrowed,
      this.held,
      this.loops,
    ] as const;
    this.substitution = substitution;
    this.caller = caller;
    this.state = new Map();
    this.known = new Set();
    this.borrowed = new Map();
    this.held = [];
    this.loops = [];
    work();
    [this.substitution, this.caller, this.state, this.known, this.borrowed, this.held, this.loops] = outer;
  }

  keeps(rule: MoveRule): boolean {
    return rule !== this.without;
  }

  error(rule: MoveRule, code: Code, span: Span, message: string, extra: Notes = {}): void {
    if (!this.keeps(rule)) return;
    const caller = this.caller;
    if (caller === undefined) {
      this.report(code, span, message, extra);
      return;
    }
    const text = `\`${caller.name}\` does not work with what is owned: in it, ${message}`;
    this.report(code, caller.span, text, extra.hint === undefined ? {} : { hint: extra.hint });
  }

  report(code: Code, span: Span, message: string, extra: Notes): void {
    const again = this.diagnostics.all.some(
      (d) => d.code === code && d.span.source === span.source && d.span.start === span.start,
    );
    if (!again) this.diagnostics.error(code, span, message, { ...extra, notes: [...(extra.notes ?? [])] });
  }

  type(type: Type): Type {
    return concrete(type, this.substitution);
  }

  owns(type: Type): boolean {
    return this.program.owns(this.type(type));
  }

  /** Whether a value of a type is copied by what would move another, as all that it owns is shared. */
  copies(type: Type): boolean {
    return this.owns(type) && copies(this.type(type));
  }

  bind(pattern: TypedPattern, as: 'owner' | 'lent', inObject = false): void {
    const parts = inObject || !this.owns(pattern.type);
    switch (pattern.kind) {
      case 'name':
        this.known.add(pattern.binding);
        if (as === 'lent') this.borrowed.set(pattern.binding, 'lent');
        if (inObject && this.owns(pattern.type))
          this.error(
            'place',
            'moved-out',
            pattern.span,
            `an object only lends what it holds, and \`${pattern.binding.name}\` would take it out`,
            { hint: 'read the field where it is used: `(.field e)` lends it' },
          );
        return;
      case 'construct':
        for (const part of pattern.fields) this.bind(part, as, parts);
        return;
      case 'fields':
        for (const { pattern: part } of pattern.fields) this.bind(part, as, parts);
        return;
      case 'wildcard':
      case 'literal':
        return;
    }
  }

  /** `at` is where the name is used: the name itself, or the function that captures it. */
  moveName(e: Node<'local'>, how: Moved['how'] = 'moved', at: TypedExpression = e): void {
    const { binding } = e;
    const name = `\`${binding.name}\``;
    const use: Use = { at, binding };
    const isCopy = how !== 'dropped' && this.copies(e.type);
    const lent = this.borrowed.get(binding);
    if (lent !== undefined) {
      if (isCopy) {
        this.program.retains.retain(lent === 'captured' ? 'captured' : 'borrowed', use);
        return;
      }
      const isCaptured = lent === 'captured';
      this.error(
        isCaptured ? 'captured' : 'borrowed',
        'moved-out',
        e.span,
        isCaptured
          ? `${name} belongs to this function, which may run again, and would be moved out of it`
          : `${name} is only lent here, and would be moved`,
        {
          notes: [{ message: isCaptured ? 'it is bound here' : 'it is lent here', span: binding.span }],
          hint: isCaptured
            ? 'give it to the function as an argument'
            : '`pop!`, `swap-remove!` and `remove-at!` move out of what holds it; a parameter of its own type without `Owned` borrows',
        },
      );
      return;
    }
    const held = this.held.findLast((one) => one.binding === binding);
    if (held !== undefined) {
      const isMatched = held.rule === 'moved-while-matched';
      if (isCopy) {
        this.program.retains.retain(isMatched ? 'while-matched' : 'while-lent', use);
        return;
      }
      this.error(
        held.rule,
        'moved-while-lent',
        e.span,
        isMatched
          ? `${name} is taken apart around here, and would be moved as a whole`
          : held.isSet === true
            ? `a field of ${name} is set to this, and ${name} would be moved before it`
            : `${name} is lent to this call, and would be moved before it`,
        {
          notes: [
            {
              message: isMatched
                ? 'it is taken apart here'
                : held.isSet === true
                  ? 'its field is set here'
                  : 'it is lent here',
              span: held.span,
            },
          ],
          hint: isMatched
            ? 'move the part that the pattern names'
            : 'move it in a statement of its own, before or after this',
        },
      );
      return;
    }
    this.program.retains.move(use);
    const uses = isCopy ? [use] : undefined;
    if (this.state === undefined) return;
    const state = new Map(this.state);
    const moved: Moved = { span: e.span, how, uses };
    state.set(binding, moved);
    // A part that was moved is gone from the whole, whatever way leads on from here.
    for (let name = this.wholes.get(binding); name !== undefined; name = this.wholes.get(name)) {
      const before = state.get(name);
      state.set(name, before === undefined ? moved : both(before, moved));
    }
    this.state = state;
  }

  /** What was moved, where it is shared, was not the last use after all. */
  useName(e: Node<'local'>): void {
    const moved = this.state?.get(e.binding);
    if (moved === undefined) return;
    if (moved.uses !== undefined) {
      for (const use of moved.uses) this.program.retains.retain('used', use);
      this.#stays(e.binding);
      return;
    }
    const name = `\`${e.binding.name}\``;
    const isDrop = moved.how === 'dropped';
    this.error('used', 'used-after-move', e.span, `${name} owns nothing any more here`, {
      notes: [
        {
          message: `it was ${moved.how === 'captured' ? 'moved into this function' : moved.how} here`,
          span: moved.span,
        },
      ],
      hint: isDrop
        ? 'use it before it is dropped, or let the end of its scope drop it'
        : 'a parameter without `Owned` borrows: what is to be used afterwards is lent to such a one; or the callee can return it',
    });
  }

  #stays(binding: Binding): void {
    const state = new Map(this.state);
    state.delete(binding);
    this.state = state;
  }

  movedOut({ span }: TypedExpression, what: string): void {
    this.error('place', 'moved-out', span, `${what} only lends what it holds, and this would move it`, {
      hint: '`take!` moves out of a place of an `Option`, `pop!`, `swap-remove!` and `remove-at!` out of a `MutVec`; a parameter without `Owned` borrows',
    });
  }

  set({ binding, span }: Node<'set-local'>): void {
    if (!this.owns(binding.type)) return;
    if (this.borrowed.get(binding) === 'captured') {
      this.error(
        'captured',
        'moved-out',
        span,
        `\`${binding.name}\` belongs to this function, and cannot be set here`,
        {
          hint: 'a `MutVec` or a struct with a `mut` field can be captured, and changed by all that do',
        },
      );
      return;
    }
    const held = this.held.findLast((one) => one.binding === binding);
    if (held !== undefined) {
      this.error(
        held.rule,
        'moved-while-lent',
        span,
        `\`${binding.name}\` is lent around here, and would be set`,
        {
          notes: [{ message: 'it is lent here', span: held.span }],
          hint: 'set it in a statement of its own',
        },
      );
      return;
    }
    if (this.state !== undefined) this.#stays(binding);
  }

  /** Of a name that is taken apart around here, the names of the parts, and of theirs. */
  partsOf(whole: Binding): readonly Binding[] {
    return [...this.wholes].flatMap(([part, of]) => (of === whole ? [part, ...this.partsOf(part)] : []));
  }

  /** Runs `work` while a name's value must stay where it is. */
  holding(of: TypedExpression, rule: MoveRule, work: () => void, isSet = false): void {
    const held = this.held.length;
    this.hold(of, rule, isSet);
    work();
    this.held.length = held;
  }

  /** A name's value must stay where it is, with all its parts. */
  hold(of: TypedExpression, rule: MoveRule = 'moved-while-lent', isSet = false): void {
    const root = rootOf(of);
    if (root === undefined || !this.owns(root.type)) return;
    for (const binding of [root.binding, ...this.partsOf(root.binding)])
      this.held.push({ binding, span: of.span, rule, isSet });
  }

  /** `round` walks what is repeated, and returns what is moved where the loop ends by itself; `step` what stands between two rounds. */
  loop(round: () => MoveState, step: () => void = () => undefined): void {
    const loop: Loop = {
      outside: new Set(this.known),
      before: this.state,
      left: undefined,
      continued: undefined,
    };
    this.loops.push(loop);
    const exit = round();
    this.state = join(this.state, loop.continued);
    step();
    this.#nextRound(loop);
    this.loops.pop();
    this.state = join(exit, loop.left);
  }

  /** Another round may follow: what it would use must not have been moved by this one. */
  #nextRound(loop: Loop): void {
    if (this.state === undefined) return;
    for (const [binding, moved] of this.state) {
      if (!loop.outside.has(binding) || loop.before?.get(binding) === moved) continue;
      if (moved.uses !== undefined) {
        for (const use of moved.uses) this.program.retains.retain('in-loop', use);
        this.#stays(binding);
        continue;
      }
      if (loop.before?.has(binding) === true) continue;
      this.error(
        'moved-in-loop',
        'moved-in-loop',
        moved.span,
        `\`${binding.name}\` is ${moved.how} here, and the next round of the loop would find nothing`,
        {
          notes: [{ message: 'it is bound outside of the loop', span: binding.span }],
          hint: 'make one in each round, leave the loop after it with `break`, or lend it',
        },
      );
    }
  }

  /** Says so where a type holds what it may not. */
  noteType(type: Type, span: Span, where: 'parameter' | 'result' | 'kept' | 'value'): void {
    const known = this.type(type);
    const fault = this.types.fault(known, where);
    if (fault !== undefined) this.error(fault.rule, fault.code, span, fault.message, { hint: fault.hint });
  }

  mayBeKnown(type: Type, ask: (type: Type) => boolean): boolean {
    try {
      return ask(this.type(type));
    } catch {
      return false;
    }
  }
}
