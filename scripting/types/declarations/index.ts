export { declareAll } from './declaration.ts';
export { Declarations } from './declarations.ts';
export { hostArguments } from './exportable.ts';
export { checkFunction, checkGlobal, inferGroup, readSignature, reportUnusedSignatures } from './function.ts';
export { linkImports } from './import.ts';
export { checkSuperclasses } from './instance.ts';
export { checkMigrations } from './migration.ts';
