/** `sluice test FOLDER`: runs the `deftest` forms of scripts and tells what does not hold. */
import type { Source } from '../syntax/index.ts';
import { buildScript } from './build-script.ts';
import { type Command, FAILED, OK, REFUSED, type Streams } from './command.ts';
import { GameImages, imageNames, imagesHelp, unseenStage } from './game-images.ts';
import { type Host, hostHelp, hostHint, hostOption } from './host-file.ts';
import { type Arguments, numberOption, readArguments, UsageError } from './options.ts';
import { reportingErrors } from './outcome.ts';
import { importedFiles, importerOf, programSources } from './program-files.ts';
import { limitHint, renderScriptError } from './run-error.ts';
import { findScripts, readScript } from './script-file.ts';
import { renderCheck, runTests, type TestOutcome, testNames } from './test-run.ts';

/** Milliseconds that one test may run, unless the command says otherwise. */
const DEFAULT_LIMIT = 10_000;

export const testCommand: Command = {
  summary: 'runs the tests in scripts',
  help: `Usage: sluice test [FOLDER or FILE.slu ...] [--filter TEXT] [--host FILE.mjs] [--images DIR]
                   [--release] [--checked] [--limit MS]

Runs the tests that scripts hold, those of every script in a folder and the folders in it (the current folder unless
given). A test is written

  (deftest "damage is taken from hp"
    (let ((orc (Orc :hp 10)))
      (hit! orc 3)
      (check (= (.hp orc) 7))))

A \`check\` that fails is shown with the values that it compared, and the test goes on; a run-time error ends its test.
What a test prints is shown where it fails. Tests of one script run on one machine in the order of the text, so globals
keep what earlier tests left in them. A script of \`deftest\` forms may import those it tests.

  ${hostHelp(18)}
  ${imagesHelp(18)}
  --filter TEXT   only tests whose name contains the text
  --release       optimised, and without looking at the clock
  --checked       tests at run time that nothing outlives its arena and that nothing is used that was freed, and verifies
                  the heap after each test
  --limit MS      ends a test after so many milliseconds (${DEFAULT_LIMIT} unless --release); 0 for no limit

Exit codes: 0 all tests passed, 1 a script does not compile or there is no such test, 2 a test failed.
`,

  async run(args, streams) {
    const read = readArguments('test', args, {
      release: 'flag',
      checked: 'flag',
      limit: 'value',
      host: 'value',
      images: 'value',
      filter: 'value',
    });
    const host = await hostOption(read, undefined);
    const images = new GameImages(read, streams);
    const folders = read.positionals.length === 0 ? ['.'] : read.positionals;
    const files = (await Promise.all(folders.map(findScripts))).flat();
    const total: Tally = { passed: 0, failed: 0, refused: 0 };
    const told = new Set<string>();
    // One after another, so that what is printed stands in the order of the files.
    const programs: Source[][] = [];
    for (const file of new Set(files)) programs.push(await programSources(await readScript(file)));
    const modules = importedFiles(programs);
    for (const sources of programs) {
      if (!sources.some(({ text }) => text.includes('deftest'))) continue;
      const name = sources.at(-1)?.name ?? '';
      // In a folder those that import it are among the programs.
      const isAlone = folders.includes(name);
      const imported = modules.has(name) || (isAlone && (await importerOf(name)) !== undefined);
      await testScript({ sources, imported, host, images }, read, streams, total, told);
    }
    return conclusion(total, folders, read.values.get('filter'), streams);
  },
};

/** How many tests passed and failed, and how many scripts could not be tested. */
interface Tally {
  passed: number;
  failed: number;
  refused: number;
}

/** A script with its modules, and the host that it is tested with. */
interface Tested {
  readonly sources: readonly Source[];
  readonly imported: boolean;
  readonly host: Host;
  readonly images: GameImages;
}

async function testScript(
  { sources, imported, host, images }: Tested,
  args: Arguments,
  streams: Streams,
  total: Tally,
  told: Set<string>,
): Promise<void> {
  const release = args.flags.has('release');
  const limit = numberOption(args, 'limit', 0) ?? (release ? 0 : DEFAULT_LIMIT);
  const timeLimit = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  const checked = args.flags.has('checked');
  const found = await images.of(sources.at(-1)?.name ?? '');
  const options = {
    mode: release ? 'release' : 'development',
    watch: limit !== 0,
    tests: true,
    imported,
    checked,
    ...imageNames(found),
  } as const;
  const image = await buildScript(sources, options, streams, told);
  if (image === undefined) {
    total.refused += 1;
    return;
  }
  const names = testNames(image).filter((name) => name.includes(args.values.get('filter') ?? ''));
  if (names.length === 0) return;
  // The main script comes last.
  streams.out(`${sources.at(-1)?.name}\n`);
  const test = async () => {
    for (const outcome of await runTests(image, names, {
      machine: { ...host, host: { ...host.host, ...unseenStage(found) }, timeLimit },
      verified: checked,
    })) {
      const failure = renderOutcome(outcome, sources);
      if (failure === undefined) total.passed += 1;
      else total.failed += 1;
      streams.out(`  ${failure === undefined ? 'ok   ' : 'FAIL '} ${outcome.name}\n`);
      if (failure !== undefined) streams.out(`${indented(failure, '        ')}\n`);
    }
    return OK;
  };
  const code = await reportingErrors(sources, streams, test, (error) => hostHint(args, error));
  // Its top level failed, or it cannot be linked: no test of it ran.
  if (code !== OK) total.failed += names.length;
}

/** What went wrong in a test; undefined where nothing did. */
function renderOutcome(
  { checks, error, printed }: TestOutcome,
  sources: readonly Source[],
): string | undefined {
  if (checks.length === 0 && error === undefined) return undefined;
  return [
    ...checks.map((check) => renderCheck(check, sources)),
    ...(error === undefined ? [] : [renderScriptError(error, sources) + limitHint(error)]),
    ...(printed === '' ? [] : [`it printed\n${indented(printed.trimEnd(), '  ')}`]),
  ].join('\n');
}

function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

function conclusion(
  { passed, failed, refused }: Tally,
  folders: readonly string[],
  filter: string | undefined,
  streams: Streams,
): number {
  const all = passed + failed;
  if (all === 0 && refused === 0) {
    const which = filter === undefined ? 'holds no tests' : `holds no test with \`${filter}\` in its name`;
    throw new UsageError(
      `${folders.join(', ')} ${which}: they are written \`(deftest "name" (check e) ...)\``,
    );
  }
  if (refused > 0)
    streams.error(`${count(refused, 'script')} with tests ${refused === 1 ? 'does' : 'do'} not compile\n`);
  if (all > 0)
    streams.out(
      failed === 0 ? `${count(passed, 'test')} passed\n` : `${failed} of ${count(all, 'test')} failed\n`,
    );
  if (refused > 0) return REFUSED;
  return failed > 0 ? FAILED : OK;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
