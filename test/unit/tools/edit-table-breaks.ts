/** Rows of the table of edits about definitions that are wrong for a while: nothing happens then, and nothing is lost by it. */
import { type Broken, type Cell, type Kind, replaced } from './edited-game.ts';

/** As it was. */
const MENDED = replaced({});

const broken = (changes: Cell['changes'], code: string): Broken => ({ changes, outcome: 'broken', code });

export const BREAKS: Readonly<Record<Kind, { readonly break: Broken; readonly mend: Cell }>> = {
  // What it stores is of an arena where it is called.
  function: {
    break: broken({ keep: [['(.n note)', '(do (push! *notes* note) 9)']] }, 'arena-store'),
    mend: replaced({ keep: [['(.n note)', '(- (.n note) 1)']] }, [['keep=9', 'keep=8']]),
  },
  generic: {
    break: broken({ generic: [['(first xs)', '(len xs)']] }, 'wrong-type'),
    mend: replaced({ generic: [['(first xs)', '(last xs)']] }, [['pick=7', 'pick=8']]),
  },
  macro: { break: broken({ macro: [['`(+ ,x ,x)', '`(+ ,x ,y)']] }, 'bad-template'), mend: MENDED },
  constant: { break: broken({ constant: [['10', '"ten"']] }, 'wrong-type'), mend: MENDED },
  'mut global': {
    break: broken({ global: [['*count*', '*number*']] }, 'unknown-name'),
    mend: replaced(
      {
        global: [['*count*', '*number*']],
        start: [['*count*', '*number*']],
        look: [['*count*', '*number*']],
      },
      [['count=5', 'count=1']],
      {
        parked: ['*count*'],
        renames: [{ from: '*count*', to: '*number*' }],
        computed: ['*limit*', '*number*'],
      },
    ),
  },
  'frame global': { break: broken({ frame: [['(mut-vec 6)', '6']] }, 'wrong-type'), mend: MENDED },
  struct: { break: broken({ struct: [['(mut x : i64)', '(mut x : Int)']] }, 'unknown-type'), mend: MENDED },
  value: { break: broken({ value: [['(b : f64)', '(a : f64)']] }, 'repeated-name'), mend: MENDED },
  entity: { break: broken({ entity: [['(mut hp', '(hp']] }, 'not-mutable'), mend: MENDED },
  sum: { break: broken({ sum: [['(Going i64) ', '']] }, 'unknown-name'), mend: MENDED },
  alias: { break: broken({ alias: [['(MutVec Body)', '(MutVec Bodies)']] }, 'circular-alias'), mend: MENDED },
  class: { break: broken({ class: [['String', 'i64']] }, 'wrong-type'), mend: MENDED },
  instance: { break: broken({ instance: '' }, 'no-instance'), mend: MENDED },
  behaviour: { break: broken({ behaviour: [['behave Ball', 'behave Bal']] }, 'unknown-type'), mend: MENDED },
  layer: { break: broken({ layer: [['(front)', '(back)']] }, 'duplicate-definition'), mend: MENDED },
  extern: {
    break: broken({ extern: [[': i64)) : i64', ': i64)) : Number']] }, 'unknown-type'),
    mend: MENDED,
  },
  import: { break: broken({ import: [['parts)', 'pieces)']] }, 'unknown-name'), mend: MENDED },
  module: { break: broken({ module: [['(str *parts*)', '(str *part*)']] }, 'unknown-name'), mend: MENDED },
};
