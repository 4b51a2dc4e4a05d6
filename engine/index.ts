/** What a game in a page uses of the engine. Headless runs take `loop/` and `profile/` alone. */
export type { ScriptModule } from '../scripting/image/index.ts';
export type { FoundObject, HeapSnapshot, HeldTotal, TypeTotal } from '../scripting/machine/snapshot/index.ts';
export type { Failure } from './failures.ts';
export { FEATURES } from './feature-table.ts';
export { missingFeatures } from './features.ts';
export { Game, type GameOptions } from './game.ts';
export type { GameInput, InputOptions, SavedBindings, TextQuestion, Touch } from './input/index.ts';
export { InputPage, inputHost } from './input/index.ts';
export type { CollectOptions, CollectOutcome, LoadOptions, LoadPhase, Report } from './loading/index.ts';
export {
  Culprit,
  type FrameRecorder,
  Measure,
  type RecordedGame,
  readRecording,
  saveRecording,
  summarise,
  Timeline,
  type TimelineOptions,
  tableOf,
} from './profile/index.ts';
export type { ScriptMachine } from './script.ts';
export { Circles, type Fit, type StageObject } from './stage/index.ts';
