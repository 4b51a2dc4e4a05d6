import { describe, expect, test } from 'vitest';
import { isLibrary } from '../../../scripting/types/index.ts';
import { checkText, functionOf, signatureOf } from './program.ts';

const TYPES = `
(defclass (Area 'a) (area : (Fn ['a] f64)))
(defclass (=> (Area 'a) (Solid 'a)) (volume : (Fn ['a] f64)))
(defclass (Functor 'f) (fmap : (Fn [(Fn ['a] 'b) ('f 'a)] ('f 'b))))
(instance (Functor Option) (defn fmap (f o) (match o ((Some x) (Some (f x))) (None None))))
(defclass (Convert 'a 'b) (convert : (Fn ['a] 'b)))
(instance (Convert i64 String) (defn convert (n) (str n)))
(defvalue Vec2 (x : f64) (y : f64))
(defstruct Body (mut pos : Vec2) (mut hp : i32))
(defstruct (Pair 'a 'b) (fst : 'a) (mut snd : 'b))
`;

describe('signatures that inference finds', () => {
  test.each([
    ['(defn f (w h) (* w h 2.0))', "(=> (Num 'a) (FloatLiteral 'a) (Fn ['a 'a] 'a))"],
    ['(defn f ((w : f64) h) (* w h))', '(Fn [f64 f64] f64)'],
    ['(defn f (g x) (g (g x)))', "(Fn [(Fn ['a] 'a) 'a] 'a)"],
    ['(defn f (g h) (fn (x) (g (h x))))', "(Fn [(Fn ['a] 'b) (Fn ['c] 'a)] (Fn ['c] 'b))"],
    ['(defn f (n) (if (< n 2) n (+ (f (- n 1)) (f (- n 2)))))', "(=> (Ord 'a) (Num 'a) (Fn ['a] 'a))"],
    ['(defn f () 0)', '(Fn [] i64)'],
    ['(defn f () [1 2.5])', '(Fn [] (Vector f64))'],
    ['(defn f (b) (set! (.hp b) 3))', '(Fn [Body] Unit)'],
    ['(defn f (v) (+ (.x v) (.y v)))', '(Fn [Vec2] f64)'],
    ['(defn f (p) (Pair (.snd p) (.fst p)))', "(Fn [(Pair 'a 'b)] (Pair 'b 'a))"],
    ['(defn f (bodies) (map .hp bodies))', "(=> (Collection 'a Body) (Fn ['a] (Vector i32)))"],
    ['(defn f (xs) (fold (fn (a b) (+ a (.x (.pos b)))) 0.0 xs))', "(=> (Collection 'a Body) (Fn ['a] f64))"],
    ['(defn f (xs) (push! xs 1) (pop! xs))', "(=> (IntegerLiteral 'a) (Fn [(MutVec 'a)] 'a))"],
    ['(defn f (x y) (= x y))', "(=> (Eq 'a) (Fn ['a 'a] Bool))"],
    ['(defn f (x) (println x))', "(=> (Show 'a) (Fn ['a] Unit))"],
    ["(defn f ((x : 'q) y) (if (= x y) x y))", "(=> (Eq 'q) (Fn ['q 'q] 'q))"],
    ['(defn f () (let ((id (fn (x) x))) (if (id true) (id "a") "b")))', '(Fn [] String)'],
    ['(defn f (y) (let ((g (fn (x) (+ x y)))) (g 1.5)))', "(=> (Num 'a) (FloatLiteral 'a) (Fn ['a] 'a))"],
    ['(defn f () (tuple 1 "a" true))', '(Fn [] (Tuple i64 String Bool))'],
    ['(defn f (t) (let (((a b) t)) (if a b 0)))', "(=> (IntegerLiteral 'a) (Fn [(Tuple Bool 'a)] 'a))"],
    ['(defn f () (-> (Vec2 1.0 2.0) .x (+ 1)))', '(Fn [] f64)'],
    ['(defn f () (->> [1 2 3] (map (fn (x) (* x 2.0)))))', '(Fn [] (Vector f64))'],
    ['(defn f (x) (f64 x))', "(=> (Number 'a) (Fn ['a] f64))"],
    ['(defn f (n) (for (i 0 (< i n)) (println i)))', "(=> (Ord 'a) (Num 'a) (Show 'a) (Fn ['a] Unit))"],
    ['(defn f (t) (match t ((Some x) x) (None 0)))', "(=> (IntegerLiteral 'a) (Fn [(Option 'a)] 'a))"],
    ['(defn f (b) (match b ({:hp 3} true) (_ false)))', '(Fn [Body] Bool)'],
    ['(defn f (r) (let ((x (r ?)) (y (Ok x)?)) (Ok y)))', "(Fn [(Result 'a 'b)] (Result 'a 'b))"],
    [
      '(defn f (xs) (find (fn (x) (> x 2.0)) xs))',
      "(=> (Collection 'a 'b) (Ord 'b) (FloatLiteral 'b) (Fn ['a] (Option 'b)))",
    ],
    ['(defn f (x) (+ (area x) (volume x)))', "(=> (Solid 'a) (Fn ['a] f64))"],
    ['(defn f (x) (fmap not x))', "(=> (Functor 'a) (Fn [('a Bool)] ('a Bool)))"],
    ['(defn f (x) (fmap not (Some x)))', '(Fn [Bool] (Option Bool))'],
    ['(defn f () (convert 3))', "(=> (Convert i64 'a) (Fn [] 'a))"],
    ['(defn f () (println (convert 3)))', '(Fn [] Unit)'],
    ['(defn f (o) (+ 1.5 (unwrap o)))', "(=> (Num 'b) (FloatLiteral 'b) (Unwrap 'a 'b) (Fn ['a] 'b))"],
    ['(defn f () (+ 1.5 (unwrap (Some 1))))', '(Fn [] f64)'],
  ])('%s has %s', (text, signature) => {
    expect(signatureOf(TYPES + text, 'f')).toBe(signature);
  });

  test('functions that use one another are generalised together', () => {
    const text =
      '(defn even? (n) (if (= n 0) true (odd? (- n 1)))) (defn odd? (n) (if (= n 0) false (even? (- n 1))))';
    expect(signatureOf(text, 'even?')).toBe("(=> (Eq 'a) (Num 'a) (Fn ['a] Bool))");
    expect(signatureOf(text, 'odd?')).toBe("(=> (Eq 'a) (Num 'a) (Fn ['a] Bool))");
  });

  test('a declared signature may be narrower than what the body allows, and allows polymorphic recursion that ends', () => {
    expect(signatureOf('(declare f (Fn [i64] i64)) (defn f (x) x)', 'f')).toBe('(Fn [i64] i64)');
    const nested = '(declare f (Fn [\'a i64] i64)) (defn f (x n) (if (= n 0) 0 (f true (f "a" 0))))';
    expect(signatureOf(nested, 'f')).toBe("(Fn ['a i64] i64)");
  });

  test('order does not matter', () => {
    expect(signatureOf('(defn f (v) (g v)) (defn g (v) (.y v)) (defvalue V (y : i32))', 'f')).toBe(
      '(Fn [V] i32)',
    );
  });

  test("a program's own names go before those of the prelude", () => {
    expect(signatureOf('(defn map (x) (not x)) (defn f () (map true))', 'f')).toBe('(Fn [] Bool)');
    expect(signatureOf('(defn when (x) (not x)) (defn f () (when true))', 'f')).toBe('(Fn [] Bool)');
    expect(signatureOf('(defn f (len) (+ len 1.0))', 'f')).toContain('FloatLiteral');
  });
});

describe('the typed tree', () => {
  test('integer literals that turned out to be floats are floats', () => {
    const { body } = functionOf('(defn f () : f64 3)', 'f');
    expect(body).toMatchObject({ kind: 'float', value: 3 });
  });

  test('arguments stand in the order of their parameters and remember how they were written', () => {
    const { body } = functionOf(
      `${TYPES}(defn f (g) (Body :hp (g 1) (g 2)))`
        .replace('(g 2)', '(Vec2 1.0 (g 2.0))')
        .replace('(g 1)', '3'),
      'f',
    );
    expect(body).toMatchObject({
      kind: 'construct',
      order: [1, 0],
      fields: [{ kind: 'construct' }, { kind: 'integer' }],
    });
  });

  test('named arguments of functions are evaluated as written', () => {
    const { body } = functionOf('(defn g (a b) (- a b)) (defn f (h) (g :b (h 1) :a (h 2)))', 'f');
    expect(body).toMatchObject({
      kind: 'let',
      bindings: [{ value: { args: [{ value: 1n }] } }, { value: { args: [{ value: 2n }] } }],
      body: { kind: 'call', args: [{ binding: { name: 'value1' } }, { binding: { name: 'value0' } }] },
    });
  });

  test('a keyword is a value where the parameters leave no other reading', () => {
    expect(checkText('(defn g (a b) (= a b)) (defn f () (g :x :y))').codes).toEqual([]);
    expect(checkText('(defn g (a) (= a :no)) (defn f () (g :x))').codes).toEqual([]);
  });

  test('a field of a value in a mutable vector is a part of the element', () => {
    const text = `${TYPES}(defn f ((vs : (MutVec Vec2))) (set! (.x (nth vs 0)) 1.0))`;
    expect(functionOf(text, 'f').body).toMatchObject({
      kind: 'set-field',
      field: 'x',
      target: { kind: 'call', callee: { kind: 'method', method: 'nth' } },
    });
  });

  test('operators fold, comparisons chain', () => {
    expect(functionOf('(defn f ((a : i64)) (+ a 1 2))', 'f').body).toMatchObject({
      callee: { method: '+', classArguments: [{ definition: { name: 'i64' } }] },
      args: [{ kind: 'call' }, { value: 2n }],
    });
    expect(functionOf('(defn f ((a : i64)) (< 1 a 9))', 'f').body).toMatchObject({
      kind: 'let',
      body: { kind: 'if', condition: { callee: { method: '<' } } },
    });
  });

  test('globals come in an order in which each has what it needs', () => {
    const { program } = checkText('(defglobal *a* (g)) (defn g () (+ *b* 1)) (defglobal *b* : i64 2)');
    const own = program?.globals.filter((g) => !isLibrary(g.value.span.source));
    expect(own?.map((g) => g.definition.name)).toEqual(['*b*', '*a*']);
  });
});

describe('good programs', () => {
  test.each([
    ['a mutable parameter', '(defn f ((mut n : i64)) : i64 (set! n (+ n 1)) n)'],
    ['a captured name that the closure changes', '(defn f () (let ((mut n 0)) (fn () (set! n (+ n 1)) n)))'],
    ['break in an inner condition', '(defn f () (while true (if true (break) (continue))))'],
    ['break where a value is expected', '(defn f () : Unit (while true (println (if true 1 (break)))))'],
    ['arenas', '(defn f () : i64 (with-arena (a :chunk 64 :limit 128) (arena-used a)))'],
    ['the frame arena', '(defn f () : i64 (with-arena frame (len [1 2])))'],
    ['without-collection', '(defn f () : i64 (without-collection 3))'],
    ['aliases', "(deftype-alias (Grid 'a) (Vector (Vector 'a))) (defn f ((g : (Grid i64))) : i64 (len g))"],
    ['pub and documentation', '(pub defn f () : i64 "Returns three." 3)'],
    ['a body that is one string', '(defn f () : String "three")'],
    ['bare expressions', '(println 1) (println "two")'],
    ['generic literals through Num', "(declare f (=> (Num 'a) (Fn ['a] 'a))) (defn f (x) (+ x 1))"],
    ['the wasm target', '(target (:wasm (defn f () : i64 2)) (:native (defn f () : i64 "no")))'],
    [
      "a program's own Ord and Ordering, which `<` then means",
      `(deftype Ordering LT EQ GT)
       (defclass (=> (Eq 'a) (Ord 'a)) (compare : (Fn ['a 'a] Ordering)))
       (defstruct Card (rank : i64))
       (instance (Ord Card) (defn compare (a b) (if (< (.rank a) (.rank b)) LT (if (= a b) EQ GT))))
       (declare least (=> (Ord 'a) (Fn ['a 'a] 'a)))
       (defn least (a b) (if (< a b) a b))
       (defn f () (< (least (Card 1) (Card 2)) (Card 3)))`,
    ],
    [
      "a program's own Option, Result and Show",
      `(deftype (Option 'a) (Some 'a) None) (deftype (Result 'a 'b) (Ok 'a) (Err 'b))
       (defclass (Show 'a) (show : (Fn ['a] String)))
       (instance (=> (Show 'a) (Show (Option 'a))) (defn show (o) (match o ((Some x) (show x)) (None "nothing"))))
       (defn f (x) : (Result i64 String) (Ok (+ 1 (if x (Ok 1) (Err (show (Some 2))))?)))`,
    ],
    ['format', '(defn f (x) : String (format "{{{}}} has {} hp" x 3))'],
    ['unsafe', '(extern "C" (defn abs ((n : i32)) : i32)) (defn f () (unsafe (abs 3)))'],
    ['sorting', '(defn f () : (Vector f64) (sort [2.0 1.0])) (defn g (xs) (sort-by (fn (x) (- x)) xs))'],
    [
      'long definitions in a chain',
      Array.from({ length: 3000 }, (_, i) => `(defn f${i} (x) (f${i + 1} x))`).join('\n') +
        '(defn f3000 (x) x)',
    ],
  ])('%s', (_, text) => {
    expect(checkText(text).report).toBe('');
  });
});
