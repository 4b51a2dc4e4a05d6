/**
 * The order in which behaviours run: that of their definitions, but where `:before` or `:after` says otherwise.
 *
 *     (behave Ball (b dt) :after Spark ...)     1 after 2 and 4
 *     (behave Spark (s dt) ...)                 2
 *     (behave Wall (w dt) ...)                  3
 *     (behave Spark (s dt) ...)                 4
 *
 * They run as 2, 3, 4, 1: of those that wait for nobody any more, the one that is defined first is next (Kahn 1962, "Topological sorting
 * of large networks").
 */

import type { Behaviour, Inference } from '../solving/index.ts';

/** One behaviour that comes before another, as the text of one of them says. */
interface Precedence {
  readonly first: Behaviour;
  readonly second: Behaviour;
  readonly order: Behaviour['orders'][number];
}

/** The behaviours as they run. Those that wait for one another are reported, and left in the order of their definitions. */
export function orderBehaviours(cx: Inference): readonly Behaviour[] {
  const all = precedences(cx.behaviours);
  const left = [...cx.behaviours];
  const sorted: Behaviour[] = [];
  while (left.length > 0) {
    const next = left.findIndex(
      (behaviour) => !all.some(({ first, second }) => second === behaviour && left.includes(first)),
    );
    if (next < 0) {
      rejectCircle(cx, left, all);
      return cx.behaviours;
    }
    sorted.push(...left.splice(next, 1));
  }
  return sorted;
}

function precedences(behaviours: readonly Behaviour[]): readonly Precedence[] {
  return behaviours.flatMap((behaviour) =>
    behaviour.orders.flatMap((order) =>
      behaviours
        .filter((other) => other !== behaviour && other.entity !== undefined && other.entity === order.entity)
        .map((other): Precedence => {
          const [first, second] = order.kind === 'before' ? [behaviour, other] : [other, behaviour];
          return { first, second, order };
        }),
    ),
  );
}

/** Each of those that are left waits for another of them, so that going on to what one waits for leads in a circle. */
function rejectCircle(cx: Inference, left: readonly Behaviour[], all: readonly Precedence[]): void {
  const path: Precedence[] = [];
  let at = left[0];
  for (;;) {
    const step = all.find(({ first, second }) => second === at && left.includes(first));
    if (step === undefined) throw new Error('what waits for nobody is not left');
    const begun = path.findIndex(({ second }) => second === step.second);
    if (begun >= 0) {
      report(cx, path.slice(begun));
      return;
    }
    path.push(step);
    at = step.first;
  }
}

function report(cx: Inference, circle: readonly Precedence[]): void {
  const orders = [...new Set(circle.map(({ order }) => order))];
  const [last, ...others] = orders.sort((a, b) => b.span.start - a.span.start);
  if (last === undefined) return;
  cx.error('circular-order', last.span, 'these behaviours would have to run before one another', {
    hint: 'without one of the `:before` and `:after` they have an order',
    notes: others.map(({ span }) => ({ message: 'this is said too', span })),
  });
}
