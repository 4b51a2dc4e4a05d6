// The Mandelbrot set in size x size points, as a checksum of its bits.

export function run(size) {
  let sum = 0;
  let bits = 0;
  let count = 0;
  for (let y = 0; y < size; y++) {
    const ci = (2 * y) / size - 1;
    for (let x = 0; x < size; x++) {
      const cr = (2 * x) / size - 1.5;
      let zi = 0;
      let zrzr = 0;
      let zizi = 0;
      let step = 0;
      let escaped = 0;
      while (escaped === 0 && step < 50) {
        const zr = zrzr - zizi + cr;
        zi = 2 * zr * zi + ci;
        zrzr = zr * zr;
        zizi = zi * zi;
        if (zrzr + zizi > 4) escaped = 1;
        step += 1;
      }
      bits = (bits << 1) + escaped;
      count += 1;
      if (count === 8) {
        sum ^= bits;
        bits = 0;
        count = 0;
      } else if (x === size - 1) {
        sum ^= bits << (8 - count);
        bits = 0;
        count = 0;
      }
    }
  }
  return sum;
}
