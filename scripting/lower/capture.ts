/** A `fn` that is called where it stands: `((fn (x) ...) 1)`. */
import { capturesOf, partsOf, type TypedExpression, type TypedParameter } from '../types/index.ts';

/**
 * Whether an applied `fn` means the same as its body in its place: it sets nothing of the surroundings, which would be
 * its own copy; takes no copy before arguments that may set the original; and `?` and `return` in it leave no other function.
 */
export function isBodyEnough(
  { params, body }: { readonly params: readonly TypedParameter[]; readonly body: TypedExpression },
  args: readonly TypedExpression[],
): boolean {
  const { bindings, written } = capturesOf(params, body);
  return written.size === 0 && (args.length === 0 || !bindings.some((b) => b.mutable)) && !returns(body);
}

/** Whether `?` or `return` in an expression leaves the function that it stands in. */
function returns(e: TypedExpression): boolean {
  if (e.kind === 'try' || e.kind === 'return') return true;
  if (e.kind === 'lambda') return false;
  if (e.kind === 'let-functions') return returns(e.body);
  return partsOf(e).some(returns);
}
