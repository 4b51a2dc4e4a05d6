// A process in which nothing is warm, set up as the command line is: runs the bundled front end once over a project and
// prints the milliseconds of each stage. `node compile-cold.mjs FRONT-END-URL FILES.json`
import { readFileSync } from 'node:fs';
import '../../scripting/tools/short-run.mjs';

const [, , frontEnd, files] = process.argv;
const { runFrontEnd } = await import(frontEnd);
console.log(JSON.stringify(runFrontEnd(new Map(JSON.parse(readFileSync(files, 'utf8'))))));
