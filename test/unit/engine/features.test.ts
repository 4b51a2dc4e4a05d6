import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type BrowserFeature, FEATURES, missingFeatures } from '../../../engine/features.ts';

const feature = (name: string, required: boolean, present: boolean): BrowserFeature => ({
  name,
  use: '',
  without: '',
  required,
  present: () => present,
});

describe('browser features', () => {
  test('a missing required feature returns a sentence that names it', () => {
    const sentence = missingFeatures([
      feature('wings', true, false),
      feature('fins', true, true),
      feature('a tail', false, false),
    ]);
    expect(sentence).toBe(
      'This game needs a browser with wings; the one you are using does not have it, or has it switched off.',
    );
  });

  test('nothing is said where only optional features lack', () => {
    expect(missingFeatures([feature('a tail', false, false)])).toBeUndefined();
  });

  test("the table in the engine's README is this one", () => {
    const file = readFileSync(new URL('../../../engine/README.md', import.meta.url), 'utf8');
    const readme = file.replace(/ +/g, ' ');
    for (const { name, use, without, required } of FEATURES)
      expect(readme).toContain(`| ${name} | ${required ? 'yes' : 'no'} | ${use} | ${without} |`);
  });
});
