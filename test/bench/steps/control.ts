/** The control: a loop that does nothing of ours, so that what it takes beyond its length is what the machine took from it. */

/** Rounds of the loop that a length is told by, in milliseconds about one. */
const TELLING = 200_000;

let rate = 0;

/** Rounds a millisecond; the best of several, for the loop itself takes no time beyond that. */
function calibrate(): number {
  let best = 0;
  for (let i = 0; i < 50; i++) {
    const begun = performance.now();
    spin(TELLING);
    best = Math.max(best, TELLING / (performance.now() - begun));
  }
  return best;
}

function spin(rounds: number): number {
  let state = rounds | 1;
  for (let i = 0; i < rounds; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** What `count` steps of a length take, in milliseconds. */
export function controlSteps(count: number, length: number): number[] {
  if (rate === 0) rate = calibrate();
  const rounds = Math.max(1, Math.round(length * rate));
  const took: number[] = [];
  let seen = 0;
  let now = performance.now();
  for (let i = 0; i < count; i++) {
    seen |= spin(rounds);
    const after = performance.now();
    took.push(after - now);
    now = after;
  }
  // Whoever compiles the loop must think that it matters.
  if (seen === 0) throw new Error('the control has come to nothing');
  return took;
}
