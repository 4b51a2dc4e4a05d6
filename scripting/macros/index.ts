export { type ExpandOptions, expand, expandProgram, type ModuleForms } from './expand.ts';
export {
  type Import,
  importedModules,
  importOf,
  importShape,
  isLibraryModule,
  moduleNamed,
} from './import.ts';
export { constructorNames, withPlainNames } from './plain-names.ts';
export { FAILED } from './template.ts';
