/**
 * Moves, checked on what is compiled: one function at its concrete types. What owns something has one owner; whoever passes, stores,
 * returns or captures it has given it away.
 *
 *     (let ((t (own (Tex 1))))      t owns
 *       (draw t)                    lent for the call: `draw` takes a Tex
 *       (if late (keep! t) (do))    moved on one way: `keep!` takes an (Owned Tex)
 *       (draw t))                   error: t may have been moved
 *
 * The walk follows the order of evaluation and knows at each place which names have been moved; two ways that meet have moved what either has.
 * What is only lent has a type without an owner, as `Tex`, and values of such a type, one with drop code, are lent wherever they are met:
 * nothing may keep one (`lent-types.ts`).
 *
 * The library's functions are looked at when a script calls them with something that is owned; what is wrong is told at that call.
 */
import type { Code, Diagnostics, Span } from '../syntax/index.ts';
import {
  type Binding,
  capturesOf,
  type GlobalDefinition,
  isLibrary,
  partsOf,
  type Type,
  type TypedExpression,
  type TypedFunction,
  type TypedLocalFunction,
  type TypedPattern,
} from '../types/index.ts';
import { LentTypes } from './lent-types.ts';
import type { MoveRule } from './move-rules.ts';
import { join, type Moved, type MoveState } from './move-state.ts';
import { hasOwnWay, isLoan, lendsArgument, looks } from './moving.ts';
import { owningFields } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import { isHostObject } from './representation.ts';
import { bind, concrete, type Substitution, typeKey, typeName } from './substitution.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;
/** Whether a value goes where it will be owned, or is looked at. */
type Mode = 'move' | 'look';

interface Notes {
  readonly hint?: string;
  readonly notes?: readonly { readonly message: string; readonly span: Span }[];
}

/** Whom a call inside of the library is made for. */
interface Caller {
  readonly name: string;
  readonly span: Span;
}

interface Loop {
  /** Names that were there when it began. */
  readonly outside: ReadonlySet<Binding>;
  readonly before: MoveState;
  left: MoveState;
}

/** Primitives that copy elements, or put one where it shares structure. */
const COPYING = new Set([
  '%repeat!',
  'freeze',
  '%taken',
  '%flat-set!',
  '%flat-copy!',
  '%rope',
  '%call-in-heap',
  '%in-heap',
]);

export class Moves {
  readonly #program: ProgramLowering;
  readonly #diagnostics: Diagnostics;
  readonly #types: LentTypes;
  readonly #without: MoveRule | undefined;
  /** What stands in an `own`. */
  readonly #owned = new WeakSet<TypedExpression>();
  /** Of the library's functions, at types, those that were looked at for a caller. */
  readonly #checked = new Set<string>();
  #substitution: Substitution = new Map();
  #caller: Caller | undefined;
  #state: MoveState = new Map();
  #known = new Set<Binding>();
  /** Names for what somebody else owns. */
  #borrowed = new Map<Binding, 'lent' | 'captured'>();
  /** Names whose values are lent to calls, or taken apart, around the place at hand, and what they may not be set for. */
  #held: { readonly binding: Binding; readonly span: Span; readonly rule: MoveRule }[] = [];
  #loops: Loop[] = [];
  /** Of names that a `match` takes apart, the names of the parts in the arm at hand. */
  readonly #parts = new Map<Binding, readonly Binding[]>();
  readonly #generic = new Map<Binding, TypedLocalFunction>();

  constructor(program: ProgramLowering, diagnostics: Diagnostics, without: MoveRule | undefined) {
    this.#program = program;
    this.#diagnostics = diagnostics;
    this.#without = without;
    this.#types = new LentTypes(program);
  }

  /** Looks at a function at its types; for a function of the library, `caller` says for whom. */
  check(f: TypedFunction, substitution: Substitution, caller?: Caller): void {
    this.#fresh(substitution, caller, () => {
      for (const param of f.params) {
        if (caller === undefined) this.#noteType(param.type, param.pattern.span, 'parameter');
        this.#bind(param.pattern, 'owner');
      }
      if (caller === undefined) this.#noteType(f.result, f.span, 'value');
      this.#walk(f.body, 'move');
      this.#returned(f.body);
    });
  }

  /** What the host calls can neither take nor give what somebody owns. */
  checkExport(f: TypedFunction, substitution: Substitution): void {
    for (const type of [...f.params.map((param) => param.type), f.result]) {
      const known = concrete(type, substitution);
      if (!this.#types.concerns(known) || isHostObject(known)) continue;
      const message = `the host cannot own, nor lend: \`${f.name}\` cannot be called by it with, or for, a \`${typeName(known)}\``;
      this.#report('cannot-own', f.span, message, {
        hint: 'give it a number or a text by which to find what is meant',
      });
    }
  }

  /** Looks at an expression outside of functions: a global's first value, or one at top level. */
  checkExpression(e: TypedExpression, isKept: boolean): void {
    this.#fresh(new Map(), undefined, () => {
      this.#walk(e, 'move');
      if (isKept) this.#noteType(e.type, e.span, 'kept');
    });
  }

  /** A global of the frame is forgotten when the frame ends, without being asked. */
  checkFrameGlobal({ name, type, span }: GlobalDefinition): void {
    const known = concrete(type, new Map());
    if (!this.#program.owns(known)) return;
    this.#report('cannot-own', span, `the frame's end would forget what \`${name}\` owns`, {
      hint: 'let an object that is made in `(with-arena frame ...)` hold it: that is dropped with the frame',
    });
  }

  #fresh(substitution: Substitution, caller: Caller | undefined, work: () => void): void {
    const outer = [
      this.#substitution,
      this.#caller,
      this.#state,
      this.#known,
      this.#borrowed,
      this.#held,
      this.#loops,
    ] as const;
    this.#substitution = substitution;
    this.#caller = caller;
    this.#state = new Map();
    this.#known = new Set();
    this.#borrowed = new Map();
    this.#held = [];
    this.#loops = [];
    work();
    [this.#substitution, this.#caller, this.#state, this.#known, this.#borrowed, this.#held, this.#loops] =
      outer;
  }

  #keeps(rule: MoveRule): boolean {
    return rule !== this.#without;
  }

  #error(rule: MoveRule, code: Code, span: Span, message: string, extra: Notes = {}): void {
    if (!this.#keeps(rule)) return;
    const caller = this.#caller;
    if (caller === undefined) {
      this.#report(code, span, message, extra);
      return;
    }
    const text = `\`${caller.name}\` does not work with what is owned: in it, ${message}`;
    this.#report(code, caller.span, text, extra.hint === undefined ? {} : { hint: extra.hint });
  }

  #report(code: Code, span: Span, message: string, extra: Notes): void {
    const again = this.#diagnostics.all.some(
      (d) => d.code === code && d.span.source === span.source && d.span.start === span.start,
    );
    if (!again) this.#diagnostics.error(code, span, message, { ...extra, notes: [...(extra.notes ?? [])] });
  }

  #type(type: Type): Type {
    return concrete(type, this.#substitution);
  }

  #owns(type: Type): boolean {
    return this.#program.owns(this.#type(type));
  }

  // ------------------------------------------------------------------------------------------ names

  #bind(pattern: TypedPattern, as: 'owner' | 'lent'): void {
    switch (pattern.kind) {
      case 'name':
        this.#known.add(pattern.binding);
        if (as === 'lent') this.#borrowed.set(pattern.binding, 'lent');
        return;
      case 'construct':
        for (const part of pattern.fields) this.#bind(part, as);
        return;
      case 'fields':
        for (const { pattern: part } of pattern.fields) this.#bind(part, as);
        return;
      case 'wildcard':
      case 'literal':
        return;
    }
  }

  #moveName(e: Node<'local'>, how: Moved['how'] = 'moved'): void {
    const { binding } = e;
    const name = `\`${binding.name}\``;
    const lent = this.#borrowed.get(binding);
    if (lent !== undefined) {
      const isCaptured = lent === 'captured';
      this.#error(
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
    const held = this.#held.findLast((one) => one.binding === binding);
    if (held !== undefined) {
      const isMatched = held.rule === 'moved-while-matched';
      this.#error(
        held.rule,
        'moved-while-lent',
        e.span,
        isMatched
          ? `${name} is taken apart around here, and would be moved as a whole`
          : `${name} is lent to this call, and would be moved before it`,
        {
          notes: [{ message: isMatched ? 'it is taken apart here' : 'it is lent here', span: held.span }],
          hint: isMatched
            ? 'move the part that the pattern names'
            : 'move it in a statement before or after the call',
        },
      );
      return;
    }
    if (this.#state !== undefined) this.#state = new Map(this.#state).set(binding, { span: e.span, how });
  }

  #useName(e: Node<'local'>): void {
    const parts = this.#parts.get(e.binding) ?? [];
    const moved = [e.binding, ...parts]
      .map((name) => this.#state?.get(name))
      .find((one) => one !== undefined);
    if (moved === undefined) return;
    const name = `\`${e.binding.name}\``;
    const isDrop = moved.how === 'dropped';
    this.#error('used', 'used-after-move', e.span, `${name} owns nothing any more here`, {
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

  // ------------------------------------------------------------------------------------------ expressions

  #all(expressions: readonly TypedExpression[], mode: Mode = 'move'): void {
    for (const e of expressions) this.#walk(e, mode);
  }

  /** `mode` is of no matter for what owns nothing. */
  #walk(e: TypedExpression, mode: Mode): void {
    this.#noteUse(e);
    switch (e.kind) {
      case 'local':
        if (!this.#owns(e.type)) return;
        this.#useName(e);
        if (mode === 'move') this.#moveName(e);
        return;
      case 'global':
        if (mode === 'move' && this.#owns(e.type)) this.#movedOut(e, 'a global');
        return;
      case 'field':
        this.#walk(e.target, 'look');
        if (mode === 'move' && this.#owns(e.type)) this.#movedOut(e, `the field \`${e.field}\``);
        return;
      case 'call':
        this.#call(e, mode);
        return;
      case 'construct': {
        if (this.#types.isLent(this.#type(e.type)) && !this.#owned.has(e)) this.#unowned(e);
        const order = e.order ?? e.fields.map((_, i) => i);
        this.#all(order.map((i) => e.fields[i] as TypedExpression));
        return;
      }
      case 'set-local':
        this.#walk(e.value, 'move');
        this.#set(e);
        return;
      case 'set-global':
        this.#walk(e.value, 'move');
        return;
      case 'set-field':
        this.#walk(e.target, 'look');
        this.#walk(e.value, 'move');
        return;
      case 'set-element':
        this.#all([e.target, e.index], 'look');
        this.#walk(e.value, 'move');
        return;
      case 'update':
        this.#update(e);
        return;
      case 'let':
        for (const { pattern, value } of e.bindings) {
          this.#walk(value, 'move');
          this.#bind(pattern, 'owner');
        }
        this.#walk(e.body, mode);
        return;
      case 'let-functions':
        this.#localFunctions(e);
        this.#walk(e.body, mode);
        return;
      case 'local-function':
        this.#localFunction(e);
        return;
      case 'if': {
        this.#walk(e.condition, 'look');
        const before = this.#state;
        this.#walk(e.then, mode);
        const then = this.#state;
        this.#state = before;
        this.#walk(e.else, mode);
        this.#state = this.#keeps('joined') ? join(then, this.#state) : (this.#state ?? then);
        return;
      }
      case 'match':
        this.#match(e, mode);
        return;
      case 'do':
        for (const [i, part] of e.body.entries()) this.#walk(part, i === e.body.length - 1 ? mode : 'move');
        return;
      case 'while':
        this.#loop(() => {
          this.#walk(e.condition, 'look');
          const exit = this.#state;
          this.#walk(e.body, 'move');
          return exit;
        });
        return;
      case 'for':
        this.#walk(e.from, 'move');
        this.#known.add(e.binding);
        this.#loop(() => {
          this.#walk(e.test, 'look');
          const exit = this.#state;
          this.#walk(e.body, 'move');
          this.#walk(e.step, 'move');
          return exit;
        });
        return;
      case 'for-each':
        this.#walk(e.collection, 'look');
        this.#holding(e.collection, 'moved-while-lent', () =>
          this.#loop(() => {
            const exit = this.#state;
            this.#bind(e.pattern, 'lent');
            this.#walk(e.body, 'move');
            return exit;
          }),
        );
        return;
      case 'for-entities':
        this.#forEntities(e);
        return;
      case 'lambda':
        this.#lambda(e, 'kept');
        return;
      case 'with-arena':
      case 'outside':
      case 'without-collection':
        this.#walk(e.body, mode);
        return;
      case 'copy-out':
        this.#walk(e.value, 'look');
        if (this.#types.leadsToOwned(this.#type(e.type)))
          this.#error(
            'shared',
            'cannot-own',
            e.span,
            `a copy of \`${typeName(this.#type(e.type))}\` would own what the original owns`,
            { hint: 'make it with `outside` in the first place' },
          );
        return;
      case 'try':
        this.#walk(e.value, 'move');
        return;
      case 'return':
        this.#walk(e.value, 'move');
        this.#returned(e.value);
        this.#state = undefined;
        return;
      case 'break': {
        const loop = this.#loops.at(-1);
        if (loop !== undefined) loop.left = join(loop.left, this.#state);
        this.#state = undefined;
        return;
      }
      case 'continue':
        this.#nextRound();
        this.#state = undefined;
        return;
      case 'vector':
        this.#all(e.items);
        return;
      case 'integer':
      case 'float':
      case 'bool':
      case 'string':
      case 'keyword':
      case 'picture':
      case 'unit':
      case 'function':
      case 'method':
      case 'primitive':
      case 'extern':
      case 'count-entities':
      case 'error':
        return;
    }
  }

  #movedOut({ span }: TypedExpression, what: string): void {
    this.#error('place', 'moved-out', span, `${what} only lends what it holds, and this would move it`, {
      hint: '`take!` moves out of a place of an `Option`, `pop!`, `swap-remove!` and `remove-at!` out of a `MutVec`; a parameter without `Owned` borrows',
    });
  }

  #set({ binding, span }: Node<'set-local'>): void {
    if (!this.#owns(binding.type)) return;
    if (this.#borrowed.get(binding) === 'captured') {
      this.#error(
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
    const held = this.#held.findLast((one) => one.binding === binding);
    if (held !== undefined) {
      this.#error(
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
    if (this.#state === undefined) return;
    const state = new Map(this.#state);
    state.delete(binding);
    this.#state = state;
  }

  #update(e: Node<'update'>): void {
    this.#walk(e.target, 'look');
    for (const { value } of e.fields) this.#walk(value, 'move');
    const given = new Set(e.fields.map(({ name }) => name));
    const type = this.#type(e.type);
    const copied = owningFields(type).find((field) => !given.has(field.name));
    if (copied === undefined) return;
    this.#error(
      'update',
      'cannot-own',
      e.span,
      `the copy would own what the field \`${copied.name}\` of the original owns`,
      { hint: `give \`:${copied.name}\` a value of its own, or change the original with \`set!\`` },
    );
  }

  /** Runs `work` while a name's value must stay where it is. */
  #holding(of: TypedExpression, rule: MoveRule, work: () => void): void {
    const root = rootOf(of);
    if (root === undefined || !this.#owns(root.type)) {
      work();
      return;
    }
    this.#held.push({ binding: root.binding, span: of.span, rule });
    work();
    this.#held.pop();
  }

  // ------------------------------------------------------------------------------------------ calls

  #call(e: Node<'call'>, mode: Mode): void {
    const { callee, args, span } = e;
    const held = this.#held.length;
    if (callee.kind === 'primitive') {
      this.#primitive(e, callee.name);
    } else if (callee.kind === 'method') {
      this.#method(e, callee, mode);
    } else if (callee.kind === 'lambda') {
      // It runs here and now, once.
      this.#arguments(args, 'move');
      for (const param of callee.params) this.#bind(param.pattern, 'owner');
      this.#lambda(callee, 'lent');
    } else {
      this.#walk(callee, 'look');
      this.#arguments(args, 'move', (i) => lendsArgument(this.#program, callee, i));
      if (callee.kind === 'function') this.#library(callee, span);
      if (callee.kind === 'extern') this.#toHost(args);
    }
    this.#held.length = held;
    this.#given(e);
  }

  /** What the host is given it could not drop. */
  #toHost(args: readonly TypedExpression[]): void {
    for (const { type, span } of args)
      if (this.#types.leadsToOwned(this.#type(type)))
        this.#error(
          'shared',
          'cannot-own',
          span,
          `the host cannot own anything, and this is \`${typeName(this.#type(type))}\``,
          { hint: 'lend what is owned: a parameter without `Owned` borrows' },
        );
  }

  /** Arguments in the order of evaluation. What one lends is lent until the call is over. */
  #arguments(
    args: readonly TypedExpression[],
    mode: Mode,
    lends: (index: number) => boolean = () => false,
  ): void {
    for (const [i, arg] of args.entries()) {
      if (isLoan(arg) && arg.kind === 'call') {
        const [owner] = arg.args as readonly [TypedExpression];
        this.#walk(owner, 'look');
        this.#hold(owner);
      } else if (arg.kind === 'lambda' && lends(i)) {
        this.#lambda(arg, 'lent');
      } else {
        this.#walk(arg, mode);
        if (mode === 'look') this.#hold(arg);
      }
    }
  }

  #hold(e: TypedExpression): void {
    const root = rootOf(e);
    if (root !== undefined && this.#owns(root.type))
      this.#held.push({ binding: root.binding, span: e.span, rule: 'moved-while-lent' });
  }

  #primitive(e: Node<'call'>, name: string): void {
    const [first] = e.args;
    if ((name === '%lend' || name === '%take') && first !== undefined) {
      this.#walk(first, 'look');
      if (name === '%take') this.#taken(first);
      return;
    }
    if (name === 'drop!' && first?.kind === 'local' && this.#owns(first.type)) {
      this.#useName(first);
      this.#moveName(first, 'dropped');
      return;
    }
    if (name === 'own' && first !== undefined) {
      this.#owned.add(first);
      this.#own(first);
    }
    if (COPYING.has(name) && e.args.some(({ type }) => this.#types.holdsOwned(this.#type(type))))
      this.#error('shared', 'cannot-own', e.span, 'elements would be copied that are owned');
    this.#arguments(e.args, looks(e.callee) ? 'look' : 'move');
  }

  /** What is taken out of a name is not lent at that time; the name goes on, with nothing. */
  #taken(place: TypedExpression): void {
    const root = rootOf(place);
    const held = this.#held.findLast(({ binding }) => binding === root?.binding);
    if (held === undefined || root === undefined) return;
    this.#error(
      held.rule,
      'moved-while-lent',
      place.span,
      `\`${root.binding.name}\` is lent around here, and would be taken out of`,
      { notes: [{ message: 'it is lent here', span: held.span }], hint: 'take it in a statement of its own' },
    );
  }

  #unowned({ type, span }: TypedExpression): void {
    const name = typeName(this.#type(type));
    this.#error(
      'lent-kept',
      'kept-lent',
      span,
      `a \`${name}\` has drop code, and this one would have no owner to run it`,
      {
        hint: `\`(own ...)\` around it owns it`,
      },
    );
  }

  /** What becomes owned is not anybody's yet. */
  #own(e: TypedExpression): void {
    const type = this.#type(e.type);
    const isNew =
      (e.kind === 'construct' && type.kind === 'named' && type.definition.kind === 'struct') ||
      (e.kind === 'call' && e.callee.kind === 'extern' && isHostObject(type));
    if (isNew) return;
    this.#error('fresh', 'not-owned', e.span, 'this may be held elsewhere already, and so cannot be owned', {
      hint: `\`(own (${type.kind === 'named' ? type.definition.name : 'T'} ...))\` owns what is made in it; a function that makes one returns \`(Owned ${typeName(type)})\``,
    });
  }

  #method(e: Node<'call'>, callee: Node<'method'>, mode: Mode): void {
    if (callee.class === 'Drop') {
      this.#error(
        'drop-called',
        'not-owned',
        e.span,
        'drop code is not called: it runs when its owner drops what it owns',
        {
          hint: '`(drop! owner)` drops it now',
        },
      );
      return;
    }
    const isLooking = looks(callee);
    this.#arguments(e.args, isLooking ? 'look' : 'move');
    if (!isLooking) this.#instanceMethod(callee, e.span);
    if (isLooking && mode === 'move' && this.#owns(e.type)) this.#movedOut(e, 'a collection');
  }

  #instanceMethod(callee: Node<'method'>, span: Span): void {
    const types = callee.classArguments.map((type) => this.#type(type));
    const f = this.#program.instanceMethods(callee.class, types)?.get(callee.method);
    if (f === undefined || !isLibrary(f.span.source) || !types.some((type) => this.#types.leadsToOwned(type)))
      return;
    const own = callee.typeArguments.map((type) => this.#type(type));
    const substitution = this.#program.instanceSubstitution(callee.class, types, callee.method, own);
    this.#checkLibrary(f, substitution, callee.method, span);
  }

  /** A function of the library that is used with something owned. */
  #library(callee: Node<'function'>, span: Span): void {
    const f = this.#program.typedFunction(callee.key);
    if (!isLibrary(f.span.source) || hasOwnWay(callee.key)) return;
    const types = callee.typeArguments.map((type) => this.#type(type));
    if (!types.some((type) => this.#types.concerns(type))) return;
    this.#checkLibrary(f, bind(f.typeParameters, types), f.name, span);
  }

  #checkLibrary(f: TypedFunction, substitution: Substitution | undefined, name: string, span: Span): void {
    if (substitution === undefined) return;
    const caller = this.#caller ?? { name, span };
    const types = f.typeParameters.map((p) => typeKey(substitution.get(p.id) as Type)).join(' ');
    const key = `${f.key}<${types}> ${caller.name} ${caller.span.source.name} ${caller.span.start}`;
    if (this.#checked.has(key)) return;
    this.#checked.add(key);
    this.check(f, substitution, caller);
  }

  // ------------------------------------------------------------------------------------------ functions

  /**
   * A function value. One that is given to a function of the prelude is called and not kept: what it captures is lent to it. Any other may
   * be kept, and what it captures is moved into it.
   */
  #lambda(e: Node<'lambda'>, as: 'lent' | 'kept'): void {
    const captures = capturesOf(e.params, e.body);
    for (const binding of captures.bindings) {
      const use: Node<'local'> = { kind: 'local', binding, type: binding.type, span: e.span };
      if (this.#types.isLent(this.#type(binding.type)) && as === 'kept')
        this.#error(
          'lent-kept',
          'kept-lent',
          e.span,
          `this function may be kept, and \`${binding.name}\`, which it captures, is only lent`,
          {
            notes: [{ message: 'it is lent here', span: binding.span }],
            hint: 'functions of the prelude, as `map`, call what they are given and do not keep it',
          },
        );
      if (!this.#owns(binding.type)) continue;
      this.#useName(use);
      if (as === 'kept') {
        if (this.#keeps('capture')) this.#moveName(use, 'captured');
      } else this.#held.push({ binding, span: e.span, rule: 'moved-while-lent' });
    }
    const outer = [this.#state, this.#borrowed, this.#loops] as const;
    this.#borrowed = new Map(this.#borrowed);
    for (const binding of captures.bindings)
      if (this.#owns(binding.type)) this.#borrowed.set(binding, 'captured');
    this.#loops = [];
    // Inside, what was captured is there, whatever becomes of it outside.
    this.#state = new Map();
    for (const param of e.params) this.#bind(param.pattern, 'owner');
    this.#walk(e.body, 'move');
    this.#returned(e.body);
    [this.#state, this.#borrowed, this.#loops] = outer;
  }

  #localFunctions(e: Node<'let-functions'>): void {
    for (const { binding, function: f } of e.functions) {
      for (const captured of capturesOf(f.params, f.body).bindings) {
        const isLent =
          captured.type !== undefined &&
          this.#mayBeKnown(captured.type, (type) => this.#types.concernsValue(type));
        if (isLent && !e.functions.some((one) => one.binding === captured))
          this.#error(
            'capture',
            'moved-out',
            f.span,
            `\`${binding.name}\` captures \`${captured.name}\`, and a function of a body may run twice`,
            {
              notes: [{ message: 'it is bound here', span: captured.span }],
              hint: 'give it to the function as an argument',
            },
          );
      }
      this.#known.add(binding);
      if (f.typeParameters.length > 0) this.#generic.set(binding, f);
      else this.#inner(f, this.#substitution);
    }
  }

  #mayBeKnown(type: Type, ask: (type: Type) => boolean): boolean {
    try {
      return ask(this.#type(type));
    } catch {
      return false;
    }
  }

  #localFunction(e: Node<'local-function'>): void {
    const f = this.#generic.get(e.binding);
    if (f === undefined) return;
    const types = e.typeArguments.map((type) => this.#type(type));
    const key = `${e.binding.name} ${f.span.start} ${types.map(typeKey).join(' ')}`;
    if (this.#checked.has(key)) return;
    this.#checked.add(key);
    this.#inner(f, new Map([...this.#substitution, ...bind(f.typeParameters, types)]));
  }

  #inner(f: TypedLocalFunction, substitution: Substitution): void {
    this.#fresh(substitution, this.#caller, () => {
      for (const param of f.params) this.#bind(param.pattern, 'owner');
      this.#walk(f.body, 'move');
      this.#returned(f.body);
    });
  }

  // ------------------------------------------------------------------------------------------ ways

  #match(e: Node<'match'>, mode: Mode): void {
    const isOwner = this.#owns(e.subject.type);
    const root = isOwner ? rootOf(e.subject) : undefined;
    this.#walk(e.subject, 'look');
    const isName = e.subject.kind === 'local' && root !== undefined && !this.#borrowed.has(root.binding);
    const isLent = isOwner && root === undefined ? isInObject(e.subject) : isOwner && !isName;
    const before = this.#state;
    let after: MoveState;
    for (const arm of e.arms) {
      this.#state = before;
      this.#bind(arm.pattern, isLent ? 'lent' : 'owner');
      if (isName && root !== undefined) this.#parts.set(root.binding, namesOf(arm.pattern));
      const work = (): void => this.#walk(arm.body, mode);
      if (root === undefined) work();
      else this.#holding(e.subject, 'moved-while-matched', work);
      // A part that was moved is gone from the name.
      if (isName && this.#state !== undefined && root !== undefined) {
        const part = namesOf(arm.pattern).map((name) => (this.#state as NonNullable<MoveState>).get(name));
        const moved = part.find((one) => one !== undefined);
        if (moved !== undefined) this.#state = new Map(this.#state).set(root.binding, moved);
      }
      after = this.#keeps('joined') ? join(after, this.#state) : (this.#state ?? after);
    }
    if (root !== undefined) this.#parts.delete(root.binding);
    this.#state = after;
  }

  /** `round` walks what is repeated, and returns what is moved where the loop ends by itself. */
  #loop(round: () => MoveState): void {
    const loop: Loop = { outside: new Set(this.#known), before: this.#state, left: undefined };
    this.#loops.push(loop);
    const exit = round();
    this.#nextRound();
    this.#loops.pop();
    this.#state = join(exit, loop.left);
  }

  /** Another round may follow: what it would use must not have been moved by this one. */
  #nextRound(): void {
    const loop = this.#loops.at(-1);
    if (loop === undefined || this.#state === undefined) return;
    for (const [binding, moved] of this.#state) {
      if (!loop.outside.has(binding) || loop.before?.has(binding) === true) continue;
      this.#error(
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

  #forEntities(e: Node<'for-entities'>): void {
    const rounds: Substitution[] =
      e.parameter === undefined
        ? [this.#substitution]
        : e.entities.map((definition) =>
            new Map(this.#substitution).set((e.parameter as { id: number }).id, {
              kind: 'named',
              definition,
              args: [],
            }),
          );
    for (const substitution of rounds) {
      const outer = this.#substitution;
      this.#substitution = substitution;
      this.#known.add(e.binding);
      this.#loop(() => {
        const exit = this.#state;
        this.#walk(e.body, 'move');
        return exit;
      });
      this.#substitution = outer;
    }
  }

  // ------------------------------------------------------------------------------------------ what is lent

  /** Says so where a type holds what it may not. */
  #noteType(type: Type, span: Span, where: 'parameter' | 'result' | 'kept' | 'value'): void {
    const known = this.#type(type);
    const fault = this.#types.fault(known, where);
    if (fault !== undefined) this.#error(fault.rule, fault.code, span, fault.message, { hint: fault.hint });
  }

  /** What a node's type may not be, and where what is lent may not stand. */
  #noteUse(e: TypedExpression): void {
    if (
      e.kind === 'local-function' ||
      e.kind === 'function' ||
      e.kind === 'method' ||
      e.kind === 'primitive' ||
      e.kind === 'extern'
    )
      return;
    if (e.kind === 'lambda') return;
    this.#noteType(e.type, e.span, 'value');
    if (e.kind !== 'let') return;
    for (const { pattern, value } of e.bindings)
      if (this.#types.isLent(this.#type(value.type)) && value.kind !== 'local' && !isLoan(value))
        this.#error(
          'lent-kept',
          'kept-lent',
          value.span,
          `a \`${typeName(this.#type(value.type))}\` has an owner, and this would have none`,
          {
            notes: [{ message: 'it would be bound here', span: pattern.span }],
            hint: '`(own ...)` around what makes one owns it',
          },
        );
  }

  /** What a call gives that would be lent. */
  #given(e: Node<'call'>): void {
    const type = this.#type(e.type);
    if (!this.#types.isLent(type) || isLoan(e)) return;
    if (e.callee.kind === 'extern') {
      if (!this.#owned.has(e)) this.#unowned(e);
      return;
    }
    if (this.#owned.has(e)) return;
    this.#error(
      'lent-returned',
      'kept-lent',
      e.span,
      `this gives a \`${typeName(type)}\` that is only lent, or has no owner`,
      {
        hint: `functions take a \`${typeName(type)}\` and do not give one; what makes one returns \`(Owned ${typeName(type)})\``,
      },
    );
  }

  #returned(e: TypedExpression): void {
    const type = this.#mayBeKnown(e.type, (known) => this.#types.isLent(known));
    if (!type || e.kind === 'error') return;
    const last = lastOf(e);
    this.#error(
      'lent-returned',
      'kept-lent',
      last.span,
      `this \`${typeName(this.#type(e.type))}\` is only lent, and would be returned`,
      {
        hint: 'return what is read of it; or take an `(Owned ...)`, and return that',
      },
    );
  }
}

/** The name that a place is a part of. */
function rootOf(e: TypedExpression): Node<'local'> | undefined {
  if (e.kind === 'local') return e;
  return e.kind === 'field' ? rootOf(e.target) : undefined;
}

function isInObject(e: TypedExpression): boolean {
  return e.kind === 'global' || e.kind === 'field' || (e.kind === 'call' && e.callee.kind === 'method');
}

function namesOf(pattern: TypedPattern): readonly Binding[] {
  switch (pattern.kind) {
    case 'name':
      return [pattern.binding];
    case 'construct':
      return pattern.fields.flatMap(namesOf);
    case 'fields':
      return pattern.fields.flatMap((field) => namesOf(field.pattern));
    case 'wildcard':
    case 'literal':
      return [];
  }
}

/** Where the value of a body stands. */
function lastOf(e: TypedExpression): TypedExpression {
  if (e.kind === 'let' || e.kind === 'let-functions') return lastOf(e.body);
  const last = e.kind === 'do' ? partsOf(e).at(-1) : undefined;
  return last === undefined ? e : lastOf(last);
}
