// A command of the compiler is over in less than a second. V8 would spend as much time again on optimising functions for a
// future that does not come, so it is told to wait: with JavaScript until it has run eight times as long as usual (it counts bytes of
// bytecode), with WebAssembly, which is Binaryen, altogether. Measured in test/bench/README.md; a process that stays open, as Vite's, is
// left as it is. Scripts are WebAssembly too: `script-tiers.ts`.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--interrupt-budget=1000000');
setFlagsFromString('--wasm-tiering-budget=2000000000');
