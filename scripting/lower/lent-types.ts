/**
 * Types of what is lent. A type with drop code, as `Tex`, is never without an owner: a value of type `Tex` is lent by an `(Owned Tex)`
 * to the function that has it, for as long as that runs. So no place that could outlive the call may be of that type, or of one that holds
 * it: no field, no element, no global, no result. That needs no annotation, and no look at what callees do.
 */
import type { Code } from '../syntax/index.ts';
import { isLibrary, ownedSubject, type Type } from '../types/index.ts';
import type { MoveRule } from './move-rules.ts';
import { owns } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import { fieldsOf, isFlat, isNamed } from './representation.ts';
import { typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';

export interface TypeFault {
  readonly rule: MoveRule;
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** Of the language's types with arguments, those that may hold what is owned; and one that leads to what is shared. */
const HOLDERS = new Set(['Owned', 'Shared', 'Weak', 'MutVec', 'Tuple', 'prelude.Option', 'prelude.Result']);

/** What holds what it has of its arguments. A weak reference does not. */
const isHolding = (type: Type): type is Extract<Type, { kind: 'named' }> =>
  type.kind === 'named' && !isNamed(type, 'Weak');

export class LentTypes {
  readonly #program: ProgramLowering;
  readonly #lent = new Map<string, boolean>();
  readonly #leads = new Map<string, boolean>();
  readonly #faults = new Map<string, TypeFault | undefined>();

  constructor(program: ProgramLowering) {
    this.#program = program;
  }

  /** Whether values of a type are lent wherever they are met. */
  isLent(type: Type): boolean {
    if (type.kind !== 'named' || ownedSubject(type) !== undefined) return false;
    const key = typeKey(type);
    const known = this.#lent.get(key) ?? this.#program.instances.has('Drop', [type]);
    this.#lent.set(key, known);
    return known;
  }

  /** Whether a value of a type moves, or is lent. */
  concernsValue(type: Type): boolean {
    return owns(type) || this.isLent(type);
  }

  /** Whether anything in a type moves, or is lent. */
  concerns(type: Type): boolean {
    if (type.kind === 'function') return [...type.params, type.result].some((part) => this.concerns(part));
    if (type.kind !== 'named') return false;
    return this.concernsValue(type) || type.args.some((arg) => this.concerns(arg));
  }

  /** Whether values of a type, or elements of a collection of it, are owned. */
  holdsOwned(type: Type): boolean {
    return owns(type) || (isHolding(type) && type.args.some((arg) => this.holdsOwned(arg)));
  }

  /** Whether anything owned can be reached from a value of a type. What functions have captured is not known by their types. */
  leadsToOwned(type: Type): boolean {
    const seen = new Set<string>();
    const pending = [type];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (!isHolding(next)) continue;
      if (ownedSubject(next) !== undefined) return true;
      const key = typeKey(next);
      if (seen.has(key)) continue;
      seen.add(key);
      if (this.#leads.get(key) === true) return true;
      pending.push(...next.args, ...fieldsOf(next).map((field) => field.type));
      if (next.definition.kind === 'sum')
        pending.push(...sumOf(next).variants.flatMap((variant) => variant.fields.map((field) => field.type)));
    }
    this.#leads.set(typeKey(type), false);
    return false;
  }

  /** What is wrong with a type, where a value of it stands. */
  fault(type: Type, where: 'parameter' | 'result' | 'kept' | 'value'): TypeFault | undefined {
    if (this.isLent(type))
      return where === 'kept' || where === 'result' ? this.#kept(type, where === 'result') : undefined;
    const key = typeKey(type);
    if (!this.#faults.has(key)) this.#faults.set(key, this.#inside(type, []));
    return this.#faults.get(key);
  }

  #kept(type: Type, returned: boolean): TypeFault {
    const name = typeName(type);
    return {
      rule: returned ? 'lent-returned' : 'lent-kept',
      code: 'kept-lent',
      message: `a \`${name}\` is only lent, as its type has drop code, and would be ${returned ? 'returned' : 'kept'} here`,
      hint: `what ${returned ? 'gives' : 'holds'} one owns it: its type is \`(Owned ${name})\``,
    };
  }

  #inside(type: Type, seen: readonly string[]): TypeFault | undefined {
    if (type.kind === 'function') {
      for (const part of type.params) {
        const fault = this.isLent(part) ? undefined : this.#inside(part, seen);
        if (fault !== undefined) return fault;
      }
      return this.isLent(type.result) ? this.#kept(type.result, true) : this.#inside(type.result, seen);
    }
    if (type.kind !== 'named') return undefined;
    const key = typeKey(type);
    if (seen.includes(key)) return undefined;
    const within = [...seen, key];
    const subject = ownedSubject(type);
    if (subject !== undefined) return this.#subject(subject, within);
    const { definition, args } = type;
    const isOurs =
      definition.kind === 'builtin' || (definition.span !== undefined && isLibrary(definition.span.source));
    const mayHold = !isOurs || HOLDERS.has(definition.key) || definition.name === 'Tuple';
    for (const arg of args) {
      if (this.isLent(arg)) return this.#kept(arg, false);
      if (owns(arg) && !mayHold) return this.#shared(type, arg);
      const fault = this.#inside(arg, within);
      if (fault !== undefined) return fault;
    }
    if (isOurs && !isFlat(type) && definition.kind !== 'sum') return undefined;
    if (definition.kind === 'sum' && owns(type) && sumOf(type).kind === 'boxed') return this.#boxed(type);
    const parts =
      definition.kind === 'sum' ? sumOf(type).variants.flatMap((variant) => variant.fields) : fieldsOf(type);
    for (const part of parts) {
      if (this.isLent(part.type)) return this.#kept(part.type, false);
      const fault = this.#inside(part.type, within);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #subject(subject: Type, within: readonly string[]): TypeFault | undefined {
    const isStruct =
      subject.kind === 'named' && subject.definition.kind === 'struct' && !subject.definition.entity;
    const isHost = subject.kind === 'named' && subject.definition.kind === 'extern';
    if (!isStruct && !isHost)
      return {
        rule: 'shared',
        code: 'cannot-own',
        message: `\`${typeName(subject)}\` cannot be owned: only structs that are no entities, and objects of the host, can`,
        hint: 'a struct with it in a field can be owned',
      };
    for (const field of fieldsOf(subject)) {
      if (this.isLent(field.type)) return this.#kept(field.type, false);
      const fault = this.#inside(field.type, within);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #shared(type: Type, arg: Type): TypeFault {
    const name = type.kind === 'named' ? type.definition.name : '';
    return {
      rule: 'shared',
      code: 'cannot-own',
      message: `a \`${name}\` cannot hold \`${typeName(arg)}\`: it shares what it holds, or copies it`,
      hint: 'a `MutVec` can, and fields of structs',
    };
  }

  #boxed(type: Type): TypeFault {
    return {
      rule: 'shared',
      code: 'cannot-own',
      message: `\`${typeName(type)}\` is too large, or holds itself, and so cannot own anything`,
      hint: 'a struct with an `(Owned ...)` in a field can take the place of the variant',
    };
  }
}
