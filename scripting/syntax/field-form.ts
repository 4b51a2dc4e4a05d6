/** Fields as the definition of a type writes them: `(hp : i64)`, `(mut hp : i64)`, `(mut hp : i64 10)`. */
import { type Form, symbolName } from './form.ts';

export interface FieldForm {
  readonly name: Form;
  readonly type: Form;
  readonly mutable: boolean;
  /** What it is where nobody says what it is to be. */
  readonly default: Form | undefined;
}

/** Undefined for what is not put together like a field. */
export function fieldForm(form: Form): FieldForm | undefined {
  if (form.kind !== 'list') return undefined;
  const mutable = symbolName(form.items[0]) === 'mut' && symbolName(form.items[1]) !== ':';
  const [name, colon, type, value, ...more] = mutable ? form.items.slice(1) : form.items;
  if (name === undefined || symbolName(colon) !== ':' || type === undefined || more.length > 0)
    return undefined;
  return { name, type, mutable, default: value };
}
