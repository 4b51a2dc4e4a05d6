/**
 * A transform for AssemblyScript's compiler (`npm run build:heap`): a field of an overlay is read and written where that is asked for.
 *
 * The compiler makes a function of each field's getter and setter, and leaves it to the optimiser to inline them. That has
 * its own idea of which functions are too large to be inlined, and counts calls of getters; so code that reads fields would
 * be cut up in another way than the same code that reads addresses. Here each such call becomes the load or the store that
 * the function consists of, and each `X.at(address)` the address, before anything is optimised.
 */

/** Accessors of the project's own classes: `BlockHeader#get:next`, `BlockHeader#set:next`, `BlockHeader.at`. */
const ACCESSOR = /^[^~].*(?:#[gs]et:\w+|\.at)$/;

/** What expressions consist of: by their kind, the names of their parts. Parts that are lists have two functions each. */
const PARTS = {
  Binary: ['Left', 'Right'],
  Block: [],
  Break: ['Condition', 'Value'],
  Call: [],
  Drop: ['Value'],
  GlobalSet: ['Value'],
  If: ['Condition', 'IfTrue', 'IfFalse'],
  Load: ['Ptr'],
  LocalSet: ['Value'],
  Loop: ['Body'],
  MemoryCopy: ['Dest', 'Source', 'Size'],
  MemoryFill: ['Dest', 'Value', 'Size'],
  MemoryGrow: ['Delta'],
  Return: ['Value'],
  Select: ['IfTrue', 'IfFalse', 'Condition'],
  Store: ['Ptr', 'Value'],
  Switch: ['Condition', 'Value'],
  Unary: ['Value'],
};
const LISTS = { Block: 'Child', Call: 'Operand' };
const LEAVES = ['Const', 'GlobalGet', 'LocalGet', 'MemorySize', 'Nop', 'Unreachable'];

export default class DirectFields {
  afterCompile(module) {
    // Binaryen, as the compiler has it: the transform is given it.
    const { binaryen } = this;
    const kinds = new Map([...Object.keys(PARTS), ...LEAVES].map((kind) => [binaryen[`${kind}Id`], kind]));
    const functions = Array.from({ length: module.getNumFunctions() }, (_, i) =>
      module.getFunctionByIndex(i),
    );
    const accessors = new Map();
    for (const each of functions) {
      const { name, body } = binaryen.getFunctionInfo(each);
      if (ACCESSOR.test(name)) accessors.set(name, withoutReturn(body));
    }

    function kindOf(expression) {
      const kind = kinds.get(binaryen.getExpressionId(expression));
      if (kind === undefined)
        throw new Error(
          `direct-fields.mjs knows no expression of kind ${binaryen.getExpressionId(expression)}`,
        );
      return kind;
    }

    function withoutReturn(body) {
      return kindOf(body) === 'Return' ? binaryen.Return.getValue(body) : body;
    }

    /** Rewrites all of an expression, and returns what is in its place then. */
    function rewrite(expression) {
      const kind = kindOf(expression);
      for (const part of PARTS[kind] ?? []) {
        const old = binaryen[kind][`get${part}`](expression);
        if (old === 0) continue;
        const made = rewrite(old);
        if (made !== old) binaryen[kind][`set${part}`](expression, made);
      }
      const item = LISTS[kind];
      if (item === undefined) return expression;
      const count = binaryen[kind][item === 'Child' ? 'getNumChildren' : 'getNumOperands'](expression);
      for (let i = 0; i < count; i++) {
        const old = binaryen[kind][`get${item}At`](expression, i);
        const made = rewrite(old);
        if (made !== old) binaryen[kind][`set${item}At`](expression, i, made);
      }
      return kind === 'Call' ? direct(expression) : expression;
    }

    /** What a call of an accessor does; any other call as it is. */
    function direct(call) {
      const body = accessors.get(binaryen.Call.getTarget(call));
      if (body === undefined) return call;
      const operand = (i) => binaryen.Call.getOperandAt(call, i);
      const kind = kindOf(body);
      if (kind === 'LocalGet') return operand(0);
      const copy = module.copyExpression(body);
      binaryen[kind].setPtr(copy, operand(0));
      if (kind === 'Store') binaryen.Store.setValue(copy, operand(1));
      return copy;
    }

    for (const each of functions) {
      const { name, body } = binaryen.getFunctionInfo(each);
      if (body === 0 || accessors.has(name)) continue;
      const made = rewrite(body);
      if (made !== body) binaryen.Function.setBody(each, made);
    }
  }
}
