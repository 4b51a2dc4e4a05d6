/** `(deftest "name" ...)`: a function without parameters that only a test run calls. */

import { type ListForm, printString } from '../../syntax/index.ts';
import { functionOf, UNIT } from '../model/index.ts';
import type { Declarations } from './declarations.ts';

/** Its body is checked in every build, so that one that is wrong does not wait for a test run to be found. */
export function declareTest(declarations: Declarations, form: ListForm): void {
  const { cx, module } = declarations;
  const [, name, ...body] = form.items;
  if (name?.kind !== 'string' || body.length === 0) {
    cx.malformed(form, 'deftest', '(deftest "what must hold" (check e) ...)');
    return;
  }
  const same = cx.tests.find((test) => test.name === name.value && test.function.module === module);
  if (same !== undefined)
    cx.error('duplicate-definition', name, `there are two tests called "${name.value}"`, {
      notes: [{ message: 'this is the other one', span: same.function.nameSpan }],
    });
  const title = `test ${printString(name.value)}`;
  const entry = declarations.functionEntry(form, title, name.span, [], body, false, true);
  entry.scheme = { parameters: [], constraints: [], type: functionOf([], UNIT) };
  entry.declared = true;
  cx.functions.push(entry);
  cx.tests.push({ name: name.value, function: entry });
}
