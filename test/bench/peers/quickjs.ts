/** The same JavaScript as V8's side, run by QuickJS: an interpreter compiled to WebAssembly. */
import { readFileSync } from 'node:fs';
import { getQuickJS } from 'quickjs-emscripten';
import { programFile } from './program.ts';

export interface QuickJsProgram {
  call(name: string, ...args: readonly number[]): number;
  close(): void;
}

export async function loadQuickJs(name: string): Promise<QuickJsProgram> {
  const context = (await getQuickJS()).newContext();
  // As a script, so that its functions are globals.
  const text = readFileSync(programFile(`${name}.js`), 'utf8').replaceAll(/^export /gm, '');
  context.unwrapResult(context.evalCode(text, `${name}.js`)).dispose();
  return {
    call: (key, ...args) => {
      const handle = context.unwrapResult(context.evalCode(`${key}(${args.join(', ')})`));
      const result = context.getNumber(handle);
      handle.dispose();
      return result;
    },
    close: () => context.dispose(),
  };
}
