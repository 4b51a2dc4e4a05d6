/** What runs compiled programs, in browsers and in Node. No compiler stage is imported from here. */
export type { ScriptModule } from '../image/index.ts';
export { type AllocationObserver, blockKindOf, type ObjectViews, objectBytes } from './allocations.ts';
export { checksum, type HasWorld } from './checksum.ts';
export type { Column } from './column.ts';
export { ConversionError } from './convert.ts';
export { type HostModules, LinkError } from './extern.ts';
export type { FailureKind } from './failure.ts';
export { fetchTracing } from './fetch-tracing.ts';
export type { ForceOptions, ForceOutcome, ForcePhase } from './forced.ts';
export type { FrameFailure } from './frame.ts';
export { type BrokenRule, Machine, type MachineOptions, type ReplaceOptions } from './machine.ts';
export { ScriptObject } from './object.ts';
export type { PreparedImage } from './program.ts';
export type { Rename, ReplaceOutcome, ReplaceQuestion, ReplaceRefusal, ReplaceReport } from './replace.ts';
export { ScriptError } from './script-error.ts';
export type { ScriptFunction } from './shapes.ts';
export type { Places, ScriptFrame } from './tracing.ts';
export type { MemoryViews } from './views.ts';
