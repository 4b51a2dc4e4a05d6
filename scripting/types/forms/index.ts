export {
  aliasType,
  constructorFrom,
  count,
  parameterScope,
  showNames,
  type TypeScope,
  typeFrom,
} from './annotation.ts';
export { parameterForms, parameterList, parameterName, typedForms, withColons } from './binding.ts';
export { eventOf } from './events.ts';
export { check, checkBody, infer, statement, statements } from './expression.ts';
export { foreignType, foreignWord } from './foreign-words.ts';
export { gameName } from './later.ts';
export { splitAnnotation } from './pattern.ts';
export { resultAndBody } from './result-type.ts';
