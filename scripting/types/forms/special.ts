/** The special forms that are expressions. A program's own definition of such a name goes before. */

import type { ExpressionFormName, ListForm } from '../../syntax/index.ts';
import type { Module, Scope, Type, TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { copyOut, outside, withArena, withoutCollection } from './arena.ts';
import { arrayForm, buildArrayForm, makeArrayForm, mapArrayForm } from './array.ts';
import { lambda, letForm } from './binding.ts';
import { tupleForm } from './construct.ts';
import {
  andForm,
  annForm,
  condForm,
  doForm,
  ifForm,
  orForm,
  returnForm,
  unlessForm,
  unsafeForm,
  whenForm,
} from './control.ts';
import { countEntities, findEntity, firstEntity, forEntities } from './entities.ts';
import { emitForm } from './events.ts';
import { formatForm } from './format.ts';
import { afterForm, everyForm } from './later.ts';
import { letrecForm } from './local-functions.ts';
import {
  breakForm,
  continueForm,
  dotimesForm,
  forEachForm,
  forForm,
  unwatchedWhile,
  whileForm,
} from './loop.ts';
import { dequeForm, listForm, mutMapForm, mutSetForm, priorityQueueForm, setOfForm } from './map.ts';
import { ifLetForm, matchForm, whenLetForm } from './match.ts';
import { unequal } from './operator.ts';
import {
  addTo,
  decrement,
  divideBy,
  increment,
  multiplyBy,
  setForm,
  subtractFrom,
  updateForm,
} from './place.ts';
import { takeForm } from './take.ts';

export type SpecialForm = (
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
) => TypedExpression;

const FORMS: Readonly<Record<ExpressionFormName, SpecialForm>> = {
  let: letForm,
  letrec: letrecForm,
  fn: lambda,
  if: ifForm,
  cond: condForm,
  when: whenForm,
  unless: unlessForm,
  do: doForm,
  and: andForm,
  or: orForm,
  ann: annForm,
  match: matchForm,
  'if-let': ifLetForm,
  'when-let': whenLetForm,
  return: returnForm,
  format: formatForm,
  unsafe: unsafeForm,
  tuple: tupleForm,
  array: arrayForm,
  'make-array': makeArrayForm,
  'build-array': buildArrayForm,
  'map-array': mapArrayForm,
  'mut-map': mutMapForm,
  'mut-set': mutSetForm,
  set: setOfForm,
  list: listForm,
  deque: dequeForm,
  'priority-queue': priorityQueueForm,
  '!=': unequal,
  'set!': setForm,
  'inc!': increment,
  'dec!': decrement,
  '+=': addTo,
  '-=': subtractFrom,
  '*=': multiplyBy,
  '/=': divideBy,
  'take!': takeForm,
  update: updateForm,
  while: whileForm,
  for: forForm,
  dotimes: dotimesForm,
  'for-each': forEachForm,
  'for-entities': forEntities,
  'count-entities': countEntities,
  'first-entity': firstEntity,
  'find-entity': findEntity,
  emit: emitForm,
  after: afterForm,
  every: everyForm,
  break: breakForm,
  continue: continueForm,
  'with-arena': withArena,
  outside: outside,
  'copy-out': copyOut,
  'without-collection': withoutCollection,
};

const SPECIAL_FORMS: ReadonlyMap<string, SpecialForm> = new Map(Object.entries(FORMS));

/** Forms of the library's own, which a program does not see. */
const LIBRARY_FORMS: ReadonlyMap<string, SpecialForm> = new Map([['%while', unwatchedWhile]]);

/** The special form that a name begins in a module. */
export function specialForm(name: string, module: Module): SpecialForm | undefined {
  return SPECIAL_FORMS.get(name) ?? (module.isUsers ? undefined : LIBRARY_FORMS.get(name));
}
