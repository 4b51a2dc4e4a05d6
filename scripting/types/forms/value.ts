/** Top-level names as values: functions, globals, methods, primitives, constructors. */

import type { ListForm, Span } from '../../syntax/index.ts';
import {
  type ClassEntry,
  call,
  type Definition,
  ERROR,
  etaExpanded,
  type FunctionEntry,
  type FunctionType,
  functionOf,
  type MethodEntry,
  parameterType,
  primitive,
  type Scheme,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import { atArguments, type Inference } from '../solving/index.ts';
import { constructorParts } from './construct.ts';

/** A top-level name as a value. What can only be called gets a lambda around it. */
export function definitionValue(cx: Inference, definition: Definition, span: Span): TypedExpression {
  switch (definition.kind) {
    case 'function':
    case 'global':
      return definitionNode(cx, definition, span);
    case 'constructor': {
      const { type, fields } = constructorParts(cx, definition.makes, definition.variant);
      const params = fields.map((f) => atArguments(f.type, type));
      const variant = definition.variant === undefined ? {} : { variant: definition.variant };
      const made = (args: readonly TypedExpression[]): TypedExpression => ({
        kind: 'construct',
        definition: definition.makes,
        ...variant,
        fields: args,
        type,
        span,
      });
      if (definition.variant !== undefined && fields.length === 0) return made([]);
      return etaExpanded(functionOf(params, type), span, made);
    }
    default: {
      const node = definitionNode(cx, definition, span);
      if (definition.kind === 'method' && definition.method.constant) return constantCall(node, span);
      const type = node.type as FunctionType;
      return etaExpanded(type, span, (args) => call(node, args, type.result, span));
    }
  }
}

/** `zero` where `(zero : 'a)` is a method. */
export function constantCall(node: TypedExpression, span: Span): TypedExpression {
  return call(node, [], node.type.kind === 'function' ? node.type.result : ERROR, span);
}

/** A name's own node, with fresh unknowns for what it is generic in. */
export function definitionNode(
  cx: Inference,
  definition: Exclude<Definition, { kind: 'constructor' }>,
  span: Span,
): TypedExpression {
  switch (definition.kind) {
    case 'function':
      return functionValue(cx, definition.function, span);
    case 'global':
      return {
        kind: 'global',
        definition: definition.global.definition,
        type: definition.global.definition.type,
        span,
      };
    case 'extern': {
      const { params, result } = definition.extern;
      const type = functionOf(
        params.map((p) => p.type),
        result,
      );
      return { kind: 'extern', extern: definition.extern, type, span };
    }
    case 'method':
      return methodNode(cx, definition.class, definition.method, span);
    case 'primitive': {
      const { type } = cx.instantiate(definition.primitive.scheme, span);
      return primitive(definition.primitive.name, type, span);
    }
  }
}

export function functionValue(cx: Inference, entry: FunctionEntry, span: Span): TypedExpression {
  if (entry.scheme !== undefined) {
    const { type, args } = cx.instantiate(entry.scheme, span);
    return { kind: 'function', key: entry.key, typeArguments: args, type, span };
  }
  if (entry.inferring !== undefined) {
    // Its type parameters are known when the group is generalised; they are then filled in here.
    const typeArguments: Type[] = [];
    entry.inferring.uses.push((args) => typeArguments.push(...args));
    return { kind: 'function', key: entry.key, typeArguments, type: entry.inferring.type, span };
  }
  // Its own definition failed, and was reported.
  return { kind: 'error', type: ERROR, span };
}

export function methodNode(
  cx: Inference,
  classEntry: ClassEntry,
  method: MethodEntry,
  span: Span,
): TypedExpression {
  const { type, args } = cx.instantiate(methodScheme(classEntry, method), span);
  return {
    kind: 'method',
    class: classEntry.key,
    method: method.name,
    classArguments: args.slice(0, classEntry.parameters.length),
    typeArguments: args.slice(classEntry.parameters.length),
    type,
    span,
  };
}

/** A method as a function of any instance of its class. */
export function methodScheme(classEntry: ClassEntry, method: MethodEntry): Scheme {
  const own = { class: classEntry.key, args: classEntry.parameters.map(parameterType) };
  return {
    parameters: [...classEntry.parameters, ...method.parameters],
    constraints: [own, ...method.constraints],
    type: method.type,
  };
}

/** The place of what a form calls. */
export function spanOfHead(form: ListForm): Span {
  return form.items[0]?.span ?? form.span;
}
