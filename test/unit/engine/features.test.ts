import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FEATURES } from '../../../engine/feature-table.ts';
import { missingFeatures } from '../../../engine/features.ts';

describe('browser features', () => {
  test('a missing required feature returns a sentence that names it', () => {
    const sentence = missingFeatures([
      { name: 'wings', present: () => false },
      { name: 'fins', present: () => true },
    ]);
    expect(sentence).toBe(
      'This game needs a browser with wings; the one you are using does not have it, or has it switched off.',
    );
  });

  test('nothing is said where all are there', () => {
    expect(missingFeatures([{ name: 'fins', present: () => true }])).toBeUndefined();
  });

  test("the table in the engine's README is this one", () => {
    const file = readFileSync(new URL('../../../engine/README.md', import.meta.url), 'utf8');
    const readme = file.replace(/ +/g, ' ');
    for (const { name, use, without, required } of FEATURES)
      expect(readme).toContain(`| ${name} | ${required ? 'yes' : 'no'} | ${use} | ${without} |`);
  });
});
