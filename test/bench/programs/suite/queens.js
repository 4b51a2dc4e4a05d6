// Eight queens that do not threaten one another, ten times.

class Board {
  constructor() {
    this.freeRows = new Array(8).fill(true);
    this.freeMaxs = new Array(16).fill(true);
    this.freeMins = new Array(16).fill(true);
    this.queenRows = new Array(8).fill(-1);
  }

  /** Puts queens into this column and those after it; false where there is no way to. */
  placeQueen(column) {
    for (let row = 0; row < 8; row++) {
      if (this.isFree(row, column)) {
        this.queenRows[row] = column;
        this.setFree(row, column, false);
        if (column === 7) return true;
        if (this.placeQueen(column + 1)) return true;
        this.setFree(row, column, true);
      }
    }
    return false;
  }

  isFree(row, column) {
    return this.freeRows[row] && this.freeMaxs[column + row] && this.freeMins[column - row + 7];
  }

  setFree(row, column, free) {
    this.freeRows[row] = free;
    this.freeMaxs[column + row] = free;
    this.freeMins[column - row + 7] = free;
  }
}

/** The boards solved: ten times `times`. */
export function run(times) {
  let solved = 0;
  for (let i = 0; i < 10 * times; i++) if (new Board().placeQueen(0)) solved += 1;
  return solved;
}
