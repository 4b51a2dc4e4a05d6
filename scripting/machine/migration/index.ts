export type { Problem } from './check.ts';
export type { Migrated } from './conversion.ts';
export { cellReps, type LivingGlobal } from './globals.ts';
export { Migration } from './migration.ts';
export { Unconvertible } from './value-conversion.ts';
export { type LinkedVersion, type Remembered, remember, sharing } from './version-types.ts';
