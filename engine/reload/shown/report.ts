/** What became of new code, in a sentence. */
import type { ReloadReport } from '../../../scripting/image/index.ts';

export function reportSentence(report: ReloadReport): string {
  const { outcome, reason, changed, notes, frame, compiled, prepared, swapped } = report;
  const what = {
    replaced: 'New code runs',
    restarted: 'The scene was restarted',
    refused: 'The new code was refused',
  }[outcome];
  const why = reason === undefined ? '' : `: ${reason}`;
  const files = changed.length > 0 ? ` (${changed.join(', ')})` : '';
  const steps = `compiled ${whole(compiled)}, prepared ${whole(prepared)}, swapped ${whole(swapped)}`;
  return [`${what} from frame ${frame} on${files}${why}`, ...notes, steps].join('; ');
}

const whole = (milliseconds: number): string => `${Math.round(milliseconds)} ms`;
