/** Programs in Lua, run by wasmoon: the reference Lua 5.4 compiled to WebAssembly. */
import { readFileSync } from 'node:fs';
import { LuaFactory } from 'wasmoon';
import { programFile } from './program.ts';

export interface LuaProgram {
  /** Calls a global function of numbers. */
  call(name: string, ...args: readonly number[]): number;
  close(): void;
}

export async function loadLua(name: string): Promise<LuaProgram> {
  const engine = await new LuaFactory().createEngine({ openStandardLibs: true });
  await engine.doString(readFileSync(programFile(`${name}.lua`), 'utf8'));
  return {
    call: (key, ...args) => {
      const result: unknown = engine.global.call(key, ...args)[0];
      return Number(result);
    },
    close: () => engine.global.close(),
  };
}
