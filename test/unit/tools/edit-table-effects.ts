/**
 * Rows of the table of edits about what no text says of a definition: what of its arguments it stores or returns, which the proof of the
 * arenas goes by, and whether it may allocate.
 */
import { type Cell, type Kind, migrated, NEVER, replaced } from './edited-game.ts';

type Effect = 'region summary' | 'may allocate';

export const EFFECTS: Readonly<Record<Kind, Readonly<Record<Effect, Cell | typeof NEVER>>>> = {
  function: {
    // It stores what it is given, so that nothing of an arena can be given to it any more.
    'region summary': replaced(
      {
        keep: [['(.n note)', '(do (push! *notes* note) (len *notes*))']],
        look: [['(with-arena scratch (keep (Note 9)))', '(keep (Note 9))']],
      },
      [['keep=9', 'keep=1']],
    ),
    'may allocate': replaced({ function: [['(+ n 1)', '(+ n (len (append [] n)))']] }),
  },
  generic: {
    'region summary': replaced({ generic: [['(first xs)', '(nth (concat xs xs) 3)']] }, [
      ['pick=7', 'pick=8'],
    ]),
    'may allocate': replaced({ generic: [['(first xs)', '(first (append xs (last xs)))']] }),
  },
  macro: {
    'region summary': replaced({ macro: [['`(+ ,x ,x)', '`(do (push! *bodies* (Body ,x ,x)) (+ ,x ,x))']] }, [
      ['bodies=1', 'bodies=2'],
    ]),
    'may allocate': replaced({ macro: [['`(+ ,x ,x)', '`(* ,x (len (append [1] ,x)))']] }),
  },
  constant: {
    'region summary': NEVER,
    'may allocate': replaced({ constant: [['10', '(len (append (range 0 9) 1))']] }),
  },
  'mut global': {
    'region summary': NEVER,
    'may allocate': replaced({ global: [['i64 1', 'i64 (len (append [] 1))']] }, [], {
      notApplied: ['*count*'],
    }),
  },
  'frame global': {
    'region summary': NEVER,
    'may allocate': replaced({ frame: [['(mut-vec 6)', '(to-mut-vec (append [6] 7))']] }, [
      ['seen=2', 'seen=3'],
    ]),
  },
  struct: {
    'region summary': NEVER,
    'may allocate': replaced({ struct: [['(y : i64)', '(y : i64 (len (append [] 1)))']] }),
  },
  value: {
    'region summary': NEVER,
    'may allocate': replaced({ value: [['(b : f64)', '(b : f64 (f64 (len (append [] 1))))']] }),
  },
  entity: {
    'region summary': NEVER,
    'may allocate': replaced({ entity: [['(mut at : i64)', '(mut at : i64 (len (append [] 1)))']] }),
  },
  sum: {
    'region summary': NEVER,
    // What had no name is not what has one.
    'may allocate': migrated(
      { sum: [['(Going i64)', '(Going (n : i64 (len (append [] 1))))']] },
      { Mode: 1 },
      [['mode=(Going 7)', 'mode=(Going 1)']],
    ),
  },
  alias: { 'region summary': NEVER, 'may allocate': NEVER },
  class: { 'region summary': NEVER, 'may allocate': NEVER },
  instance: {
    'region summary': replaced(
      {
        instance: [['(str "body "', '(str (do (push! *bodies* b) "body ")']],
        look: [['(name-of (first *bodies*))', '(name-of (first *bodies*)) (len *bodies*)']],
      },
      [['name=body 3', 'name=body 32']],
    ),
    'may allocate': replaced({ instance: [['(str "body " (.x b))', '"one"']] }, [['body 3', 'one']]),
  },
  behaviour: {
    'region summary': replaced(
      {
        behaviour: [['(set! (.hp b)', '(push! *met* b) (set! (.hp b)']],
        after: '(defglobal mut *met* : (MutVec Ball) (mut-vec))',
        look: [['(balls)', '(+ (balls) (len *met*))']],
      },
      [['balls=22', 'balls=23']],
      { computed: ['*limit*', '*met*'] },
    ),
    'may allocate': replaced({ behaviour: [['(.hp b) 1)', '(.hp b) (len (append [] b)))']] }),
  },
  layer: { 'region summary': NEVER, 'may allocate': NEVER },
  extern: { 'region summary': NEVER, 'may allocate': NEVER },
  import: { 'region summary': NEVER, 'may allocate': NEVER },
  module: {
    'region summary': replaced(
      { module: [['(str *parts*)', '(do (push! *parts* (first *parts*)) (str *parts*))']] },
      [['(Part :n 9)', '(Part :n 9) (Part :n 9)']],
    ),
    'may allocate': replaced({ module: [['(str *parts*)', '"parts"']] }, [['[(Part :n 9)]', 'parts']]),
  },
};
