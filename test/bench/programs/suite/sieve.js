// The primes up to 5,000, by crossing out multiples.

function countPrimes(flags, size) {
  let count = 0;
  for (let i = 2; i <= size; i++) {
    if (flags[i - 1]) {
      count += 1;
      for (let k = i + i; k <= size; k += i) flags[k - 1] = false;
    }
  }
  return count;
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += countPrimes(new Array(5000).fill(true), 5000);
  return sum;
}
