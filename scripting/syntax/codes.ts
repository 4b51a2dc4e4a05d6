/**
 * Every kind of thing that the compiler has to say about a script, with one sentence on what it means. The reference
 * prints this list, the type of a diagnostic's code is made of it, and a test wants a program for each.
 */
export const CODES = {
  // What the reader says.
  'bad-escape': 'a `\\` in a string is followed by something that it does not go with',
  'bad-number': 'a word begins like a number and is none',
  'mismatched-close': 'a closing bracket stands where another one is expected',
  'nesting-limit': 'forms are nested deeper than the compiler follows',
  unclosed: 'a bracket is never closed',
  'unclosed-string': 'a string is never closed',
  'unexpected-character': 'a character that no form begins with',
  'unmatched-close': 'a closing bracket closes nothing',

  // What macro expansion says.
  'bad-macro-call': 'a macro is called with something else than it takes',
  'bad-template': 'a `,` or `,@` in a template that cannot be filled in',
  'macro-limit': 'macros that call one another without end',

  // Forms and names.
  'ambiguous-name': 'a name that several imports give a meaning',
  'bad-form': 'a form that is not put together as its name wants it',
  'bad-format':
    'the text of a `format` does not fit its arguments; a warning where `println` is given such a text',
  'bad-pattern': 'this is no pattern, or none that may stand here',
  'circular-default': "a field's default needs itself",
  'circular-global': "a global's first value needs itself",
  'circular-order': 'behaviours that would have to run before one another',
  'circular-import': 'modules that import one another',
  'duplicate-definition': 'two definitions of one name',
  'foreign-migration': 'a `migrate` in another file than its type',
  'missing-definition': 'a `declare` without its `defn`',
  'missing-else': 'a `cond`, `if` or `if-let` that has no value where nothing fits',
  'missing-form': 'something is left out without which the form makes no sense',
  'not-mutable': 'a name, field or vector is changed that was not made for it',
  'not-supported-yet': 'a form of the language that this version cannot compile',
  'outside-function': '`?` where there is no function to return from',
  'outside-loop': '`break` or `continue` without a loop around it',
  'private-name': 'an imported name that its module does not make public',
  'repeated-argument': 'one argument or field is given twice',
  'repeated-name': 'two of the names bound together are the same',
  'reserved-name': 'a form without which nothing can be written is redefined',
  'hidden-form': 'a definition hides a form of the language (a warning)',
  'catch-all-name': 'a name in a pattern, which fits everything, where a variant is meant (a warning)',
  'split-number': 'a comma in a number, which makes two of it (a warning)',
  'wrong-direction': 'a `for` that counts away from its end, or never begins (a warning)',
  'unused-value': 'a value is computed or named for nothing (a warning)',
  'unknown-argument': 'a named argument or field that is not there',
  'unknown-module': 'an import of a module that is not there',
  'unknown-name': 'a name that means nothing here',
  'unknown-picture': 'a picture that the game does not have',
  'wrong-entry-point': '`main`, `start` or `frame` with a type that the host cannot call',

  // Types.
  'no-arena': '`outside` or `copy-out` with no arena open in the same function',
  'ambiguous-field': 'a field of something whose type nothing says',
  'ambiguous-type': 'nothing says what a type is, and it matters',
  'bad-array-length': 'the length of an array is no literal, or out of range',
  'bad-index': 'an index that is written down and that the array does not have',
  'bad-type': 'this is no type',
  'changes-argument':
    "a field that is not declared `mut` is set through a `mut` parameter: the caller's object changes (a warning)",
  'circular-alias': 'a type alias that stands for itself',
  'endless-generic': 'a generic function that uses itself at ever larger types',
  'infinite-type': 'a type that would have to contain itself',
  'literal-out-of-range': 'an integer literal that its type cannot hold',
  'missing-argument': 'a call or constructor lacks a named part',
  'lost-change': 'a function sets its own copy of a name for nothing (a warning)',
  'missing-signature': 'a public function without a signature (a warning)',
  'needs-unsafe': 'a function of `extern "C"` is called outside of `(unsafe ...)`',
  'not-a-function': 'something else than a function is called',
  'recursive-value': 'a `defvalue` that would contain itself',
  'too-wide': 'an array or a function that would come to more numbers than fit',
  'type-too-large': 'a type so large that nobody can have meant it',
  'shared-element': 'one object is all elements of a new vector (a warning)',
  'unknown-field': 'a field that the type does not have',
  'unknown-type': 'a type that is not there',
  'wrong-argument-count': 'too many or too few arguments',
  'wrong-kind': 'a type with too many, too few or the wrong types after it',
  'wrong-type': 'a value of another type than is wanted',

  // Matches.
  'match-too-large': 'a `match` with too many combinations to be looked through',
  'missing-arm': 'a `match` that leaves values out',
  'unreachable-arm': 'an arm that never fits, because those before it take all',

  // Classes.
  'circular-class': 'a class that is its own superclass',
  'closed-class': 'an instance for a class that only the language has instances of',
  'duplicate-instance': 'two instances that may fit the same type',
  'missing-constraint': 'a function needs a class that its signature does not promise',
  'missing-method': 'an instance lacks a method',
  'missing-superclass': 'an instance whose type lacks an instance of the superclass',
  'no-entities': 'a loop over the entities of a class that no entity type has an instance of (a warning)',
  'no-handler': 'an event that nothing in the program handles (a warning)',
  'no-instance': 'a type does not have what an operation needs of it',
  'orphan-instance': 'an instance in a module that defines neither its class nor its type',
  'unknown-class': 'a class that is not there',
  'unknown-method': 'a method that its class does not have',

  // Reloads.
  'changing-migration': 'a `migrate` that would not give the same at another time',

  // Arenas.
  'cannot-own': 'what shares or copies what it holds would own something, or what cannot be owned is to be',
  'kept-lent': 'what is only lent would be kept or returned, or what has drop code would have no owner',
  'moved-in-loop': 'a round of a loop gives away what the next one needs',
  'moved-out': 'what is only lent, by what holds or owns it, would be moved',
  'moved-while-lent': 'what is lent to a call, or taken apart by a `match`, is moved or set meanwhile',
  'not-owned': 'something is owned that may be held elsewhere, or drop code is called',
  'used-after-move': 'something is used after it was moved or dropped',
  'arena-escape': 'something leaves the arena that it lives in',
  'arena-store': 'something longer-lived would hold what lives in an arena',
  'arena-tangled': 'function values store so much in each other that arenas cannot be proved safe',
} as const;

/** The stable name of a kind of diagnostic. */
export type Code = keyof typeof CODES;
