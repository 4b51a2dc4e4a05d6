export * from './host-types.ts';
export * from './manifest.ts';
export {
  DeliveredScript,
  decodeImage,
  encodeImage,
  type ImageText,
  SCRIPT_EVENT,
  type ScriptEvent,
  type ScriptMessage,
  type ScriptModule,
  type ScriptProblem,
  ScriptProblemsError,
  type ScriptState,
} from './script-module.ts';
