export * from './controls.ts';
export * from './frames.ts';
export * from './host-types.ts';
export * from './manifest.ts';
export {
  DeliveredScript,
  decodeImage,
  encodeImage,
  IMAGES_EVENT,
  type ImagesMessage,
  type ImageText,
  isScriptProblems,
  SCRIPT_EVENT,
  type ScriptEvent,
  type ScriptMessage,
  type ScriptModule,
  type ScriptProblem,
  ScriptProblemsError,
  type ScriptState,
  type Undeclared,
} from './script-module.ts';
