/**
 * The language reference is true and whole: its examples give what they say, its types are the compiler's, and every
 * form, function, type and diagnostic has an entry. `SLUICE_UPDATE=1 npx vitest run test/reference` writes types and the
 * library's own documentation into the tables.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Pictures, stageHost } from '../../engine/pictures/index.ts';
import { profileHost } from '../../engine/profile/index.ts';
import { Machine } from '../../scripting/machine/index.ts';
import { CODES, render } from '../../scripting/syntax/index.ts';
import { FILES } from '../../scripting/tools/files.ts';
import { compile } from '../../scripting/tools/index.ts';
import { ALL_CODES, FORMS, FUNCTIONS, MODULE_NAMES, symbolsIn, TYPES } from '../conformance/language.ts';
import { type Page, readPage } from './page.ts';
import { signatures } from './signatures.ts';

const FOLDER = new URL('../../scripting/reference/', import.meta.url);
const known = signatures();
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

if (process.env.SLUICE_UPDATE === '1')
  for (const name of names) {
    const file = new URL(name, FOLDER);
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').map(updated).join('\n'));
  }

const pages: readonly Page[] = names.map((name) =>
  readPage(name, readFileSync(new URL(name, FOLDER), 'utf8')),
);

/** A table's line with the type and the text that the compiler and the library have for it. */
function updated(line: string): string {
  const [row] = readPage('', line).rows;
  const [name = ''] = row?.names ?? [];
  if (row === undefined) return line;
  if (row.names.length === 1 && name in CODES)
    return `| \`${name}\` | ${CODES[name as keyof typeof CODES]} |`;
  const entry = known.get(name);
  if (entry === undefined || row.type === undefined) return line;
  const text = row.names.length === 1 ? (entry.documentation ?? row.text) : row.text;
  return `| ${row.names.map((n) => `\`${n}\``).join(', ')} | \`${entry.type}\` | ${text} |`;
}

const rows = pages.flatMap((page) => page.rows);
const entries = new Set(rows.flatMap((row) => row.names));

describe('every entry is there:', () => {
  it.each([
    ['forms', FORMS],
    ['functions', FUNCTIONS],
    ['types and classes', TYPES],
    ['names of library modules', MODULE_NAMES],
    ['diagnostics', ALL_CODES],
  ])('%s', (_, wanted) => {
    expect(wanted.filter((name) => !entries.has(name))).toEqual([]);
  });

  it('each form and function with an example that runs', () => {
    const used = symbolsIn(pages.flatMap((page) => page.forms));
    expect([...FORMS, ...FUNCTIONS].filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('every entry is true:', () => {
  it('types are the compiler’s', () => {
    const functions = new Set([...FUNCTIONS, ...MODULE_NAMES]);
    // A name may be a form or type besides; then it has two entries.
    for (const { names: own, type } of rows)
      for (const name of own.filter((n) => functions.has(n)))
        if (type !== undefined) expect({ name, type }).toEqual({ name, type: known.get(name)?.type });
    const typed = new Set(rows.filter(({ type }) => type !== undefined).flatMap((row) => row.names));
    expect(FUNCTIONS.filter((name) => !typed.has(name))).toEqual([]);
  });

  it('texts are the library’s own, where it has them', () => {
    for (const { names: own, type, text } of rows) {
      const [name = ''] = own;
      const said = type !== undefined && own.length === 1 ? known.get(name)?.documentation : undefined;
      if (said !== undefined) expect({ name, text }).toEqual({ name, text: said });
      if (type === undefined && name in CODES)
        expect({ name, text }).toEqual({ name, text: CODES[name as keyof typeof CODES] });
    }
  });
});

describe('the examples give what they say:', () => {
  it.each(pages.map((page) => [page.name, page] as const))('%s', async (_, { program, output }) => {
    const { image, diagnostics } = await compile([program], { mode: 'development' });
    if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
    let printed = '';
    await Machine.create(image, {
      host: { ...FILES, ...stageHost(new Pictures()), ...profileHost() },
      output: (text) => {
        printed += text;
      },
    });
    expect(printed).toBe(output);
  });
});
