export { isStray } from './characters.ts';
export { CODES, type Code } from './codes.ts';
export { type Diagnostic, Diagnostics, excerptOf, render } from './diagnostic.ts';
export { type FieldForm, fieldForm } from './field-form.ts';
export {
  bindingKey,
  children,
  type Form,
  headName,
  type ListForm,
  type Mark,
  NESTING_LIMIT,
  type SymbolForm,
  symbolName,
} from './form.ts';
export { type ExpressionFormName, formsThat, LANGUAGE_FORMS, type LanguageForm } from './language-forms.ts';
export { layOut } from './layout.ts';
export { nearest } from './nearest.ts';
export { print, printString } from './printer.ts';
export { readOnce } from './read-once.ts';
export { read } from './reader.ts';
export { isSameForm, moveForm, moveSpan } from './same-form.ts';
export { singleOf } from './single.ts';
export { cover, type Expansion, Source, type Span, Stretch } from './source.ts';
