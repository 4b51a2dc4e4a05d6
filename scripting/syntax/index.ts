export { type Diagnostic, Diagnostics, render } from './diagnostic.ts';
export { cover, Source, type Span } from './source.ts';
