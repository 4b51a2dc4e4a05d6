/** Where the benchmarks' programs lie: one name, one file for each language. */
import { fileURLToPath } from 'node:url';

export function programFile(file: string): string {
  return fileURLToPath(new URL(`../programs/${file}`, import.meta.url));
}

/** The exported functions of a program in JavaScript. */
export async function loadJavaScript<T>(name: string): Promise<T> {
  return (await import(new URL(`../programs/${name}.js`, import.meta.url).href)) as T;
}
