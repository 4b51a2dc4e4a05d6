// A command of the compiler is over in less than a second. V8 would spend as much time again on optimising functions for a
// future that does not come, so it is told to wait until they have run eight times as long as usual (it counts bytes of
// bytecode). Measured in test/bench/README.md; a process that stays open, as Vite's, is left as it is.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--interrupt-budget=1000000');
