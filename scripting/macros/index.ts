export { expand, expandProgram, type ModuleForms } from './expand.ts';
export { type Import, importedModules, importOf, moduleNamed } from './import.ts';
export { FAILED } from './template.ts';
