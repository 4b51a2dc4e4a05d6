/** Code grows with what is written, not faster: tables of a game's data are long. */
import { expect, test } from 'vitest';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

const rows = (n: number, row: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => row(i)).join(' ');

const TABLES: Readonly<Record<string, (n: number) => string>> = {
  structs: (n) =>
    `(defstruct Row (name : String) (hp : i64)) (defglobal *rows* : (Vector Row) [${rows(n, (i) => `(Row "row ${i}" ${i})`)}])
     (pub defn run () : i64 (len *rows*))`,
  'a mutable vector of variants': (n) =>
    `(deftype Item (Gold i64) (Key String)) (defglobal *items* : (MutVec Item) (mut-vec ${rows(n, (i) => `(Gold ${i})`)}))
     (pub defn run () : i64 (len *items*))`,
  texts: (n) =>
    `(defglobal *texts* : (Vector String) [${rows(n, (i) => `"text ${i}"`)}]) (pub defn run () : i64 (len *texts*))`,
};

test.each(['development', 'release'] as const)(
  'a table of twice as many rows is twice the code, %s',
  async (mode) => {
    for (const [name, table] of Object.entries(TABLES)) {
      const size = async (n: number): Promise<number> => {
        const { image, diagnostics } = await compile([new Source('table.slu', table(n))], { mode });
        if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
        return image.wasm.length;
      };
      const [few, some, many] = [await size(20), await size(120), await size(220)];
      expect((many - some) / (some - few), name).toBeLessThan(1.5);
    }
  },
);
