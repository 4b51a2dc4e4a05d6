/** Every code that inference reports, with its text. */
import { expect, test } from 'vitest';
import { checkText } from './program.ts';

const CASES: readonly (readonly string[])[] = [
  ['unknown-name', '(defn f () (prinln 1))', 'there is no `prinln` here', 'did you mean `println`?'],
  ['unknown-name', '(defnn f () 1)', 'there is no form `defnn`', 'did you mean `defn`?'],
  ['unknown-type', '(defn f ((x : Sting)) 1)', 'there is no type `Sting` here', 'did you mean `String`?'],
  [
    'unknown-class',
    "(declare f (=> (Eqq 'a) (Fn ['a] i64))) (defn f (x) 1)",
    'there is no class `Eqq` here',
    'did you mean `Eq`?',
  ],
  [
    'wrong-type',
    '(defn f () : i64 "a")',
    'the result of `f` should be `i64`, but it is `String`',
    '`(parse-int s)` reads a number from a string, as an `Option`; `(str a b)` puts text together',
  ],
  [
    'wrong-type',
    '(defn f () (if 1 2 3))',
    'the condition should be `Bool`, but it is a whole number',
    'a comparison is a `Bool`, as in `(> n 0)`',
  ],
  [
    'wrong-type',
    '(defn f ((x : i32)) : f64 (* x 2))',
    'argument 1 of `*` should be `f64`, but it is `i32`',
    'numbers never convert silently: `(f64 ...)` converts',
  ],
  [
    'wrong-type',
    '(defn f ((x : i64)) (+ x 2.5))',
    'argument 2 of `+` should be `i64`, but it is a number with a point',
    '`10` is a whole number, `(f64 n)` one with a point',
  ],
  [
    'wrong-type',
    '(defn f () (if true 1 "a"))',
    'like the branch before, this one should be a whole number, but it is `String`',
    '`(parse-int s)` reads a number from a string, as an `Option`; `(str a b)` puts text together',
  ],
  ['infinite-type', '(defn f (x) (x x))', 'the type of what is called here would have to contain itself'],
  [
    'not-a-function',
    '(defn f () (let ((n "a")) (n 1)))',
    'this is called, but it is `String`',
    '`(string-ref n 1)` reads it',
  ],
  [
    'wrong-argument-count',
    '(defn g (x) x) (defn f () (g 1 2))',
    '`g` takes 1 argument, and there are 2',
    'it is called `(g x)`',
  ],
  [
    'wrong-argument-count',
    '(defn g (x y) x) (defn f () (g 1))',
    '`g` takes 2 arguments, and 1 is given',
    'it is called `(g x y)`',
  ],
  [
    'unknown-argument',
    '(defvalue V (x : i64)) (defn f () (V :xx 1))',
    '`V` has no field `xx`',
    'did you mean `:x`?',
  ],
  [
    'repeated-argument',
    '(defvalue V (x : i64) (y : i64)) (defn f () (V :x 1 :x 2))',
    'the field `x` is given twice',
  ],
  [
    'missing-argument',
    '(defvalue V (x : i64) (y : i64)) (defn f () (V :x 1))',
    '`V` also needs the field `y`',
  ],
  [
    'unknown-field',
    '(defvalue V (pos : i64)) (defn f ((v : V)) (.pso v))',
    '`V` has no field `pso`',
    'did you mean `.pos`?',
  ],
  ['unknown-field', '(defn f () (.x 1))', '`i64` has no fields'],
  [
    'ambiguous-field',
    '(defvalue V (x : i64)) (defvalue W (x : i64)) (defn f (v) (.x v))',
    'it is not known what has this field `x`',
    'give the parameter a type, as in `((b : Body))`',
  ],
  [
    'ambiguous-type',
    '(defn f () (println (mut-vec)))',
    'it is not known what type this has; it should satisfy (Show _)',
    '`(ann type e)` says it, or a type on the binding',
  ],
  [
    'no-instance',
    '(defn f () (+ "a" "b"))',
    'arithmetic needs numbers, and `String` is none',
    '`(str a b)` puts strings together',
  ],
  ['no-instance', '(defn f () (= (fn (x) x) (fn (x) x)))', 'functions cannot be compared'],
  [
    'no-instance',
    '(defn f () (println [(fn (x) x)]))',
    'functions cannot be shown, which is in `(Vector (Fn [_] _))`',
    'a call stands in parentheses: `(f x)`, `(+ a b)`, `(.hp e)`',
  ],
  [
    'no-instance',
    '(defn f () (for-each (x 3.5) x))',
    '`f64` is not a collection',
    '`(for (i 0 (< i n)) ...)` counts, and `(range 0 n)` is a vector of numbers',
  ],
  [
    'missing-constraint',
    "(declare f (Fn ['a 'a] Bool)) (defn f (x y) (= x y))",
    "`f` also needs (Eq 'a), which its signature does not say",
    "`(=> (Eq 'a) ...)` in its declaration says it",
  ],
  ['missing-definition', '(declare f (Fn [i64] i64))', '`f` is declared but not defined'],
  ['duplicate-definition', '(defn f () 1) (defn f () 2)', '`f` is defined twice'],
  [
    'bad-form',
    '(target (:web (defn f () 1)))',
    'this `target` is not put together right',
    'it is written `(target (:wasm form ...) (:native form ...))`',
  ],
  ['bad-form', '(pub 5)', 'this `pub` is not put together right', 'it is written `(pub defn name (x) ...)`'],
  [
    'unknown-name',
    '(defmacro m (x) ,x) (defn f () m)',
    '`m` is a macro, which has no value',
    'a function around a call of it does: `(fn (x) ...)`',
  ],
  [
    'bad-pattern',
    '(defn f (x y : i64) : i64 (+ x y))',
    'a parameter with a type stands in parentheses of its own',
    'it is written `(x (y : i64))`',
  ],
  [
    'bad-pattern',
    '(defn f () (fn (x : (Vector i64)) (len x)))',
    'a parameter with a type stands in parentheses of its own',
    'it is written `((x : (Vector i64)))`',
  ],
  [
    'bad-pattern',
    '(defn f () (let ((: 1)) 2))',
    '`:` cannot be a name',
    'a name with a type is written `(x : i64)`',
  ],
  [
    'bad-form',
    '(defn f () {"a" 1 "b"})',
    'this map is not put together right',
    'it is written `{key value ...}`',
  ],
  [
    'no-instance',
    "(deftype Ordering Less Same More) (defclass (Ord 'a) (compare : (Fn ['a 'a] Ordering))) (defstruct B (x : i64)) (instance (Ord B) (defn compare (a b) Same)) (defn f ((a : B)) : Bool (< a a))",
    'there is no order for `B`',
    'comparisons use the `Ord` and the `Ordering` in scope, and that lacks `LT`, `EQ`, `GT`',
  ],
  ['reserved-name', '(defn if (x) x)', '`if` is part of the language and cannot be redefined'],
  ['repeated-name', '(defn f (x x) x)', '`x` is bound twice here', '`_` stands for what needs no name'],
  [
    'not-mutable',
    '(defn f () (let ((x 1)) (set! x 2)))',
    '`x` is not mutable',
    'mark it where it is bound: `mut x`',
  ],
  [
    'not-mutable',
    '(defglobal *g* : i64 1) (defn f () (set! *g* 2))',
    'the global `*g*` is not mutable',
    '`(defglobal mut *g* ...)` makes it so',
  ],
  [
    'not-mutable',
    '(defstruct S (x : i64)) (defn f ((s : S)) (set! (.x s) 2))',
    'the field `x` of `S` is not mutable',
    'declare it `(mut x : ...)`, or bind it as `mut s`',
  ],
  [
    'not-mutable',
    '(defvalue V (mut x : i64)) (defn f ((v : V)) (set! (.x v) 2))',
    'this `V` is a value that cannot be changed in place',
    'mark it where it is bound: `mut v`',
  ],
  [
    'not-mutable',
    '(defn f ((v : (Vector i64))) (set! (nth v 0) 2))',
    'this is `(Vector i64)`, whose elements cannot be set',
    'a `MutVec` can be changed: `(mut-vec ...)` makes one',
  ],
  [
    'bad-form',
    '(defn f () (let (x 1) x))',
    'this `let` is not put together right',
    'it is written `(let ((x 1)) e ...)`',
  ],
  [
    'bad-form',
    '(defn f () (set! (+ 1 2) 3))',
    'this is not a place that can be set',
    'places are `mut` names, `(.field e)`, and `(nth xs i)` of a `MutVec` or an array',
  ],
  [
    'bad-pattern',
    '(defn f (3) 1)',
    'a pattern that may fail cannot stand here',
    'names, `{:x x}`, `(a b)` and `(Vec2 x y)` always fit; `match` tries the others',
  ],
  [
    'bad-type',
    '(defn f ((x : 3)) 1)',
    'this is not a type',
    "types look like `i64`, `(Vector String)`, `(Fn [i64] Bool)`, `'a`",
  ],
  [
    'wrong-kind',
    '(defn f ((x : (i64 i64))) 1)',
    '`i64` takes no types, not 1',
    'several together are a `(Tuple i64 i64)`',
  ],
  ['wrong-kind', '(defn f ((x : Vector)) 1)', '`Vector` needs 1 type after it', "as in `(Vector 'a)`"],
  [
    'missing-else',
    '(defn f () (cond ((= 1 2) 1)))',
    '`cond` needs an `else` clause at its end',
    '`(else ...)` says what happens when nothing else fits',
  ],
  [
    'wrong-type',
    '(defn f ((o : (Option i64))) : (Result i64 String) (Ok (o ?)))',
    '`None` cannot be returned here: the function returns a `Result`',
    '`(ok-or e error)?` says which error it is that nothing is there',
  ],
  [
    'wrong-type',
    '(defn f ((r : (Result i64 String))) : (Option i64) (Some (r ?)))',
    'an `Err` cannot be returned here: the function returns an `Option`',
    'let it return a `Result`, where `(ok-or e error)` makes one of an `Option`; or `match` on this',
  ],
  [
    'wrong-type',
    '(defn f ((n : i64)) : (Option i64) (Some (n ?)))',
    'what stands before `?` should be a `Result` or an `Option`, but it is `i64`',
  ],
  [
    'unreachable-arm',
    '(defn f ((o : (Option i64))) (if-let (x o) 1 2))',
    'this pattern always fits, so `if-let` decides nothing',
    '`(if-let ((Some x) ...) ...)` is about what `Some` holds',
  ],
  [
    'bad-form',
    '(defn f () : Unit (dotimes (i 10) (println i)))',
    '`dotimes` takes only how many rounds there are',
    '`(for (i 0 (< i 10)) ...)` counts in `i`',
  ],
  [
    'bad-form',
    '(defn f ((mut n : i64)) : Unit (inc! n 2))',
    'this `inc!` is not put together right',
    'it is written `(inc! place)`; `(+= place n)` changes by another number than 1',
  ],
  [
    'bad-form',
    '(defn f () (letrec ((x 3)) x))',
    '`letrec` binds functions',
    '`let` binds other values; what is made of itself needs a `mut` field or a collection to be put into',
  ],
  [
    'bad-form',
    '(defn f () (+ 1 (defn g () 1)))',
    'a `defn` has no value: it is a form of a body, and defines a function for what follows it',
    '`(fn (x) ...)` is a function as a value',
  ],
  ['outside-function', '(return 1)', 'there is no function here that `return` could leave'],
  [
    'outside-loop',
    '(defn f () (while true (fn () (break))))',
    'there is no loop around this `break`',
    'a lambda cannot leave a loop that it was made in',
  ],
  [
    'literal-out-of-range',
    '(defn f () (ann u8 300))',
    '300 does not fit into `u8`',
    '`u8` goes from 0 to 255',
  ],
  [
    'recursive-value',
    '(defvalue V (w : W)) (defvalue W (v : V))',
    'the value `V` would contain itself',
    'a value lies flat in what holds it; a `defstruct` is a reference and may refer to its like',
  ],
  ['circular-alias', '(deftype-alias A (Vector A))', 'the alias `A` stands for itself'],
  ['circular-global', '(defglobal *a* (f)) (defn f () : i64 *a*)', 'the first value of `*a*` needs itself'],
  [
    'wrong-entry-point',
    '(defn frame () 1)',
    "`frame` takes the frame's seconds, one `f64`",
    'it is written `(defn frame ((dt : f64)) : Unit ...)`',
  ],
  ['wrong-entry-point', '(defn start () : i64 1)', '`start` returns nothing', 'its result is `Unit`'],
  [
    'wrong-entry-point',
    '(defn main (x) 1)',
    '`main` takes no parameters',
    'it is written `(defn main () ...)`',
  ],
  [
    'missing-signature',
    '(pub defn f (x) (+ x 1.0))',
    'the public function `f` has no signature',
    "it is `(=> (Num 'a) (FloatLiteral 'a) (Fn ['a] 'a))`",
  ],
  [
    'changes-argument',
    '(defstruct E (name : String)) (defn f ((mut e : E)) : Unit (set! (.name e) "elf"))',
    "this changes the caller's `E`, whose field `name` is not declared `mut`",
    'declare it `(mut name : ...)`, or change a copy: `(update e :name ...)`',
  ],
  [
    'nesting-limit',
    `(defn f () ${'(do '.repeat(300)}1${')'.repeat(300)})`,
    'forms are nested more than 256 deep here',
    'give inner parts a name of their own, with `let` or `defn`',
  ],
  [
    'missing-arm',
    '(deftype T A (B i64) (C T)) (defn f (t) (match t (A 1) ((B _) 2)))',
    'this `match` does not say what happens to `(C _)`',
    '`((C _) ...)` or `(_ ...)` would',
  ],
  [
    'missing-arm',
    '(deftype T A (B i64) (C T)) (defn f (t) (match t (A 1) ((B 0) 2) ((C A) 3) ((C (C _)) 4) ((B 1) 5)))',
    'this `match` does not say what happens to `(B _)`',
    '`((B _) ...)` or `(_ ...)` would',
  ],
  [
    'missing-arm',
    '(defn f (a b) (match (tuple a b) ((true _) 1) ((_ false) 2)))',
    'this `match` does not say what happens to `(false true)`',
    '`((false true) ...)` or `(_ ...)` would',
  ],
  [
    'missing-arm',
    '(defn f ((n : i64)) (match n (0 1) (1 2)))',
    'this `match` does not say what happens to `_`',
    '`(_ ...)` at the end would',
  ],
  [
    'unreachable-arm',
    '(deftype T A (B i64) (C T)) (defn f (t) (match t (A 1) ((C (C _)) 2) ((C _) 3) ((C A) 4) (_ 5)))',
    'this arm can never be reached: those before it fit all that it fits',
  ],
  [
    'unknown-name',
    '(deftype T Red Green) (defn f ((t : T)) (match t (Rod 1) (_ 2)))',
    '`T` has no variant `Rod`',
    'did you mean `Red`?',
  ],
  [
    'wrong-argument-count',
    '(deftype T A (B i64) (C T)) (defn f (t) (match t ((B) 1) (_ 2)))',
    '`B` has 1 field, and this pattern names 0',
    'it is written `(B a)`; `_` stands for what needs no name',
  ],
  [
    'bad-pattern',
    '(deftype T A (B i64) (C T)) (defn f (t) (let (((B n) t)) n))',
    'this fits only `B`, and a `T` may be something else',
    '`match` tries one variant after another',
  ],
  [
    'wrong-type',
    '(defn g () : (Result i64 String) (Ok 1)) (defn f () : i64 (g)?)',
    'the result of a function with `?` should be `(Result _ _)`, but it is `i64`',
    'let the function return a `Result`, or `match` tells `(Ok x)` from `(Err e)`',
  ],
  [
    'outside-function',
    '(defn g () : (Result i64 String) (Ok 1)) (println (g)?)',
    'there is no function here that `?` could return from',
  ],
  [
    'no-instance',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (defn f () (area (Sq 1.0)))",
    'there is no instance `(Area Sq)`',
    '`(instance (Area Sq) (defn area (x) ...))` makes one',
  ],
  [
    'no-instance',
    '(defstruct S (x : i64)) (defn f ((a : S)) (< a a))',
    'there is no order for `S`',
    '`(instance (Ord S) (defn compare (a b) ...))` makes one',
  ],
  [
    'missing-method',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area Sq))",
    'this instance of `Area` lacks `area`',
    '`(defn area ...)` belongs between its parentheses',
  ],
  [
    'unknown-method',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area Sq) (defn area (q) 1.0) (defn aera (q) 1.0))",
    '`Area` has no method `aera`',
    'did you mean `area`?',
  ],
  [
    'duplicate-instance',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area Sq) (defn area (q) 1.0)) (instance (Area Sq) (defn area (q) 1.0))",
    'there is an instance (Area Sq) already',
  ],
  [
    'duplicate-instance',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area (Option 'a)) (defn area (q) 1.0)) (instance (Area (Option i64)) (defn area (q) 1.0))",
    'there is an instance (Area (Option i64)) already',
  ],
  [
    'duplicate-instance',
    '(instance (Num i64) (defn + (a b) a))',
    'there is an instance (Num i64) already: it is part of the language',
  ],
  [
    'orphan-instance',
    '(instance (Show i64) (defn show (x) "n"))',
    'neither `Show` nor `i64` is defined in this file',
    'an instance stands in the file of its class or of its type, so that there can be only one',
  ],
  [
    'closed-class',
    '(defstruct S (x : i64)) (instance (Real S))',
    'the instances of `Real` are part of the language',
  ],
  [
    'missing-superclass',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (defclass (=> (Area 'a) (Solid 'a)) (volume : (Fn ['a] f64))) (instance (Solid Sq) (defn volume (q) 1.0))",
    '`Solid` needs (Area Sq), which does not hold',
    'it needs an instance too, or a constraint before `=>`',
  ],
  [
    'circular-class',
    "(defclass (=> (B 'a) (A 'a)) (a : (Fn ['a] i64))) (defclass (=> (A 'a) (B 'a)) (b : (Fn ['a] i64)))",
    'the class `A` is above itself',
  ],
  [
    'wrong-kind',
    "(defclass (F 'f) (g : (Fn [('f 'a)] 'a))) (instance (F i64) (defn g (x) x))",
    '`F` is about a type that takes 1 type, and `i64` is not one',
  ],
  [
    'wrong-kind',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area Option) (defn area (q) 1.0))",
    '`Area` is about a whole type, and `Option` is not one',
  ],
  [
    'wrong-kind',
    "(defclass (F 'f) (g : (Fn [('f 'a) 'f] 'a)))",
    "`'f` is used with different numbers of types in `F`",
  ],
  [
    'ambiguous-type',
    "(defclass (F 'f) (g : (Fn [i64] i64)))",
    "the type of `g` does not mention `'f`",
    'no call could say which instance it means',
  ],
  [
    'wrong-type',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (instance (Area Sq) (defn area (q) 1.0)) (defn f () : String (area (Sq 1.0)))",
    'the result of `f` should be `String`, but it is `f64`',
    '`(str ...)` makes a string of anything',
  ],
  [
    'missing-constraint',
    "(defclass (Area 'a) (area : (Fn ['a] f64))) (defstruct Sq (s : f64)) (declare f (Fn ['a] f64)) (defn f (x) (area x))",
    "`f` also needs (Area 'a), which its signature does not say",
    "`(=> (Area 'a) ...)` in its declaration says it",
  ],
  [
    'endless-generic',
    "(declare f (Fn ['a i64] i64)) (defn f (x n) (if (= n 0) 0 (g [x] (- n 1)))) (defn g (x n) (f x n))",
    '`g` is used at ever larger types here, and so would be compiled without end',
    'a generic function may use itself at its own types only',
  ],
  ['wrong-argument-count', '(defn f () (range))', '`range` takes 1 or 2 arguments, and none is given'],
  ['bad-format', '(defn f (x) (format "{} and {}" x))', 'this text has 2 `{}`, and 1 to fill them'],
  [
    'bad-format',
    '(defn f (x) (format "{x" x))',
    'there is a brace by itself in this text',
    '`{}` takes an argument; `{{` and `}}` are braces',
  ],
  [
    'bad-format',
    '(defn f (x) (format "{x}" x))',
    '`{x}` has a name, and places take the arguments in order',
    '`(format "{} hp" hp)`; what is said of a place stands after a colon, as in `{:.1}`',
  ],
  [
    'bad-format',
    '(defn f ((x : i64)) (format "{:.1}" x))',
    '`{:.1}` shows decimals of a float, and this is `i64`',
    '`(f64 x)` makes a float of it',
  ],
  [
    'bad-format',
    '(defn f () (format "{:05}" "text"))',
    '`{:05}` puts zeros before a number, and this is `String`',
    '`{:0>5}` fills with zeros whatever it is',
  ],
  [
    'bad-format',
    '(defn f (x) (format "{:.2f}" x))',
    '`{:.2f}` is not a place that can be filled',
    '`{}` takes an argument as it shows, `{:.1}` with one decimal, `{:>8}` `{:<8}` `{:^8}` 8 wide, `{:05}` with zeros before it',
  ],
  [
    'bad-format',
    '(defn f (x) (format "{:>}" x))',
    '`{:>}` does not say how wide it is',
    '`{:>8}` is 8 wide, `{:05}` is 5 wide',
  ],
  [
    'needs-unsafe',
    '(extern "C" (defn abs ((n : i32)) : i32)) (defn f () (abs 3))',
    '`abs` is a function of `extern "C"`',
    '`(unsafe ...)` around the call says that you have looked at it',
  ],
  [
    'no-instance',
    "(defvalue V (x : f64)) (instance (Num V) (defn + (a b) a)) (declare g (=> (Num 'a) (Fn ['a] 'a))) (defn g (x) (+ x 1)) (defn h (x) (g x)) (defn f () (h (V 1.0)))",
    '`h` works with number literals, and a literal cannot be `V`',
  ],
  [
    'no-instance',
    "(defvalue V (x : f64)) (instance (Num V) (defn + (a b) a)) (declare g (=> (Num 'a) (Fn ['a] 'a))) (defn g (x) (+ x 1)) (defn f () (g (V 1.0)))",
    '`g` works with number literals, and a literal cannot be `V`',
  ],
  ['not-supported-yet', '(defn f () (yield))', '`yield` is not supported yet'],
];

test.each(CASES)('%s: %s', (code, text = '', message, hint) => {
  const [found] = checkText(text).diagnostics.all;
  expect({ code: found?.code, message: found?.message, hint: found?.hint }).toEqual({ code, message, hint });
});

test('one run reports every mistake, in the order of the text', () => {
  const { codes } = checkText(
    '(defn f () (foo 1))\n(defn g () : i64 "a")\n(defn h () (let ((x 1)) (set! x 2) (bar)))',
  );
  expect(codes).toEqual(['unknown-name', 'wrong-type', 'not-mutable', 'unknown-name']);
});

test('what a signature lacks is told with the place that needs it', () => {
  const [found] = checkText("(declare f (Fn ['a 'a] Bool))\n(defn f (x y)\n  (< x y))").diagnostics.all;
  expect(
    found?.notes?.map(({ message, span }) => [message, span.source.text.slice(span.start, span.end)]),
  ).toEqual([['it is needed here', '(< x y)']]);
});

test('one mistake does not make others', () => {
  expect(checkText('(defn f (x) (+ (foo x) 1 (.y (foo 2)))) (defn g () (f (bar)))').codes).toEqual([
    'unknown-name',
    'unknown-name',
    'unknown-name',
  ]);
});
