/** How far bodies are in one another, found otherwise than the script does: by the corners of all shapes, on many lines. */
import { farthest, type Seen } from '../../browser/physics-page.ts';

type Direction = readonly [x: number, y: number];

/** The shortest way out of one another; below 0 where two are apart. Circles and boxes are convex, so some line tells. */
export function overlap(a: Seen, b: Seen): number {
  const reach = Math.hypot(a.half.x, a.half.y) + Math.hypot(b.half.x, b.half.y);
  if (Math.hypot(a.x - b.x, a.y - b.y) > reach) return Number.NEGATIVE_INFINITY;
  const lines = [...edges(a), ...edges(b), ...ways(a, b), ...ways(b, a)];
  return Math.min(...lines.map((line) => Math.min(onLine(a, b, line), onLine(b, a, line))));
}

/** How far `a` goes on after `b` begins, along a line. */
function onLine(a: Seen, b: Seen, [x, y]: Direction): number {
  return farthest(a, x, y) + farthest(b, -x, -y);
}

function edges({ box, rotation }: Seen): readonly Direction[] {
  if (!box) return [];
  const [x, y] = [Math.cos(rotation), Math.sin(rotation)];
  return [
    [x, y],
    [-y, x],
  ];
}

/** From a circle's middle to the other's, or to each corner of a box. */
function ways(circle: Seen, other: Seen): readonly Direction[] {
  if (circle.box) return [];
  const { x, y, half, rotation } = other;
  const [ux, uy] = [Math.cos(rotation), Math.sin(rotation)];
  const ends: readonly Direction[] = other.box
    ? [-1, 1].flatMap((i) =>
        [-1, 1].map((j): Direction => {
          const [w, h] = [i * half.x, j * half.y];
          return [x + w * ux - h * uy, y + w * uy + h * ux];
        }),
      )
    : [[x, y]];
  return ends.map(([px, py]): Direction => {
    const away = Math.hypot(px - circle.x, py - circle.y);
    return [(px - circle.x) / away, (py - circle.y) / away];
  });
}
