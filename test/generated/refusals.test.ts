/** Cases that are compiled together are judged each, also where the proof says something that is not of one of them alone. */
import { describe, expect, it } from 'vitest';
import { type Diagnostic, Source, type Span } from '../../scripting/syntax/index.ts';
import { call, nothing, prelude } from './pieces.ts';
import { type Case, type Expression, entry, expression, type Program, type World } from './program.ts';
import { type Compiler, compileAccepted, remembering } from './run.ts';
import { mutableVector, STRING, UNIT } from './type.ts';

const TROUBLE = { name: 'Trouble', params: [], variants: [{ name: 'Lost', fields: [STRING] }] };
const WORLD: World = {
  products: [],
  sums: [TROUBLE],
  methods: [],
  functions: [],
  apart: false,
  modules: [],
};
const THING = mutableVector(STRING);

function oneCase(index: number, body: Expression): Case {
  const global = { name: `*kept${index}*`, type: THING, frame: false, init: prelude('mut-vec', THING) };
  const step = { name: entry.step(index), params: [], result: UNIT, body };
  return { index, globals: [global], functions: [step], rounds: 1 };
}

const escaping = (index: number): Expression =>
  expression(
    'arena',
    UNIT,
    [expression('set-global', UNIT, [prelude('mut-vec', THING)], { name: `*kept${index}*` })],
    { name: 'inner' },
  );

/**
 * A compiler that tells of the first program one error, at `at`, instead of what the proof has found. Where no text has that, the
 * error is in the prelude's, and only a note of it is in the last step's.
 */
function refusing(code: Diagnostic['code'], at: string): { readonly compiler: Compiler; rounds(): number } {
  const inner = remembering();
  let rounds = 0;
  const compiler: Compiler = async (sources, options) => {
    rounds += 1;
    const compilation = await inner(sources, options);
    if (rounds > 1) return compilation;
    const spanOf = (text: string): Span => {
      const source = sources.find((s) => s.text.includes(text)) ?? new Source('%prelude', text);
      const start = source.text.indexOf(text);
      return { source, start, end: start + text.length };
    };
    const notes = [{ message: 'from here', span: spanOf(entry.step(2)) }];
    const error: Diagnostic = { severity: 'error', code, message: 'refused', span: spanOf(at), notes };
    return { ...compilation, diagnostics: [error] };
  };
  return { compiler, rounds: () => rounds };
}

const program: Program = {
  world: WORLD,
  cases: [oneCase(0, escaping(0)), oneCase(1, nothing), oneCase(2, call(entry.step(1), UNIT))],
};

describe('what the proof has not judged is compiled anew', () => {
  it('after it has given up', async () => {
    const { compiler, rounds } = refusing('arena-tangled', entry.step(1));
    const alone = { ...program, cases: program.cases.slice(0, 2) };
    const { refused, image } = await compileAccepted(alone, 'development', compiler);
    expect([...refused].sort()).toEqual([0, 1]);
    expect([rounds(), image === undefined]).toEqual([2, false]);
  });

  it('after it has refused what is in no case', async () => {
    const { compiler, rounds } = refusing('arena-store', 'in a text that all share');
    const { refused } = await compileAccepted(program, 'development', compiler);
    expect([...refused].sort()).toEqual([0, 2]);
    expect(rounds()).toBe(2);
  });

  it('but not after it has refused what is in one case', async () => {
    const { compiler, rounds } = refusing('arena-store', entry.step(2));
    const { refused } = await compileAccepted(program, 'development', compiler);
    expect([...refused]).toEqual([2]);
    expect(rounds()).toBe(1);
  });
});
