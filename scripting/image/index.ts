export { type BuiltProgram, BuiltScript } from './built-script.ts';
export * from './controls.ts';
export * from './frames.ts';
export * from './host-types.ts';
export * from './kept.ts';
export * from './manifest.ts';
export { keepFunctionNames, nameModule } from './name-section.ts';
export {
  type CompileNews,
  DeliveredScript,
  decodeImage,
  encodeImage,
  IMAGES_EVENT,
  type ImagesMessage,
  type ImageText,
  isScriptProblems,
  REPORT_EVENT,
  type ReloadReport,
  type ReportMessage,
  SCRIPT_EVENT,
  type ScriptEvent,
  type ScriptMessage,
  type ScriptModule,
  type ScriptProblem,
  ScriptProblemsError,
  type ScriptState,
  type Undeclared,
} from './script-module.ts';
export { type FunctionBody, functionBodies } from './sections.ts';
export { signatureText } from './signature.ts';
