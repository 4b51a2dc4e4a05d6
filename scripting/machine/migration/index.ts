export { type Migrated, Migration, type Problem } from './migration.ts';
export { type LinkedVersion, type Remembered, remember } from './version-types.ts';
