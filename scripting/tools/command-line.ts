/**
 * The `sluice` command. Exit codes: 0 all is well, 1 the script does not compile (or the command makes no sense), 2 the
 * script, or a test in it, failed while it ran. What a script prints goes to standard output, everything else to standard error.
 */
import { checkCommand } from './check.ts';
import { type Command, OK, REFUSED, type Streams } from './command.ts';
import { expandCommand } from './expand.ts';
import { newCommand } from './new.ts';
import { UsageError } from './options.ts';
import { playCommand } from './play.ts';
import { profileCommand } from './profile.ts';
import { runCommand } from './run.ts';
import { testCommand } from './test.ts';
import { typesCommand } from './types.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  run: runCommand,
  check: checkCommand,
  test: testCommand,
  expand: expandCommand,
  types: typesCommand,
  play: playCommand,
  profile: profileCommand,
  new: newCommand,
};

const HELP = `Sluice: scripts for browser games, compiled to WebAssembly.

Usage: sluice COMMAND ...

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`)
  .join('\n')}

\`sluice COMMAND --help\` says more.
Exit codes: 0 all is well, 1 a script does not compile, 2 a script failed while it ran.
`;

/** Runs a command line and returns its exit code. Throws only where the tools themselves are broken. */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? streams.error : streams.out)(HELP);
    return name === undefined ? REFUSED : OK;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    streams.error(`sluice has no command \`${name}\`; it has ${Object.keys(COMMANDS).join(', ')}\n`);
    return REFUSED;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    streams.out(command.help);
    return OK;
  }
  try {
    return await command.run(rest, streams);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.error(`sluice: ${error.message}\n`);
    return REFUSED;
  }
}
