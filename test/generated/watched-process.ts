/** The process that `watched.ts` watches. */
import { once } from 'node:events';
import { type Compiler, remembering } from './run.ts';
import { search } from './search.ts';
import type { Order, Report } from './watched.ts';

const [order] = (await once(process, 'message')) as [Order];
const tell = (report: Report): unknown => process.send?.(report);

let current = order.seed;

const compile = remembering();

/** What is compiled to make a finding small counts by itself. */
const compiler: Compiler = (sources, options) => {
  tell({ kind: 'begins', seed: current });
  while (current === order.endlessAt);
  return compile(sources, options);
};

const result = await search({
  ...order,
  compiler,
  onProgram: (seed) => {
    current = seed;
    tell({ kind: 'begins', seed });
  },
  onFinding: (finding, seed) => tell({ kind: 'found', seed, finding }),
  progress: (result) => tell({ kind: 'so-far', result }),
});
tell({ kind: 'all', result });
