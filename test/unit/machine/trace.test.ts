import binaryen from 'binaryen';
import { describe, expect, it } from 'vitest';
import { functionBodies, keepFunctionNames, nameModule } from '../../../scripting/image/index.ts';
import { CodeModule } from '../../../scripting/machine/code.ts';
import { foldTrace, printTrace, readTrace, type ScriptFrame } from '../../../scripting/machine/trace.ts';
import { imageOf } from './image.ts';

/** A source map whose line says in which file, line and column (from 0) the code from each offset on lies. */
const MAP = JSON.stringify({
  version: 3,
  sources: ['game.slu'],
  names: [],
  // offset 60: 3:7, offset 70: nothing, offset 80: 9:2
  mappings: '4DAEO,U,UAML',
});

const described = async (name: string): Promise<CodeModule> => {
  const code = new CodeModule(name, { ...imageOf(''), sourceMap: MAP });
  await code.describe();
  return code;
};
const old = await described('sluice-1');
const module = await described('sluice-2');
const at = (line: number, column: number) => ({ file: 'game.slu', line, column });

describe('reading stack traces', () => {
  it('finds script frames in what V8 writes, and leaves out the host and code without a position', () => {
    const stack = `ScriptError: index 9 is out of range
    at fail (file:///machine/calls.ts:16:61)
    at heap-3.allocateSlow (wasm://wasm/heap-3-b6ece5aa:wasm-function[1]:0x3c)
    at sluice-2.fn in solve (wasm://wasm/sluice-2-b6ece5aa:wasm-function[1]:0x3d)
    at sluice-2.glue (wasm://wasm/sluice-2-b6ece5aa:wasm-function[2]:0x47)
    at sluice-1.main (wasm://wasm/sluice-1-00000000:wasm-function[3]:0x50)
    at file:///page.js:21:15`;
    expect(readTrace(stack, [old, module])).toEqual([
      { function: 'fn in solve', position: at(3, 8) },
      { function: 'main', position: at(9, 3) },
    ]);
  });

  it('finds them in what Firefox writes', () => {
    const stack = `fail@http://localhost/machine.js:16:61
solve@http://localhost/machine.js line 3 > WebAssembly.Module:wasm-function[12]:0x3d
main@http://localhost/machine.js line 3 > WebAssembly.Module:wasm-function[13]:0x50
start@http://localhost/page.js:21:15`;
    expect(readTrace(stack, [module])).toEqual([
      { function: 'solve', position: at(3, 8) },
      { function: 'main', position: at(9, 3) },
    ]);
  });
});

describe('reading stack traces without offsets', () => {
  it('finds the functions in what Safari writes, without positions', () => {
    const stack = `fail@http://localhost/machine.js:16:61
<?>.wasm-function[scripting/heap/allocate/allocateSlow]@[wasm code]
<?>.wasm-function[17]@[wasm code]
<?>.wasm-function[fn in solve]@[wasm code]
<?>.wasm-function[main]@[wasm code]
wasm-stub@[wasm code]
start@http://localhost/page.js:21:15`;
    expect(readTrace(stack, [module])).toEqual([
      { function: 'fn in solve', position: undefined },
      { function: 'main', position: undefined },
    ]);
  });
});

describe('folding recursions', () => {
  const frame = (name: string, line: number): ScriptFrame => ({ function: name, position: at(line, 1) });
  const times = <T>(count: number, ...items: T[]): T[] => Array.from({ length: count }, () => items).flat();

  it('folds a function that calls itself, and one circle of several', () => {
    const frames = [
      frame('down', 1),
      ...times(40, frame('even', 2), frame('odd', 3)),
      ...times(5, frame('up', 4)),
    ];
    expect(foldTrace(frames).map(({ frames: { length }, times }) => [length, times])).toEqual([
      [1, 1],
      [2, 40],
      [1, 5],
    ]);
    expect(printTrace([...frames, frame('main', 5)], false)).toBe(
      [
        '  at down (game.slu:1:1)',
        '  at even (game.slu:2:1)',
        '  at odd (game.slu:3:1)',
        '  ... the 2 lines above 39 more times',
        '  at up (game.slu:4:1)',
        '  ... the line above 4 more times',
        '  at main (game.slu:5:1)',
      ].join('\n'),
    );
  });

  it('says that the trace goes on where the engine cut it', () => {
    expect(printTrace([frame('main', 5)], true)).toBe('  at main (game.slu:5:1)\n  ... and so on');
  });
});

describe('naming modules', () => {
  const build = (named: boolean): Uint8Array => {
    const text = '(module (memory 1) (func $boom (export "boom") (i32.store (i32.const -1) (i32.const 0))))';
    const wat = binaryen.parseText(text);
    binaryen.setDebugInfo(named);
    return wat.emitBinary();
  };
  const offsets = (wasm: Uint8Array): { name: string; offset: string } => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
    try {
      (instance.exports.boom as () => void)();
    } catch (error) {
      const found = /wasm:\/\/wasm\/(?<name>.*)-[0-9a-f]{8}:.*(?<offset>0x[0-9a-f]+)/.exec(
        (error as Error).stack ?? '',
      );
      return { name: found?.groups?.name ?? '', offset: found?.groups?.offset ?? '' };
    }
    throw new Error('boom did not trap');
  };

  it.each([
    ['without a name section', build(false)],
    ['with one', build(true)],
    ['that has a name already', nameModule(build(true), 'earlier')],
  ])('gives a module %s its name in stack traces, and moves no code', (_, wasm) => {
    const named = nameModule(wasm, 'sluice-77');
    expect(offsets(named)).toEqual({ name: 'sluice-77', offset: offsets(nameModule(wasm, 'x')).offset });
    const sections = WebAssembly.Module.customSections(new WebAssembly.Module(named), 'name');
    expect(sections).toHaveLength(1);
  });

  const two = `(module (memory 1) (func $scripting/heap/quiet (export "quiet"))
    (func $boom (export "boom") (local $x i32) (i32.store (i32.const -1) (i32.const 0))))`;
  const buildTwo = (): Uint8Array => {
    const wat = binaryen.parseText(two);
    binaryen.setDebugInfo(true);
    return wat.emitBinary();
  };
  const stackOf = (wasm: Uint8Array): string => {
    try {
      (
        new WebAssembly.Instance(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>)).exports
          .boom as () => void
      )();
    } catch (error) {
      return (error as Error).stack ?? '';
    }
    throw new Error('boom did not trap');
  };

  it('has each offset of a trace in the body of its function', () => {
    const wasm = buildTwo();
    const [quiet, boom] = functionBodies(wasm);
    const { offset = '' } = offsets(nameModule(wasm, 'x'));
    const at = Number(offset);
    expect([functionBodies(wasm).length, quiet?.to]).toEqual([2, (boom?.from ?? 0) - 1]);
    expect(at).toBeGreaterThanOrEqual(boom?.from ?? Number.POSITIVE_INFINITY);
    expect(at).toBeLessThan(boom?.to ?? 0);
    expect(functionBodies(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))).toEqual([]);
  });

  it('keeps the names of functions that it is told to, moves no code, and can be named afterwards', () => {
    const whole = buildTwo();
    const thin = keepFunctionNames(whole, (name) => !name.startsWith('scripting/'));
    const text = (wasm: Uint8Array) => new TextDecoder('latin1').decode(wasm);
    expect([text(whole), text(thin)].map((one) => one.includes('scripting/heap/quiet'))).toEqual([
      true,
      false,
    ]);
    expect(stackOf(nameModule(thin, 'sluice-78'))).toMatch(/sluice-78\.boom \(wasm:\/\/wasm\/sluice-78-/);
    expect(offsets(nameModule(thin, 'a')).offset).toBe(offsets(nameModule(whole, 'a')).offset);
    expect(keepFunctionNames(thin, () => false).length).toBeLessThan(thin.length);
    const bare = keepFunctionNames(build(false), () => true);
    expect(WebAssembly.validate(bare)).toBe(true);
  });
});
