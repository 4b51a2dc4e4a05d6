/** `npm run plots [-- names...]` plays the scenarios and draws them into engine/gap/plots/, one SVG each. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { draw } from './draw.ts';
import { play, SCENARIOS } from './scenarios.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  const known = SCENARIOS.map((scenario) => scenario.name).join(', ');
  console.error(`There is no scenario ${unknown.join(', ')}; there are ${known}.`);
  process.exitCode = 2;
} else {
  for (const scenario of SCENARIOS) {
    if (names.length > 0 && !names.includes(scenario.name)) continue;
    const file = fileURLToPath(new URL(`../../../engine/gap/plots/${scenario.name}.svg`, import.meta.url));
    writeFileSync(file, draw(await play(scenario)));
    console.log(`${scenario.name}: ${scenario.title}`);
  }
}
