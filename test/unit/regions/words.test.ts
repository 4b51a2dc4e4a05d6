/** What refusals say. */
import { expect, test } from 'vitest';
import { Source } from '../../../scripting/syntax/index.ts';
import { analyse } from '../../../scripting/tools/index.ts';
import {
  arena,
  BODY,
  call,
  evaluate,
  func,
  get,
  give,
  judged,
  local,
  make,
  setGlobal,
  underlined,
} from './program.ts';

const WORLD = `
(defstruct Enemy (hp : i64))
(defstruct Pair (a : Enemy) (b : Enemy))
(defglobal mut *enemies* : (MutVec Enemy) (mut-vec))
(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
(defglobal mut *best* : Enemy (Enemy 1))
(defglobal frame *found* : (Vector Enemy) [])
(defn pair! ((a : Enemy)) : Unit (push! *pairs* (Pair a a)))
`;

const said = (text: string): string[] => {
  const { diagnostics } = analyse([new Source('test.slu', `${WORLD}${text}`)]);
  return diagnostics.filter((d) => d.severity === 'error').map((d) => d.message);
};

test('a refusal names what escapes and where it would be kept, in the order of the text', () => {
  const text = `
(pub defn a () : Unit (with-arena work (set! *best* (Enemy 1))))
(defn b () : Unit (with-arena work (push! *enemies* (Enemy 1))))
(defn c () : Unit (with-arena work (let ((e (Enemy 1))) (pair! e))))
(defn d () : Unit (with-arena work (set! *found* [(Enemy 1)])))
(defn e () : Bool (with-arena work (is-some (upgrade (weak (Enemy 1))))))
(defn is-some ((o : (Option Enemy))) : Bool (match o ((Some _) true) (None false)))
(pub defn f () : (Vector Enemy) *found*)
(defn g () : i64 (let ((mut e (Enemy 1))) (with-arena work (set! e (Enemy 2))) (.hp e)))
(defn h () : Enemy (with-arena work (Enemy 1)))`;
  expect(said(text)).toEqual([
    'an `Enemy` made in arena `work` would be kept in the global `*best*`, which lives longer',
    'an `Enemy` made in arena `work` would be kept in something that a global leads to, which lives longer',
    '`pair!` may keep an `Enemy` made in arena `work` in a `Pair` in the heap, which lives longer',
    'a `(Vector Enemy)` made in arena `work` would be kept in `*found*`, which lives longer',
    'a weak reference, which lives in the heap, would lead to an `Enemy` made in arena `work`',
    '`f` would give the host a `(Vector Enemy)` that `*found*` holds, which is gone when the frame ends',
    'an `Enemy` made in arena `work` would still be in `e` when the arena has ended',
    'an `Enemy` made in arena `work` would leave the block',
  ]);
});

test('a proof that takes too much is given up, and says where', () => {
  const node = local('node');
  const program = [
    func('keep', [node], [], setGlobal('node', get(node)), give()),
    func('main', [], [], arena('block', evaluate(call('keep', [], make(BODY, 'made')))), give()),
  ];
  expect(judged(program).diagnostics.map(({ code }) => code)).toEqual(['arena-store']);
  const { diagnostics } = judged(program, {}, { stores: 1 });
  expect(diagnostics.map(({ code, span }) => `${code} in ${underlined(span)}`)).toEqual([
    'arena-tangled in keep',
  ]);
});

/** What is said about the one thing that is refused, and where. */
const help = (text: string): { readonly hint: string | undefined; readonly files: readonly string[] } => {
  const { diagnostics } = analyse([new Source('test.slu', `${WORLD}${text}`)]);
  const [refused, ...more] = diagnostics.filter((d) => d.severity === 'error');
  expect(more).toEqual([]);
  const files = [refused?.span, ...(refused?.notes ?? []).map(({ span }) => span)];
  return { hint: refused?.hint, files: files.map((span) => span?.source.name ?? 'none') };
};

test('a refusal points at lines of the program, and nowhere into the library', () => {
  const text = `(defglobal *world* : (MutMap i64 String) (mut-map))
(pub defn f () : Unit (with-arena work (map-set! *world* 1 (str "a" 1))))`;
  expect(help(text).files).toEqual(['test.slu', 'test.slu']);
});

test.each([
  [
    'keeps a copy',
    '(pub defn f () : Unit (with-arena work (push! *enemies* %)))',
    '(Enemy 1)',
    '(copy-out (Enemy 1))',
  ],
  [
    'makes it outside',
    '(pub defn f () : Unit (with-arena work (pair! %)))',
    '(Enemy 1)',
    '(outside (Enemy 1))',
  ],
  [
    'makes the holder in the frame too',
    '(pub defn f () : i64 (let ((xs %)) (with-arena frame (push! xs (Enemy 1))) (len xs)))',
    '(mut-vec)',
    '(with-arena frame (mut-vec))',
  ],
  [
    'makes all outside that is made by a call',
    `(defn keep! ((f : (Fn [i64] Enemy))) : Unit (push! *enemies* (f 1)))
     (pub defn f () : Unit (with-arena work %))`,
    '(keep! (fn (n) (Enemy n)))',
    '(outside (keep! (fn (n) (Enemy n))))',
  ],
])('who follows a hint is understood: %s', (_, text, refused, accepted) => {
  const { hint } = help(text.replace('%', refused));
  expect(hint).toContain(accepted.slice(0, accepted.indexOf(' (')));
  expect(said(text.replace('%', accepted))).toEqual([]);
});

test.each(['after 1.0', 'after 1.0 :owner b', 'every 1.0', 'every 1.0 :owner b'])(
  'a timer that would keep what an arena made is called as it is written: %s',
  (form) => {
    const text = `(import sluice.game :all) (defentity Ball (hp : i64)) (defstruct Note (n : i64))
      (defn f ((b : Ball)) (with-arena work (let ((note (Note 1))) (${form} (println (.n note))) ())))`;
    const [refusal] = analyse([new Source('test.slu', text)]).diagnostics;
    const word = form.slice(0, 5);
    expect(refusal?.message).toBe(
      `\`${word}\` may keep a \`Note\` made in arena \`work\` in a function in the heap, which lives longer`,
    );
    expect(refusal?.notes?.map(({ message }) => message)).toEqual([
      'made here',
      `a function made by \`${word}\`, called here, would keep it`,
    ]);
  },
);
