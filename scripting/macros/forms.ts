/**
 * The forms of the language: names that a macro cannot take, because expansion would hide the form from everything that is
 * built of it, the prelude's macros included. A function may take those that `types` allows it.
 */
export const FORMS: ReadonlySet<string> = new Set(
  (
    'let fn if cond when unless do and or ann match unsafe set! update while for for-each for-entities ' +
    'count-entities break continue with-arena outside copy-out without-collection ' +
    'defn declare deftype defstruct defvalue defentity defclass instance defmacro defglobal deftype-alias import ' +
    'extern extern-type target behave pub deftest'
  ).split(' '),
);
