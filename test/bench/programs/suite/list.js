// Takeuchi's function over linked lists.

class Element {
  constructor(value, next) {
    this.value = value;
    this.next = next;
  }
}

function makeList(length) {
  return length === 0 ? null : new Element(length, makeList(length - 1));
}

function length(list) {
  return list === null ? 0 : 1 + length(list.next);
}

function isShorter(x, y) {
  let restOfX = x;
  let restOfY = y;
  while (restOfY !== null) {
    if (restOfX === null) return true;
    restOfX = restOfX.next;
    restOfY = restOfY.next;
  }
  return false;
}

function tail(x, y, z) {
  if (!isShorter(y, x)) return z;
  return tail(tail(x.next, y, z), tail(y.next, z, x), tail(z.next, x, y));
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += length(tail(makeList(15), makeList(10), makeList(6)));
  return sum;
}
