/** The demos in checked builds, without a screen. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { main } from '../../../scripting/tools/index.ts';

const folder = fileURLToPath(new URL('../../../demos', import.meta.url));
const demos = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(demos.map(({ name }) => name))('%s lets nothing out of an arena', async (name) => {
  let told = '';
  const hear = (text: string) => {
    told += text;
  };
  const options = ['--frames', '90', '--checked', '--verify-every', '45'];
  const code = await main(['play', join(folder, name), ...options], { out: hear, error: hear });
  expect([code, told]).toEqual([0, expect.stringContaining('90 frames of')]);
});
