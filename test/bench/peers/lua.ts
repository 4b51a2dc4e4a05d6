/** Programs in Lua, run by wasmoon: the reference Lua 5.4 compiled to WebAssembly. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LuaFactory } from 'wasmoon';
import { programFile } from './program.ts';

export interface LuaProgram {
  /** Calls a global function that returns a number. */
  call(name: string, ...args: readonly (number | string)[]): number;
  close(): void;
}

/** Programs that this one can `require`, by their names without folders, are given after it. */
export async function loadLua(name: string, ...required: readonly string[]): Promise<LuaProgram> {
  const factory = new LuaFactory();
  const text = (program: string): string => readFileSync(programFile(`${program}.lua`), 'utf8');
  for (const program of required) await factory.mountFile(`${basename(program)}.lua`, text(program));
  const engine = await factory.createEngine({ openStandardLibs: true });
  await engine.doString(text(name));
  return {
    call: (key, ...args) => {
      const result: unknown = engine.global.call(key, ...args)[0];
      return Number(result);
    },
    close: () => engine.global.close(),
  };
}
