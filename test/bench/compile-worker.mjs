// A worker in which nothing is warm: loads the compiler's front end and gives what one run of it takes.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { runFrontEnd } = await import('./front-end.ts');
parentPort.postMessage(runFrontEnd(workerData));
