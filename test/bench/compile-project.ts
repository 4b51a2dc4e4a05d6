/**
 * A project of a given size in Sluice and in TypeScript, function for function the same: what a game consists of, structs
 * and sums, functions over them with and without annotations, loops, closures, generics and imports.
 */
import { SeededRandom } from './seeded-random.ts';

export interface Project {
  /** Each module imports the one before it; by file name. */
  readonly sluice: ReadonlyMap<string, string>;
  readonly typescript: ReadonlyMap<string, string>;
  /** Lines of the Sluice sources, and of the TypeScript ones. */
  readonly lines: { readonly sluice: number; readonly typescript: number };
}

/** A piece of a program, once in each language. `n` makes its names its own, `k` varies its numbers. */
type Piece = (n: string, k: number) => readonly [sluice: string, typescript: string];

const PIECES: readonly Piece[] = [
  (n, k) => [
    `(defn spread-${n} ((enemies : (Vector Enemy))) : f64
  (let ((mut low 1e9) (mut high -1e9))
    (for-each (enemy enemies)
      (set! low (min low (.x (.pos enemy))))
      (set! high (max high (.x (.pos enemy)))))
    (if (> low high) ${k}.0 (- high low))))
`,
    `function spread_${n}(enemies: readonly Enemy[]): number {
  let low = 1e9, high = -1e9;
  for (const enemy of enemies) {
    low = Math.min(low, enemy.pos.x);
    high = Math.max(high, enemy.pos.x);
  }
  return low > high ? ${k} : high - low;
}
`,
  ],
  (n, k) => [
    `(defn describe-${n} ((order : Order)) : String
  (match order
    (Wait "waits")
    ((Go there) (str "goes to " (.x there) ", " (.y there)))
    ((Attack name damage)
      (if (> damage ${k})
        (format "strikes {} hard" name)
        (format "strikes {} for {}" name damage)))))
`,
    `function describe_${n}(order: Order): string {
  switch (order.kind) {
    case 'wait': return 'waits';
    case 'go': return \`goes to \${order.there.x}, \${order.there.y}\`;
    case 'attack':
      return order.damage > ${k}
        ? \`strikes \${order.name} hard\`
        : \`strikes \${order.name} for \${order.damage}\`;
  }
}
`,
  ],
  (n, k) => [
    `(defn advance-${n}! ((enemy : Enemy) (dt : f64)) : Unit
  (let ((pos (.pos enemy)) (vel (.vel enemy)) (drag ${k}.25))
    (set! (.pos enemy) (Vec2 (+ (.x pos) (* dt (.x vel))) (+ (.y pos) (* dt (.y vel)))))
    (set! (.vel enemy) (Vec2 (* drag (.x vel)) (* drag (.y vel))))
    (when (< (.hp enemy) 0) (set! (.hp enemy) 0))))
`,
    `function advance_${n}(enemy: Enemy, dt: number): void {
  const pos = enemy.pos, vel = enemy.vel, drag = ${k}.25;
  enemy.pos = { x: pos.x + dt * vel.x, y: pos.y + dt * vel.y };
  enemy.vel = { x: drag * vel.x, y: drag * vel.y };
  if (enemy.hp < 0) enemy.hp = 0;
}
`,
  ],
  (n, k) => [
    `(defn strong-${n} (enemies limit)
  (let ((alive (filter (fn (enemy) (> (.hp enemy) limit)) enemies)))
    (map (fn (enemy) (str (.name enemy) " " (+ (.hp enemy) ${k}))) alive)))
`,
    `function strong_${n}(enemies: readonly Enemy[], limit: number) {
  const alive = enemies.filter((enemy) => enemy.hp > limit);
  return alive.map((enemy) => enemy.name + ' ' + (enemy.hp + ${k}));
}
`,
  ],
  (n, k) => [
    `(defn pick-${n} (xs otherwise)
  (let ((at ${k}))
    (cond
      ((empty? xs) otherwise)
      ((< at (len xs)) (nth xs at))
      (else (last xs)))))
`,
    `function pick_${n}<T>(xs: readonly T[], otherwise: T): T {
  const at = ${k};
  if (xs.length === 0) return otherwise;
  if (at < xs.length) return xs[at] as T;
  return xs[xs.length - 1] as T;
}
`,
  ],
  (n, k) => [
    `(defn checked-${n} ((n : i64)) : (Result i64 String)
  (if (= (mod n ${k + 2}) 0)
    (Ok (/ n ${k + 2}))
    (Err (format "{} is no multiple of ${k + 2}" n))))

(defn both-${n} ((a : i64) (b : i64)) : (Result i64 String)
  (let ((x (checked-${n} a)?)
        (y (checked-${n} b)?))
    (Ok (+ x y))))
`,
    `function checked_${n}(n: number): Result<number, string> {
  return n % ${k + 2} === 0
    ? { kind: 'ok', value: n / ${k + 2} }
    : { kind: 'err', error: \`\${n} is no multiple of ${k + 2}\` };
}

function both_${n}(a: number, b: number): Result<number, string> {
  const x = checked_${n}(a);
  if (x.kind === 'err') return x;
  const y = checked_${n}(b);
  return y.kind === 'err' ? y : { kind: 'ok', value: x.value + y.value };
}
`,
  ],
  (n, k) => [
    `(defn grid-${n} ((width : i64) (height : i64)) : (Vector i64)
  (let ((cells (mut-vec)) (mut seed ${k}))
    (for (y 0 (< y height))
      (for (x 0 (< x width))
        (set! seed (mod (+ (* seed 75) 74) 65537))
        (push! cells (if (> (bit-and seed 7) 4) (+ x y) 0))))
    (freeze cells)))
`,
    `function grid_${n}(width: number, height: number): readonly number[] {
  const cells: number[] = [];
  let seed = ${k};
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      seed = (seed * 75 + 74) % 65537;
      cells.push((seed & 7) > 4 ? x + y : 0);
    }
  return cells;
}
`,
  ],
  (n, k) => [
    `(defn total-${n} ((enemies : (Vector Enemy))) : i64
  (fold (fn (sum enemy) (+ sum (* ${k} (.hp enemy)))) 0 enemies))

(defn weakest-${n} ((enemies : (Vector Enemy))) : (Option Enemy)
  (let ((mut found None))
    (for-each (enemy enemies)
      (match found
        (None (set! found (Some enemy)))
        ((Some best) (when (< (.hp enemy) (.hp best)) (set! found (Some enemy))))))
    found))
`,
    `function total_${n}(enemies: readonly Enemy[]): number {
  return enemies.reduce((sum, enemy) => sum + ${k} * enemy.hp, 0);
}

function weakest_${n}(enemies: readonly Enemy[]): Enemy | undefined {
  let found: Enemy | undefined;
  for (const enemy of enemies) {
    if (found === undefined) found = enemy;
    else if (enemy.hp < found.hp) found = enemy;
  }
  return found;
}
`,
  ],
];

const HEAD: readonly [sluice: string, typescript: string] = [
  `(pub defvalue Vec2 (x : f64) (y : f64))
(pub defstruct Enemy (name : String) (mut hp : i64) (mut pos : Vec2) (mut vel : Vec2))
(pub deftype Order Wait (Go Vec2) (Attack String i64))
(pub defn score-0 ((n : i64)) : i64 n)
`,
  `export interface Vec2 { readonly x: number; readonly y: number }
export interface Enemy { readonly name: string; hp: number; pos: Vec2; vel: Vec2 }
export type Order =
  | { readonly kind: 'wait' }
  | { readonly kind: 'go'; readonly there: Vec2 }
  | { readonly kind: 'attack'; readonly name: string; readonly damage: number };
export type Result<T, E> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'err'; readonly error: E };
export function score_0(n: number): number { return n; }
`,
];

/** Pieces in a module: about a hundred lines. */
const PIECES_A_MODULE = 14;

/** A project of about so many lines of Sluice. */
export function generateProject(lines: number, seed: bigint): Project {
  const random = new SeededRandom(seed);
  const sluice = new Map([['game/world.slu', HEAD[0]]]);
  const typescript = new Map([['world.ts', HEAD[1]]]);
  const size = { sluice: countLines(HEAD[0]), typescript: countLines(HEAD[1]) };
  for (let module = 1; size.sluice < lines; module += 1) {
    const before = module === 1 ? 'world' : `part${module - 1}`;
    const world = module === 1 ? '' : `(import game.world (Vec2 Enemy Order))\n`;
    const worldTypes = 'Enemy, Order, Result';
    let own = `${world}(import game.${before} ${module === 1 ? ':all' : `(score-${module - 1})`})\n\n`;
    let other =
      `import type { ${worldTypes} } from './world.ts';\n` +
      `import { score_${module - 1} } from './${before}.ts';\n\n`;
    for (let piece = 0; piece < PIECES_A_MODULE; piece += 1) {
      const make = PIECES[Math.floor(random.next() * PIECES.length)] as Piece;
      const [a, b] = make(`${module}-${piece}`, 1 + Math.floor(random.next() * 9));
      own += `${a}\n`;
      other += `${b.replaceAll(`${module}-${piece}`, `${module}_${piece}`)}\n`;
    }
    own += `(pub defn score-${module} ((n : i64)) : i64 (+ n (score-${module - 1} (* 2 n))))\n`;
    other += `export function score_${module}(n: number): number { return n + score_${module - 1}(2 * n); }\n`;
    sluice.set(`game/part${module}.slu`, own);
    typescript.set(`part${module}.ts`, other);
    size.sluice += countLines(own);
    size.typescript += countLines(other);
  }
  return { sluice, typescript, lines: size };
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
