/**
 * Words of other languages that people type by habit, and how Sluice says it. They are looked at only where a name means
 * nothing, so a program may define any of them.
 */

interface ForeignWord {
  readonly hint: string;
  /** What follows it is no list of arguments: names in it that mean nothing are no mistakes of their own. */
  readonly isForm: boolean;
}

const LET =
  '`(let ((x 3)) ...)` binds a name, `(mut x 3)` one that `set!` changes; at top level it is `(defglobal *x* 3)`';
const DEFINE = "`(defn f (x) ...)` defines a function, `(defglobal *x* 3)` a program's value";
const STRUCT = '`(defstruct Body (mass : f64))` defines a type of objects, `defvalue` one of plain values';
const SUM = '`(deftype State Idle (Chasing i64))` lists the variants of a type';
const LOOP = '`(for (i 0 (< i n)) ...)` counts, `(for-each (x xs) ...)` visits, `(while c ...)` repeats';
const CLASS = "`(defclass (Area 'a) (area : (Fn ['a] f64)))` says what types can do";
const INSTANCE = '`(instance (Area Circle) (defn area (c) ...))` says how a type does it';
const IMPORT = '`(import game.physics (step))` takes names of the file `game/physics.slu`';
const RESULT = 'what may fail returns a `Result`: `match` tells `(Ok x)` from `(Err e)`';
const MATCH = '`(match e (1 "one") (_ "more"))` chooses by a pattern, `cond` by conditions';
const EACH = '`(for-each (x xs) ...)` visits a collection';
const RAISE = '`(error "message")` stops the call';
const TEST = '`(deftest "what must hold" (check (= a b)))` is a test';
const MISSING = 'what may be missing is an `Option`: `None`, or `(Some x)`';

/** Forms: what stands in them means nothing in Sluice's order. */
const FORMS: Readonly<Record<string, string>> = {
  ...all(['def', 'define', 'defvar', 'defparameter', 'defconst', 'defconstant'], DEFINE),
  ...all(
    ['defun', 'function', 'func', 'fun', 'defmethod', 'defn-', 'defpub'],
    '`(defn f (x) ...)` defines a function',
  ),
  ...all(['lambda', 'λ', '=>'], 'a function without a name is `(fn (x) ...)`'),
  ...all(['var', 'const', 'let*', 'let-values', 'setf', 'local'], LET),
  ...all(['class', 'struct', 'record', 'defrecord', 'defclass*', 'define-struct'], STRUCT),
  ...all(['enum', 'defenum', 'data', 'type', 'defunion', 'union'], SUM),
  ...all(['loop', 'repeat', 'do-while'], LOOP),
  ...all(['foreach', 'forEach', 'doseq', 'dolist', 'each', 'for-in', 'for-of'], EACH),
  ...all(['trait', 'interface', 'protocol', 'defprotocol', 'deftrait', 'definterface', 'typeclass'], CLASS),
  ...all(['impl', 'implement', 'definstance', 'defimpl', 'extend-type'], INSTANCE),
  ...all(['require', 'use', 'include', 'using', 'load-file', 'open'], IMPORT),
  ...all(['try', 'catch', 'try-catch'], RESULT),
  ...all(['switch', 'case', 'select'], MATCH),
  ...all(['module', 'namespace', 'ns', 'package'], 'a file is a module: it is called by its path'),
  ...all(['export', 'provide'], '`(pub defn f (x) ...)` makes a definition visible to other modules'),
  ...all(['if-not', 'if!'], '`(if (not c) a b)` says it, and `(unless c ...)` where there is no `else`'),
  ...all(['when-not', 'ifnot'], '`(unless c ...)` says it'),
  'while-let': '`(while true (if-let ((Some x) e) (do ...) (break)))` goes on as long as a pattern fits',
  ...all(['until', 'while-not'], '`(while (not c) ...)` says it'),
  ...all(
    ['elif', 'elsif', 'elseif', 'else-if', 'else'],
    '`(cond (a ...) (b ...) (else ...))` asks one after another',
  ),
  ...all(
    ['arena', 'region', 'using-arena', 'in-arena'],
    '`(with-arena scratch ...)` frees what is made in it when it ends',
  ),
  ...all(['is', 'testing', 'describe'], TEST),
  typealias: '`(deftype-alias Grid (Vector i64))` gives a type another name',
  quote: 'there is no quote: `[1 2 3]` is a vector of things, `:name` a name as a value',
  setq: '`(set! x 3)` changes a `mut` name',
};

/** Functions and operators. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...all(['begin', 'progn', 'block', 'seq'], '`(do a b)` evaluates one after another'),
  ...all(['==', '===', 'eq?', 'eql', 'equal', 'equal?', 'equals', 'eqv?'], 'equality is `=`: `(= a b)`'),
  ...all(['!==', 'not=', '<>', 'not-equal'], 'inequality is `!=`: `(!= a b)`'),
  ...all(['&&', '&'], 'it is `and`: `(and a b)`; `bit-and` for bits'),
  '!': 'it is `not`: `(not a)`',
  ...all(['<<', 'shift-left'], 'it is `shl`: `(shl n 2)`'),
  ...all(['>>', '>>>', 'shift-right'], 'it is `shr`: `(shr n 2)`'),
  xor: '`(bit-xor a b)` works on bits, `(!= a b)` on `Bool`',
  ...all(['%', 'modulo'], 'it is `mod`: `(mod a b)`'),
  remainder: 'it is `rem`: `(rem a b)`',
  ...all(['quotient', 'div', 'idiv', '//'], '`(/ a b)` of whole numbers leaves out the rest'),
  ...all(['**', 'expt', 'power'], 'it is `pow`: `(pow x 2.0)`'),
  ...all(['inc', 'add1', '++'], '`(+ x 1)` is one more; `(inc! x)` makes a `mut` name that'),
  ...all(['dec', 'sub1', '--'], '`(- x 1)` is one less; `(dec! x)` makes a `mut` name that'),
  ...all(['zero?', 'zero'], '`(= x 0)` asks that'),
  ...all(['positive?', 'pos?'], '`(> x 0)` asks that'),
  ...all(['negative?', 'neg?'], '`(< x 0)` asks that'),
  ...all(['infinity', 'inf', 'Infinity', '+inf'], '`(/ 1.0 0.0)` is greater than all other numbers'),
  ...all(['nan', 'NaN', '+nan'], '`(/ 0.0 0.0)` is no number'),
  ...all(['even?', 'even'], '`(= (mod n 2) 0)` asks that'),
  ...all(['odd?', 'odd'], '`(!= (mod n 2) 0)` asks that'),
  ...all(
    ['length', 'count', 'size', 'len?', 'vec-len', 'vector-length', 'strlen'],
    '`(len xs)` counts elements, `(string-length s)` characters',
  ),
  ...all(
    ['car', 'second', 'elt', 'vector-ref', 'at', 'aref', 'get-at'],
    '`(nth xs i)` is an element, `(first xs)` the first one',
  ),
  ...all(['cdr', 'butfirst'], '`(rest xs)` is all but the first'),
  ...all(
    ['conj', 'push', 'add', 'push-back', 'vec-push'],
    '`(append xs x)` makes a longer `Vector`; `(push! xs x)` changes a `MutVec`',
  ),
  ...all(
    ['get', 'ref', 'lookup', 'hash-ref', 'map-ref'],
    '`(map-get m key)` asks a map, `(nth xs i)` a vector, `(.hp e)` reads a field',
  ),
  ...all(
    ['put', 'put!', 'hash-set!', 'map-put!', 'assoc!'],
    '`(map-set! m key value)` changes a `MutMap`; `(assoc m key value)` makes a larger `Map`',
  ),
  ...all(['reduce', 'foldl', 'fold-left', 'inject', 'foldr'], '`(fold (fn (sum x) (+ sum x)) 0 xs)` says it'),
  ...all(
    ['select-if', 'filter-by', 'where', 'remove-if-not', 'keep'],
    '`(filter (fn (x) (> x 0)) xs)` says it',
  ),
  ...all(['mapcar', 'map-vec', 'mapv', 'transform'], '`(map (fn (x) (* x x)) xs)` says it'),
  ...all(['exists?', 'exists', 'some', 'any'], '`(any? (fn (x) (> x 0)) xs)` asks that'),
  ...all(['every?', 'all', 'forall'], '`(all? (fn (x) (> x 0)) xs)` asks that'),
  ...all(
    ['vector', 'vec', 'make-vector'],
    '`[1 2 3]` is a vector, `(mut-vec 1 2 3)` one that can be changed',
  ),
  ...all(
    ['hash-map', 'dict', 'hash', 'make-hash', 'make-map', 'hash-table'],
    '`{:a 1 :b 2}` is a map, `(mut-map :a 1)` one that can be changed',
  ),
  ...all(['new', 'make', 'create', 'make-struct'], "a type's name makes one: `(Body 80.0)`"),
  ...all(
    ['to-string', 'to-str', 'string', 'toString', 'number->string', 'itoa', 'tostring', 'stringify'],
    '`(str x)` makes a string of anything',
  ),
  ...all(
    ['string-append', 'string-concat', 'strcat', 'concat-string', 'string+', 'str-cat'],
    '`(str a b)` puts strings together',
  ),
  ...all(
    ['string->number', 'to-int', 'atoi', 'parse-number', 'parseInt', 'string-to-int'],
    '`(parse-int s)` reads a whole number, `(parse-float s)` one with a point',
  ),
  ...all(
    [
      'printf',
      'print!',
      'printl',
      'println!',
      'print-line',
      'console.log',
      'display',
      'displayln',
      'echo',
      'puts',
      'log',
      'write',
      'writeln',
    ],
    '`(println a b)` writes a line',
  ),
  ...all(
    ['rand', 'Math.random', 'random-float'],
    '`(random)` is between 0 and 1, `(random-int 1 7)` a whole number below 7',
  ),
  ...all(['throw', 'raise', 'panic', 'panic!', 'fail', 'die', 'abort'], RAISE),
  ...all(
    ['assert-eq', 'assert-equal', 'assert-equals', 'assert=', 'check-eq', 'check=', 'expect-equal'],
    '`(check (= a b))` says that two are equal',
  ),
  ...all(
    ['entities', 'all-entities', 'get-entities', 'find-entities'],
    '`(for-entities (e Ball) ...)` visits all entities of a type, `(count-entities Ball)` counts them',
  ),
  ...all(
    ['int', 'float', 'double', 'to-float', 'to-int64', 'as', 'cast', 'convert', 'int->float', 'float->int'],
    '`(i64 x)` makes a whole number of another number, `(f64 x)` one with a point',
  ),
  ...all(
    ['??', 'or-else', 'unwrap-or-else', 'get-or-else', 'get-or', 'or-default', '?:'],
    '`(unwrap-or e value)` is what is in an `Option`, or else the value',
  ),
  ...all(['string=', 'string=?', 'str=', 'strcmp', 'string-equal?'], 'equality is `=`: `(= a b)`'),
  ...all(['split', 'str-split', 'string/split'], '`(string-split s ",")` is a vector of the parts'),
  ...all(['join', 'str-join', 'string/join'], '`(string-join xs ",")` puts strings together'),
  ...all(
    ['upper', 'uppercase', 'to-upper', 'upcase', 'upper-case', 'toUpperCase'],
    '`(string-upcase s)` makes capitals of it',
  ),
  ...all(
    ['lower', 'lowercase', 'to-lower', 'downcase', 'lower-case', 'toLowerCase'],
    '`(string-downcase s)` makes small letters of it',
  ),
  ...all(['trim', 'strip'], '`(string-trim s)` leaves out the white space around it'),
  ...all(['replace', 'str-replace'], '`(string-replace s "old" "new")` says it'),
  ...all(
    ['vec-set!', 'vector-set!', 'set-at!', 'aset', 'set-nth!', 'nth-set!', 'put-at!'],
    '`(set! (nth xs i) x)` sets an element of a `MutVec`',
  ),
  ...all(['spawn!', 'add-entity'], '`(add-entity! (Ball 1.0))` puts an entity into the world'),
  ...all(
    ['despawn', 'despawn!', 'destroy', 'destroy!', 'remove-entity', 'kill', 'queue-free', 'queue_free'],
    '`(remove-entity! e)` takes an entity out of the world',
  ),
  ...all(['assert', 'assert!', 'ensure', 'expect'], '`(check condition)` stops where it does not hold'),
  ...all(
    ['nil?', 'null?', 'none?', 'is-none', 'is-null', 'None?', 'Some?', 'is-some'],
    '`(some? x)` asks that of an `Option`; `match` and `if-let` take it apart',
  ),
  ...all(['typeof', 'type-of?', 'class-of'], '`(type-of x)` is the name of a type, as a string'),
  ...all(
    ['sleep', 'delay', 'setTimeout', 'set-timeout'],
    'a script never waits: `(after 2.0 e ...)` of `sluice.game` does something later',
  ),
  ...all(
    ['setInterval', 'set-interval', 'repeat-every'],
    '`(every 0.5 e ...)` of `sluice.game` does something again and again',
  ),
  ...all(
    ['dispatch', 'trigger', 'send-event', 'fire-event', 'emit!'],
    '`(emit :hit e)` tells an event, `(on-event :hit (e) ...)` says what is done then',
  ),
  ...all(['now', 'time', 'current-time', 'get-time', 'Date.now'], '`(time-ms)` is the time in milliseconds'),
  ...all(['sum', 'total', 'sum-of'], '`(fold + 0 xs)` adds up, `(fold + 0.0 xs)` numbers with a point'),
  ...all(
    ['max-of', 'min-of', 'maximum', 'minimum'],
    '`(max-by (fn (x) x) xs)` is an `Option` of the greatest, `(min-by (fn (x) x) xs)` one of the least',
  ),
  apply: '`(fold max (first xs) xs)` goes over a collection with a function of two',
  ...all(
    ['filter-map', 'keep-some', 'map-filter', 'compact-map'],
    '`(flat-map (fn (x) (if (> x 0) [x] [])) xs)` leaves some out',
  ),
  ...all(
    ['map-indexed', 'map-index', 'each-with-index', 'map-with-index'],
    '`(map (fn ((i x)) (+ i x)) (enumerate xs))` says it',
  ),
  ...all(
    ['filter!', 'remove-if!', 'delete-if!', 'remove-if', 'keep!'],
    '`(retain! xs (fn (x) (> x 0)))` keeps some elements of a `MutVec`',
  ),
  ...all(
    ['remove!', 'delete!', 'erase!', 'remove', 'delete'],
    '`(remove-at! xs i)` takes out an element, `(retain! xs keep?)` many, `map-remove!` a key, `set-remove!` what a set has',
  ),
  ...all(
    ['add!', 'append!', 'insert', 'conj!'],
    '`(push! xs x)` puts into a `MutVec`, `(set-add! s x)` into a `MutSet`, `(map-set! m key value)` into a `MutMap`',
  ),
  ...all(
    ['random-choice', 'choice', 'rand-nth', 'sample', 'random-element'],
    '`(pick xs)` is one of the elements by chance',
  ),
  ...all(
    ['starts-with?', 'starts-with', 'ends-with?', 'ends-with', 'string-prefix?', 'string-suffix?'],
    '`(string-starts-with? s "part")` asks how it begins, `(string-ends-with? s "part")` how it ends',
  ),
  ...all(['substr', 'string-slice', 'subs'], '`(substring s from to)` is a part of a string'),
  ...all(['concatenate', 'append-all', 'extend', '++='], '`(concat xs ys)` puts collections together'),
};

const VALUES: Readonly<Record<string, string>> = {
  ...all(['nil', 'null', 'undefined', 'none', 'NULL', 'NONE', 'nothing'], MISSING),
  ...all(['True', 'TRUE', 'yes', 'on'], 'it is written `true`'),
  ...all(['False', 'FALSE', 'no', 'off'], 'it is written `false`'),
  ...all(['this', 'self'], 'a function works on its parameters: give it one, as in `(defn hit (e) ...)`'),
  ...all(['Math.PI', 'PI', 'math.pi', 'Pi'], 'it is `pi`'),
  ...all(['TAU', 'Tau', 'Math.TAU', 'two-pi', 'TWO-PI'], 'it is `tau`'),
  ...all(['void', 'unit'], 'the value without content is `(do)`'),
};

const TYPES: Readonly<Record<string, string>> = {
  ...all(
    ['int', 'Int', 'integer', 'Integer', 'long', 'number', 'Number', 'isize', 'usize', 'Num'],
    '`i64` is a whole number, `f64` one with a point',
  ),
  ...all(
    ['float', 'Float', 'double', 'Double', 'real', 'Real'],
    '`f64` is a number with a point, `f32` a smaller one',
  ),
  ...all(['short', 'int32', 'Int32'], '`i32` and `i16` are smaller whole numbers'),
  ...all(['byte', 'Byte', 'uint8'], '`u8` goes from 0 to 255'),
  ...all(['uint', 'unsigned'], '`u64` and `u32` are whole numbers without a sign'),
  ...all(['bool', 'boolean', 'Boolean'], 'it is `Bool`'),
  ...all(['string', 'str', 'Str', 'text', 'Text'], 'it is `String`'),
  ...all(['char', 'Char', 'character', 'Character'], 'a character is a `String` of length 1'),
  ...all(['void', 'Void', 'unit', 'None', 'nil', 'Nil', 'null'], 'what returns nothing has the type `Unit`'),
  ...all(
    ['any', 'Any', 'object', 'Object', 'auto'],
    "leave the type out and it is found; `'a` stands for any",
  ),
  ...all(['vector', 'vec', 'Vec', 'Seq', 'Slice'], '`(Vector i64)` cannot be changed, `(MutVec i64)` can'),
  array: '`(Vector i64)` cannot be changed, `(MutVec i64)` can; `(Array 4 i64)` always has four elements',
  ...all(['ArrayList', 'MutVector', 'Mutvec'], '`(MutVec i64)` is a vector that can be changed'),
  ...all(
    ['dict', 'Dict', 'Dictionary', 'HashMap', 'hash-map', 'Hash', 'Table', 'table'],
    '`(Map String i64)` cannot be changed, `(MutMap String i64)` can',
  ),
  ...all(['symbol', 'Symbol'], 'a name as a value, `:name`, is a `Keyword`'),
  ...all(
    ['maybe', 'Maybe', 'optional', 'Optional', 'option', 'Nullable'],
    'what may be missing is an `(Option i64)`',
  ),
  ...all(['Either', 'either', 'result'], 'what may fail is a `(Result i64 String)`'),
  ...all(
    ['function', 'Function', 'fn', 'Func', 'func', 'lambda', '->'],
    'a function has a type like `(Fn [i64 i64] Bool)`',
  ),
  ...all(['tuple', 'Pair', 'pair'], 'two together are a `(Tuple i64 String)`'),
};

function all(words: readonly string[], hint: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => [word, hint]));
}

const EXPRESSION_WORDS: ReadonlyMap<string, ForeignWord> = new Map([
  ...Object.entries({ ...FUNCTIONS, ...VALUES }).map(([word, hint]) => entry(word, hint, false)),
  ...Object.entries(FORMS).map(([word, hint]) => entry(word, hint, true)),
]);

function entry(word: string, hint: string, isForm: boolean): readonly [string, ForeignWord] {
  return [word, { hint, isForm }];
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map(Object.entries(TYPES));

/** What a word that means nothing in an expression is in Sluice. */
export function foreignWord(name: string): ForeignWord | undefined {
  return EXPRESSION_WORDS.get(name);
}

/** Whether other languages say with this word that there is no value. */
export function isMissing(name: string): boolean {
  return Object.hasOwn(VALUES, name) && VALUES[name] === MISSING;
}

/** What a word that is no type here is in Sluice. */
export function foreignType(name: string): string | undefined {
  return TYPE_WORDS.get(name);
}
