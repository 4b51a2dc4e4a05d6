/** Emission looks at itself: in the printed code of every conformance program, no address gets lost. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../scripting/tools/index.ts';
import { conformancePrograms } from '../../../conformance/program.ts';
import { HEAP_BYTES } from './effects.ts';
import { look } from './program.ts';

const FOLDER = fileURLToPath(new URL('../../../conformance/', import.meta.url));
const programs = conformancePrograms(FOLDER).filter(({ errors }) => errors.length === 0);

describe.each(['development', 'release'] as const)('printed for %s', (mode) => {
  it.each(programs.map((program) => [program.source.name, program] as const))(
    '%s loses no address',
    (_, { modules, source }) => {
      const { program } = analyse([...modules, source]);
      if (program === undefined) throw new Error('the program has errors');
      const looked = look(program, { mode, watch: mode === 'development', heap: HEAP_BYTES });
      expect(looked.faults).toEqual([]);
      expect(looked.functions).toBeGreaterThan(0);
    },
  );
});
