/**
 * A run-time error as text for a terminal, in the manner of a compile error:
 *
 *     game.slu:3:8: error: index 99 is out of range for length 3 [index]
 *       3 | (nth xs 99)
 *         | ^
 *       at pick (game.slu:3:8)
 */
import { ScriptError } from '../machine/index.ts';
import type { Source } from '../syntax/index.ts';

export function renderScriptError(error: ScriptError, sources: readonly Source[]): string {
  const { position } = error;
  if (position === undefined) return `error: ${error.message} [${error.kind}]${trace(error)}`;
  const { file, line, column } = position;
  const head = `${file}:${line}:${column}: error: ${error.message} [${error.kind}]`;
  const source = sources.find(({ name }) => name === file);
  if (source === undefined) return head + trace(error);
  const text = source.line(line);
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const margin = ' '.repeat(String(line).length);
  return `${head}\n  ${line} | ${text}\n  ${margin} | ${indent}^${trace(error)}`;
}

/** What a command with `--limit` says of a program that ran out of time. */
export function limitHint(error: Error): string {
  return error instanceof ScriptError && error.kind === 'fuel'
    ? '\n  hint: `--limit MS` gives it more milliseconds, `--limit 0` takes the limit away'
    : '';
}

function trace(error: ScriptError): string {
  const text = error.printedTrace;
  return text === '' ? '' : `\n${text}`;
}
