// A process in which one program of the suite runs, so that what V8 learns of one does not disturb the others.
// `program-run.mjs NAME OPTIONS`, from `index.ts`, which hears what it came to.
import { register } from 'tsx/esm/api';

// As in ../start.mjs: before tsx looks at what is imported.
await import('binaryen');
register();
const { measureProgram } = await import('./measure-program.ts');
const [, , name, options] = process.argv;
await measureProgram(name, JSON.parse(options));
