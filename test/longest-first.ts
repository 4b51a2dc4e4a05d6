/** In which order test files run: the longest first, so that no worker is left with one of them at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those of more than half a minute each, by where they are in `test/`; the order is that of their lengths. */
const LONGEST: readonly string[] = [
  'conformance/conformance.test.ts',
  'browser/package.test.ts',
  'browser/overlay.test.ts',
  'browser/reload.test.ts',
  'browser/swarm.test.ts',
  'unit/tools/replace-generated.test.ts',
  'heap/faults.test.ts',
  'browser/physics.test.ts',
  'unit/library/stopped.test.ts',
  'heap/model.test.ts',
];

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}`));
  return place >= 0 ? place : LONGEST.length + Number(!moduleId.includes('/test/browser/'));
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}
