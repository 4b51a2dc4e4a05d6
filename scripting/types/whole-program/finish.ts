/**
 * The end of inference: every type in the tree is replaced by what its unknowns were found to be. What nothing decided
 * is a literal's default or `Unit`; integer literals that turned out to be floats become floats, and those that do not
 * fit their type are reported.
 */

import { singleOf } from '../../syntax/index.ts';
import {
  type Binding,
  F64,
  FLOAT_NAMES,
  I64,
  isBuiltin,
  type Parameter,
  partsOf,
  prune,
  RANGES,
  resolve,
  type Type,
  type TypedExpression,
  type TypedFunction,
  type TypedParameter,
  type TypedPattern,
  UNIT,
  unify,
  variables,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Use } from './expansion.ts';
import type { OperatorUse } from './missing-operator.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Works in place: the tree is still this room's own. */
export class Finisher {
  readonly #cx: Inference;
  readonly #bindings: Set<Binding>;
  /** The type variables of the loops over classes that the node at hand is in. */
  readonly #visiting = new Set<Parameter>();
  /** What the types met so far are without unknowns: a tree has many nodes of one type. */
  readonly #finished: Map<Type, Type>;
  /** Every use of a generic function that was come by. */
  readonly uses: Use[] = [];
  /** Every use of arithmetic at a type. */
  readonly operators: OperatorUse[] = [];
  /** Type parameters that some number literal has as its type. */
  readonly literals = new Set<Parameter>();

  /** `around` is that of the program, which has the same types and names; what is come by is its own. */
  constructor(cx: Inference, around?: Finisher) {
    this.#cx = cx;
    this.#bindings = around === undefined ? new Set() : around.#bindings;
    this.#finished = around === undefined ? new Map() : around.#finished;
  }

  /** Takes over what another has come by in something that is finished, and returns that. */
  told<T>(other: Finisher, finished: T): T {
    for (const use of other.uses) this.uses.push(use);
    for (const operator of other.operators) this.operators.push(operator);
    for (const literal of other.literals) this.literals.add(literal);
    return finished;
  }

  /** A type without unknowns. */
  type(type: Type): Type {
    const known = prune(type);
    if (known.kind === 'named' && known.args.length === 0) return known;
    if (this.#cx.visited.size > 0) this.#rejectEscape(known);
    const before = this.#finished.get(known);
    if (before !== undefined) return before;
    for (const variable of variables(known))
      if ('kind' in variable)
        unify(variable, variable.literal === 'float' ? F64 : variable.literal === 'integer' ? I64 : UNIT);
    const result = resolve(known);
    this.#finished.set(known, result).set(result, result);
    return result;
  }

  /** What a loop over a class visits is of a type that nothing outside of its body can speak of. */
  #rejectEscape(type: Type): void {
    for (const variable of variables(type)) {
      const visited = 'kind' in variable ? undefined : this.#cx.visited.get(variable);
      if (visited === undefined || 'kind' in variable || this.#visiting.has(variable)) continue;
      this.#cx.visited.delete(variable);
      const name = visited.class.name;
      this.#cx.error(
        'wrong-type',
        visited.span,
        `what this loop visits is of one type after another, and kept outside`,
        {
          hint: `outside of the loop nothing says which type of \`${name}\` it is: a field that both share, or a number, can be kept`,
        },
      );
    }
  }

  function(function_: TypedFunction): TypedFunction {
    return {
      ...function_,
      params: this.#parameters(function_.params),
      result: this.type(function_.result),
      body: this.expression(function_.body),
    };
  }

  #parameters(params: readonly TypedParameter[]): TypedParameter[] {
    return params.map((p) => ({ ...p, pattern: this.#pattern(p.pattern), type: this.type(p.type) }));
  }

  #binding(binding: Binding): void {
    if (this.#bindings.has(binding)) return;
    this.#bindings.add(binding);
    binding.type = this.type(binding.type);
  }

  #pattern(pattern: TypedPattern): TypedPattern {
    const open = pattern as Mutable<TypedPattern>;
    open.type = this.type(pattern.type);
    switch (pattern.kind) {
      case 'name':
        this.#binding(pattern.binding);
        break;
      case 'literal':
        this.expression(pattern.value);
        break;
      case 'construct':
        for (const field of pattern.fields) this.#pattern(field);
        break;
      case 'fields':
        for (const field of pattern.fields) this.#pattern(field.pattern);
        break;
      case 'wildcard':
        break;
    }
    return pattern;
  }

  #types(types: readonly Type[]): void {
    const open = types as Type[];
    for (const [i, type] of types.entries()) open[i] = this.type(type);
  }

  expression(node: TypedExpression): TypedExpression {
    const open = node as Mutable<TypedExpression>;
    open.type = this.type(node.type);
    switch (node.kind) {
      case 'integer':
        this.#integer(node);
        break;
      case 'local':
        this.#binding(node.binding);
        break;
      case 'function':
        this.#types(node.typeArguments);
        if (node.typeArguments.length > 0) this.uses.push(node);
        break;
      case 'local-function':
        this.#types(node.typeArguments);
        break;
      case 'method':
        this.#types(node.classArguments);
        if (node.class === 'Num')
          this.operators.push({ method: node.method, type: node.classArguments[0] ?? UNIT, span: node.span });
        this.#types(node.typeArguments);
        break;
      case 'let':
        for (const { pattern } of node.bindings) this.#pattern(pattern);
        break;
      case 'let-functions':
        for (const { binding, function: local } of node.functions) {
          const inner = local as Mutable<typeof local>;
          this.#binding(binding);
          inner.params = this.#parameters(local.params);
          inner.result = this.type(local.result);
        }
        break;
      case 'match':
        for (const arm of node.arms) this.#pattern(arm.pattern);
        break;
      case 'set-local':
      case 'for':
        this.#binding(node.binding);
        break;
      case 'for-entities':
        if (node.parameter !== undefined) this.#visiting.add(node.parameter);
        this.#binding(node.binding);
        break;
      case 'for-each':
        this.#pattern(node.pattern);
        break;
      case 'lambda': {
        const inner = node as Mutable<typeof node>;
        inner.params = this.#parameters(node.params);
        break;
      }
      default:
        // It holds no types but its own and its parts'.
        break;
    }
    for (const part of partsOf(node)) this.expression(part);
    if (node.kind === 'for-entities' && node.parameter !== undefined) this.#visiting.delete(node.parameter);
    return node;
  }

  #integer(node: TypedExpression & { kind: 'integer' }): void {
    const type = prune(node.type);
    const name = type.kind === 'named' ? type.definition.key : '';
    if (isBuiltin(type, ...FLOAT_NAMES)) {
      const value = Number(node.value);
      const single = singleOf(`${node.value}`, value);
      Object.assign(node, { kind: 'float', value, ...(single === undefined ? {} : { single }) });
      return;
    }
    if (type.kind === 'parameter') this.literals.add(type.parameter);
    const range = RANGES.get(name);
    if (range === undefined || (node.value >= range[0] && node.value <= range[1])) return;
    this.#cx.error('literal-out-of-range', node.span, `${node.value} does not fit into \`${name}\``, {
      hint: `\`${name}\` goes from ${range[0]} to ${range[1]}${roomier(node.value)}`,
    });
  }
}

/** Of a whole number that does not fit, as constants of hashes do not fit into `i64`: whether there is a type that has room. */
function roomier(value: bigint): string {
  const [least, most] = RANGES.get('u64') ?? [0n, 0n];
  const [, signed] = RANGES.get('i64') ?? [0n, 0n];
  return value > signed && value >= least && value <= most ? `; \`(ann u64 ${value})\` has room for it` : '';
}
