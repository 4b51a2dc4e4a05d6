/** Whether a program that was compiled edit by edit is what it would be if all of it were compiled at once. */
import { Pictures, stageHost } from '../../../engine/pictures/index.ts';
import { profileHost } from '../../../engine/profile/index.ts';
import { Meanings } from '../../../scripting/emit/code-digest.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { type Func, type Program, visit } from '../../../scripting/ir/index.ts';
import { usesOf } from '../../../scripting/lower/uses.ts';
import { Machine, ScriptError } from '../../../scripting/machine/index.ts';
import { render, Source, type Span } from '../../../scripting/syntax/index.ts';
import {
  type Analysis,
  analyse,
  compile,
  KeptSources,
  Recompiler,
  type RecompilerRule,
} from '../../../scripting/tools/index.ts';
import { runProgram } from '../../conformance/program.ts';
import { Random } from '../../generated/random.ts';
import { HEAP_BYTES } from '../emit/printed/effects.ts';
import { edited, type Texts } from './edited-texts.ts';

interface Outcome {
  /** What is not as it should be; undefined where all is. */
  readonly difference: string | undefined;
  /** The texts before the edit that made it so, and after. */
  readonly texts: readonly Texts[];
  /** How many edits were compiled by themselves. */
  readonly incremental: number;
}

/** Edits a program so many times, now and then back to what it was before; ends where something differs. */
export function editAndCompare(
  texts: Texts,
  { seed, edits }: { readonly seed: number; readonly edits: number },
): Outcome {
  const random = new Random(seed);
  const compiler = new Compared();
  let incremental = 0;
  let now = texts;
  let good = texts;
  compiler.compile(now);
  for (let i = 0; i < edits; i++) {
    const before = now;
    now = random.chance(0.1) ? good : edited(now, random);
    const { difference, isRight, wasIncremental } = compiler.compile(now);
    if (wasIncremental) incremental += 1;
    if (difference !== undefined) return { difference, texts: [before, now], incremental };
    // Most of what is written is right.
    if (isRight) good = now;
    else now = good;
  }
  return { difference: undefined, texts: [], incremental };
}

/** What is not as it should be after the last of these versions. */
export function compareVersions(versions: readonly Texts[], without?: RecompilerRule): string | undefined {
  const compiler = new Compared(without);
  return versions.map((texts) => compiler.compile(texts).difference).at(-1);
}

/** What differs where a game is reloaded with each of these versions, compiled edit by edit and each by itself. */
export async function compareReloads(versions: readonly Texts[]): Promise<string | undefined> {
  const compiler = new Recompiler({ heap: HEAP_BYTES });
  const kept = new KeptSources();
  const images: Image[] = [];
  const whole: Image[] = [];
  for (const texts of versions) {
    const made = await compiler.compile(sourcesOf(texts, kept));
    const expected = await compile(sourcesOf(texts), { mode: 'development', heap: HEAP_BYTES });
    const [said, due] = [made, expected].map(({ diagnostics }) => diagnostics.map(render).join('\n'));
    if (said !== due) return `said:\n${said}\ninstead of:\n${due}`;
    if (made.image === undefined || expected.image === undefined) continue;
    images.push(made.image);
    whole.push(expected.image);
  }
  compiler.dispose();
  const [did, due] = [await reload(images), await reload(whole)];
  return did === due ? undefined : `${did}\ninstead of\n${due}`;
}

/** What a game does that is started, and then reloaded with each further image, with two frames of each. */
async function reload([first, ...others]: readonly Image[]): Promise<string> {
  let log = '';
  const machine = await Machine.create(first as Image, {
    host: { ...stageHost(new Pictures()), ...profileHost() },
    onFailure: ({ error }) => {
      log += `${error.message} ${JSON.stringify(error.trace)}\n`;
    },
    output: (text) => {
      log += text;
    },
  });
  const play = (): void => {
    for (let frame = 0; frame < 2; frame++) {
      machine.step(1);
      machine.resetFrame();
    }
    log += `${machine.verify() ?? ''}\n`;
  };
  if (machine.exports('start')) machine.call('start');
  play();
  for (const image of others) {
    const outcome = machine.replace(await machine.prepare(image));
    log += `${JSON.stringify(outcome)}\n`;
    play();
  }
  return log;
}

/** A compiler that goes from edit to edit, beside one that begins anew each time. */
class Compared {
  readonly #compiler: Recompiler;
  readonly #kept = new KeptSources();

  constructor(without?: RecompilerRule) {
    this.#compiler = new Recompiler(without === undefined ? {} : { without });
  }

  compile(texts: Texts) {
    const made = this.#compiler.analyse(sourcesOf(texts, this.#kept));
    const { wasIncremental } = this.#compiler;
    // Of a program that was compiled anew there is nothing to compare.
    const fresh = [...texts].map(([name, text]) => new Source(name, text));
    const difference = wasIncremental
      ? differenceOf(made, analyse(fresh, { mode: 'development' }))
      : undefined;
    return { difference, isRight: made.program !== undefined, wasIncremental };
  }
}

/** Edits a program as above, and runs what comes out of each edit; ends where it does something else than the whole program. */
export async function editAndRun(
  texts: Texts,
  { seed, edits }: { readonly seed: number; readonly edits: number },
): Promise<Outcome> {
  const random = new Random(seed);
  const compiler = new Recompiler({ heap: HEAP_BYTES });
  const kept = new KeptSources();
  let incremental = 0;
  let now = texts;
  try {
    await compiler.compile(sourcesOf(now, kept));
    for (let i = 0; i < edits; i++) {
      const before = now;
      const next = edited(now, random);
      const { image } = await compiler.compile(sourcesOf(next, kept));
      if (image === undefined) continue;
      now = next;
      if (!compiler.wasIncremental) continue;
      incremental += 1;
      const whole = await compile(sourcesOf(now), { mode: 'development', heap: HEAP_BYTES });
      const [did, expected] = [await run(image), await run(whole.image as Image)];
      if (did === expected || did === undefined || expected === undefined) continue;
      const difference = `${did}\ninstead of\n${expected}`;
      return { difference, texts: [before, now], incremental };
    }
    return { difference: undefined, texts: [], incremental };
  } finally {
    compiler.dispose();
  }
}

function sourcesOf(texts: Texts, kept?: KeptSources): readonly Source[] {
  return [...texts].map(([name, text]) => kept?.source(name, text) ?? new Source(name, text));
}

/** What a program prints, and how it ends: with its trace, which says where each function was. Undefined where its time is up. */
async function run(image: Image): Promise<string | undefined> {
  let output = '';
  try {
    const machine = await Machine.create(image, {
      host: { ...stageHost(new Pictures()), ...profileHost() },
      timeLimit: 500,
      onFailure: ({ error }) => {
        output += `${error.message} ${JSON.stringify(error.trace)}\n`;
      },
      output: (text) => {
        output += text;
      },
    });
    runProgram(machine, image);
    return `${output}${machine.verify() ?? ''}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/ran longer than/.test(error.message)) return undefined;
    const frames = error instanceof ScriptError ? JSON.stringify([error.position, error.trace]) : '';
    // What the host lacks is told in the order in which it was asked for first.
    const message = error.message.split('\n').sort().join('\n');
    return `${output}${message} ${frames}`;
  }
}

/** What a program lacks of another, or has otherwise. Of what nothing uses it may have more. */
function differenceOf(made: Analysis, whole: Analysis): string | undefined {
  const [said, expected] = [made, whole].map(({ diagnostics }) => diagnostics.map(render).join('\n'));
  if (said !== expected) return `said:\n${said}\ninstead of:\n${expected}`;
  if (made.program === undefined || whole.program === undefined)
    return made.program === whole.program ? undefined : 'one is refused';
  return differenceOfPrograms(made.program, whole.program);
}

function differenceOfPrograms(made: Program, whole: Program): string | undefined {
  const [meanings, expected] = [new Meanings(made), new Meanings(whole)];
  const isNamed = new Set(whole.exports.map(({ key }) => key));
  for (const func of whole.functions.values())
    for (const use of made.functions.has(func.key) ? usesOf(func) : []) {
      if (use.kind === 'call') isNamed.add(use.key);
      if (use.kind === 'value') isNamed.add(whole.table[use.slot] as string);
    }
  for (const [key, func] of whole.functions) {
    const own = made.functions.get(key);
    // It may have been asked for to no purpose.
    if (own === undefined && !isNamed.has(key)) continue;
    if (own === undefined) return `there is no ${key}`;
    // What is the library's alone, nobody edits.
    if (/^(prelude|sluice)\./.test(key) && !key.includes(' with ')) continue;
    if (meanings.own(key) !== expected.own(key)) return `${key} does something else`;
    // What the compiler itself makes stands where it came by it first, which hangs on what was written before.
    if (/^\S+ of /.test(key)) continue;
    const [places, expectedPlaces] = [placesIn(own), placesIn(func)];
    if (places !== expectedPlaces) return `places in ${key}:\n${places}\ninstead of:\n${expectedPlaces}`;
  }
  for (const key of made.functions.keys())
    if (!whole.functions.has(key) && key !== 'sluice:gone') return `there is ${key}`;
  const parts = (program: Program): Record<string, readonly string[]> => ({
    globals: program.globals.map(({ key, type, cells, initializer, mutable }) =>
      JSON.stringify({ key, type, cells, initializer, mutable }),
    ),
    exports: program.exports.map(({ name, key, params }) => `${name} ${key} ${params.map((p) => p.name)}`),
    externs: program.externs.map(
      ({ module, name, params }) => `${module} ${name} ${params.map((p) => p.name)}`,
    ),
    types: program.types.map(({ name, kind, size, stride }) => `${kind} ${name} ${size} ${stride}`),
    kept: program.kept.types.map((type) => JSON.stringify(type)),
    handles: program.kept.handles,
    table: program.table.flatMap((key, i) =>
      program === made || isNamed.has(key) ? `${key} : ${program.kept.tableTypes[i]}` : [],
    ),
    arrangements: [...program.kept.arrangements].map((one) => JSON.stringify(one)),
  });
  const [has, needs] = [parts(made), parts(whole)];
  for (const [name, items] of Object.entries(needs)) {
    const own = new Set(has[name]);
    const lacking = items.filter((item) => !own.has(item));
    if (lacking.length > 0)
      return `of ${name} it lacks ${lacking.join(', ')}\nit has:\n${[...own].join('\n')}`;
  }
  const extra = made.globals.filter(({ key }) => !whole.globals.some((global) => global.key === key));
  if (extra.length > 0) return `there are globals ${extra.map(({ key }) => key).join(', ')}`;
  // The compiler's and the library's own come in the order in which they were needed first.
  const isWritten = ({ name }: Program['globals'][number]): boolean => name.startsWith('*');
  const order = (program: Program): string =>
    program.globals
      .flatMap((g) => (isWritten(g) && whole.globals.some((o) => o.key === g.key) ? g.key : []))
      .join(' ');
  if (order(made) !== order(whole)) return `globals in the order ${order(made)} instead of ${order(whole)}`;
  const rest = ({ layers, controls, stages, asked }: Program): string =>
    JSON.stringify([layers, controls, stages, asked === undefined ? undefined : placeOf(asked)]);
  return rest(made) === rest(whole) ? undefined : `${rest(made)}\ninstead of\n${rest(whole)}`;
}

/** The places that a function's statements and expressions have in the text. */
function placesIn({ body, span }: Func): string {
  const places = [placeOf(span)];
  const note = (node: object): void => {
    for (const part of [node, 'call' in node ? (node.call as object) : {}])
      if ('span' in part) places.push(placeOf(part.span as Span));
  };
  visit(body, note, note);
  return places.join(' ');
}

function placeOf({ source, start }: Span): string {
  const { line, column } = source.position(start);
  return `${source.name}:${line}:${column}`;
}
