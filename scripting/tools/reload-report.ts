/** What became of new code in a page, as one line for the terminal. It came from a page: nothing in it is believed. */
import type { ReloadReport } from '../image/index.ts';

/** A page may say anything. */
type Told = { readonly [name in keyof ReloadReport]?: unknown };

const OUTCOMES: ReadonlySet<unknown> = new Set<ReloadReport['outcome']>(['replaced', 'restarted', 'refused']);

/** Longer ones are of no use in a terminal. */
const LONGEST = 400;

/**
 *     game.slu: replaced before frame 812: parts/deep.slu changed; compiled 84 ms, prepared 12 ms, swapped 3 ms
 *
 * Undefined where that is no report of a script that is known.
 */
export function reportLine(message: unknown, isKnown: (script: string) => boolean): string | undefined {
  const { script, report } = asObject(message) as { readonly script?: unknown; readonly report?: unknown };
  if (typeof script !== 'string' || !isKnown(script)) return undefined;
  const { outcome, reason, changed, notes, frame, compiled, prepared, swapped } = asObject(report) as Told;
  if (!OUTCOMES.has(outcome)) return undefined;
  const why = typeof reason === 'string' ? `, because ${reason}` : '';
  const files = texts(changed);
  const steps = Object.entries({ compiled, prepared, swapped })
    .filter(([, time]) => typeof time === 'number')
    .map(([name, time]) => `${name} ${Math.round(time as number)} ms`);
  const parts = [files.length > 0 && `${files.join(', ')} changed`, ...texts(notes), steps.join(', ')];
  const line = `${script}: ${outcome} before frame ${Number(frame)}${why}: ${parts.filter(Boolean).join('; ')}`;
  return plain(line).slice(0, LONGEST);
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];

/** Without what a terminal takes for a command. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ');
