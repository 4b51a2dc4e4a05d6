/** The suite is whole: every form, every name that is always in scope, and every diagnostic code has a program. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Diagnostics, read, type Source } from '../../scripting/syntax/index.ts';
import { ALL_CODES, FORMS, FUNCTIONS, headsIn, symbolsIn, TYPES } from './language.ts';
import { conformancePrograms } from './program.ts';

const programs = conformancePrograms(fileURLToPath(new URL('.', import.meta.url)));
const forms = programs
  .filter(({ errors }) => errors.length === 0)
  .flatMap(({ source, modules }): readonly Source[] => [source, ...modules])
  .flatMap((source) => read(source, new Diagnostics()));

it('every form is used by a program that runs', () => {
  const used = headsIn(forms);
  expect(FORMS.filter((name) => !used.has(name))).toEqual([]);
});

it('every function of the prelude is called by a program that runs', () => {
  const used = symbolsIn(forms);
  expect(FUNCTIONS.filter((name) => !used.has(name))).toEqual([]);
});

it('every type and class of the prelude is named by a program that runs', () => {
  const used = symbolsIn(forms);
  expect(TYPES.filter((name) => !used.has(name))).toEqual([]);
});

/** It takes a program that keeps the compiler busy for seconds; `unit/regions/words.test.ts` has a smaller bound instead. */
const ELSEWHERE = ['arena-tangled'];

it('every diagnostic has a program that gets it', () => {
  const codes = programs.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  const found = new Set([...ELSEWHERE, ...codes.map((line) => line.slice(line.lastIndexOf(' ') + 1))]);
  expect(ALL_CODES.filter((code) => !found.has(code))).toEqual([]);
});

it('every program is in the tour', () => {
  const tour = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const names = programs
    .map(({ source }) => source.name.replace(/\.slu$|main\.slu$/, ''))
    .filter((name) => !/^(errors|failures|programs)\//.test(name));
  expect(names.filter((name) => !tour.includes(`\`${name}\``))).toEqual([]);
});
