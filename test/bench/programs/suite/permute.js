// All permutations of six elements, by swapping.

class Permuter {
  constructor() {
    this.count = 0;
    this.elements = new Array(6).fill(0);
  }

  permute(n) {
    this.count += 1;
    if (n === 0) return;
    const last = n - 1;
    this.permute(last);
    for (let i = last; i >= 0; i--) {
      this.swap(last, i);
      this.permute(last);
      this.swap(last, i);
    }
  }

  swap(i, j) {
    const kept = this.elements[i];
    this.elements[i] = this.elements[j];
    this.elements[j] = kept;
  }
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const permuter = new Permuter();
    permuter.permute(6);
    sum += permuter.count;
  }
  return sum;
}
