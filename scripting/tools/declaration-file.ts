/** The declarations beside a script: `game.d.slu.ts` beside `game.slu`, where TypeScript looks for them. Needs Node. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Manifest } from '../image/index.ts';
import { declarations } from './declarations.ts';

export const declarationFile = (script: string): string => script.replace(/\.slu$/, '.d.slu.ts');

/**
 * Brings the file up to date with a program that compiles, and says whether its text has changed; otherwise nothing is written, so
 * that nobody who watches it is woken.
 */
export async function writeDeclarations(script: string, manifest: Manifest): Promise<boolean> {
  const file = declarationFile(script);
  const text = declarations(manifest, basename(script));
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false;
  await writeFile(file, text);
  return true;
}
