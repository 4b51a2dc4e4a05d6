// The towers of Hanoi, thirteen disks high.

class Disk {
  constructor(size) {
    this.size = size;
    this.next = null;
  }
}

class Towers {
  constructor() {
    this.piles = new Array(3).fill(null);
    this.moves = 0;
  }

  push(disk, pile) {
    const top = this.piles[pile];
    if (top !== null && disk.size >= top.size) throw new Error('a disk may not lie on a smaller one');
    disk.next = top;
    this.piles[pile] = disk;
  }

  pop(pile) {
    const top = this.piles[pile];
    if (top === null) throw new Error('there is no disk on an empty pile');
    this.piles[pile] = top.next;
    top.next = null;
    return top;
  }

  moveTop(from, to) {
    this.push(this.pop(from), to);
    this.moves += 1;
  }

  build(pile, disks) {
    for (let size = disks; size >= 0; size--) this.push(new Disk(size), pile);
  }

  move(disks, from, to) {
    if (disks === 1) {
      this.moveTop(from, to);
      return;
    }
    const other = 3 - from - to;
    this.move(disks - 1, from, other);
    this.moveTop(from, to);
    this.move(disks - 1, other, to);
  }
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const towers = new Towers();
    towers.build(0, 13);
    towers.move(13, 0, 1);
    sum += towers.moves;
  }
  return sum;
}
