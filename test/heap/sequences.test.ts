import { describe, test } from 'vitest';
import { STRESS_EAGER, STRESS_POISON } from '../../scripting/heap/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';
import { SEQUENCES } from './sequences/index.ts';

describe('nothing is lost by', () => {
  test.each(Object.entries(SEQUENCES))('%s', (_, run) => {
    run(new HeapUnderTest({ stress: STRESS_EAGER | STRESS_POISON }));
  });
});
