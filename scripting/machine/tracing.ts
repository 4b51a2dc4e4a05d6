/** What tells where code has failed, and what a checked build has found. */
export { escapeMessage, freedMessage } from './check-message.ts';
export { Places } from './places.ts';
export { printTrace, readTrace, type ScriptFrame } from './trace.ts';
