export {
  type CollectOptions,
  type CollectOutcome,
  Loading,
  type LoadOptions,
  type LoadPhase,
  type Report,
} from './loading.ts';
