/** Runs a program, and looks at what it prints: dropped once, when nobody has a share any more, and not later than the model says. */
import type { RetainRule } from '../../../../scripting/lower/index.ts';
import { logOf, miscounted } from '../owned/search.ts';
import { expected } from './model.ts';
import { type Case, textOf } from './program.ts';

/** What is wrong; undefined where nothing is. */
export async function wrongIn(
  one: Case,
  withoutRetain?: RetainRule,
  stress = 0,
): Promise<string | undefined> {
  const log = await logOf(textOf(one), one.bits, { withoutRetain }, stress);
  if (log === undefined) return 'it is not accepted';
  return typeof log === 'string' ? log : (miscounted(log) ?? late(one, log));
}

function late(one: Case, log: readonly string[]): string | undefined {
  const { printed, latest } = expected(one);
  const before: string[] = [];
  for (const line of log) {
    const id = Number(line.slice(1));
    if (line[0] !== 'd') before.push(line);
    else if (before.length > (latest.get(id) ?? printed.length)) return `${id} is dropped late`;
  }
  return before.join(' ') === printed.join(' ')
    ? undefined
    : `it did ${before.join(' ')}, not ${printed.join(' ')}`;
}
