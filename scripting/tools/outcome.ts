/** How running a script ends, for the command line: in an exit code, and in words on standard error. */
import { LinkError, ScriptError } from '../machine/index.ts';
import type { Source } from '../syntax/index.ts';
import { FAILED, REFUSED, type Streams } from './command.ts';
import { renderScriptError } from './run-error.ts';

/**
 * Runs `body`, which returns an exit code; what a script does wrong meanwhile is told and returns another. `advice` is what the command
 * can say about an error besides.
 */
export async function reportingErrors(
  sources: readonly Source[],
  streams: Streams,
  body: () => Promise<number>,
  advice: (error: ScriptError | LinkError) => string = () => '',
): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof LinkError) {
      streams.error(`${error.message}${advice(error)}\n`);
      return REFUSED;
    }
    if (!(error instanceof ScriptError)) throw error;
    streams.error(`${renderScriptError(error, sources)}${advice(error)}\n`);
    return FAILED;
  }
}
