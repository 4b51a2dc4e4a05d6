/**
 * A conformance program: a script whose comments say what it must do.
 *
 *     (println (+ 1 2))         ; expect: 3            a line of output, in the order of the file
 *     (+ 1 "two")               ; error: type-mismatch  a compile error of that code on this line
 *     (pub defn f (x) x)        ; warning: missing-signature  a warning; the program runs all the same
 *     (nth [1 2 3] 99)          ; fails: index 99       a run-time error on this line that says so
 *
 * Where a line prints more than once, the further expectations stand in comments below it. A program with `error:`
 * comments must have exactly those errors and is not run. One with a `fails:` comment ends there.
 *
 * A comment line `; no stress: why` spares a long program the run with a collection at every allocation.
 *
 * A folder that holds a `main.slu` is one program, and the other files are its modules: what `main.slu` prints counts, and
 * the errors of all.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Image } from '../../scripting/image/index.ts';
import type { Machine } from '../../scripting/machine/index.ts';
import { Source } from '../../scripting/syntax/index.ts';

export interface Conformance {
  /** The main script, whose comments say what happens. */
  readonly source: Source;
  /** The modules beside it. */
  readonly modules: readonly Source[];
  /** Everything it prints. */
  readonly output: string;
  /** `line: code`, in the order of lines and codes; those in modules have the module's name before them. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** False for a program that would take too long with a collection at every allocation; it says why. */
  readonly stressed: boolean;
  readonly failure: { readonly line: number; readonly text: string } | undefined;
}

const EXPECTATION = /;\s*(expect|error|warning|fails):(?: (.*))?$/;

export function readConformance(name: string, text: string, modules: readonly Source[] = []): Conformance {
  const output: string[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  let failure: Conformance['failure'];
  for (const [i, line] of text.split('\n').entries()) {
    const [, kind, value = ''] = EXPECTATION.exec(line) ?? [];
    if (kind === 'expect') output.push(`${value}\n`);
    // Several errors of one line are separated by commas.
    const codes = () =>
      value
        .split(/, */)
        .sort()
        .map((code) => `${i + 1}: ${code.trim()}`);
    if (kind === 'error') errors.push(...codes());
    if (kind === 'warning') warnings.push(...codes());
    if (kind === 'fails') failure = { line: i + 1, text: value };
  }
  const stressed = !/^; no stress: ./m.test(text);
  for (const module of modules)
    errors.push(
      ...readConformance(module.name, module.text).errors.map((error) => `${module.name} ${error}`),
    );
  return {
    source: new Source(name, text),
    modules,
    output: output.join(''),
    errors,
    warnings,
    failure,
    stressed,
  };
}

/** All programs of a folder and the folders in it, by name. */
export function conformancePrograms(folder: string): Conformance[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.slu'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const programs = names.filter((name) => name.endsWith('/main.slu')).map((name) => posix.dirname(name));
  const isModule = (name: string) =>
    !name.endsWith('/main.slu') && programs.some((program) => name.startsWith(`${program}/`));
  return names
    .filter((name) => !isModule(name))
    .map((name) => {
      const own = name.endsWith('/main.slu') ? `${posix.dirname(name)}/` : undefined;
      const modules = names.filter((other) => own !== undefined && other !== name && other.startsWith(own));
      return readConformance(
        name,
        text(name),
        modules.map((module) => new Source(module, text(module))),
      );
    });
}

/** What a program with `frame` or behaviours gets after its `main`. */
const FRAMES = 3;
const SECONDS = 0.5;

/** Calls a program's `main`, if it has one, and gives it its frames. */
export function runProgram(machine: Machine, { manifest }: Image): void {
  if (machine.exports('main')) machine.call('main');
  const hasFrames = machine.exports('frame') || manifest.stages.length > 1;
  for (let frame = 0; hasFrames && frame < FRAMES; frame += 1) {
    machine.step(SECONDS);
    machine.resetFrame();
  }
}
