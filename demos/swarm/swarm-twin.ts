/**
 * The rules of `swarm.slu` again, as one would write them in JavaScript: an object for every bullet, which JavaScript's own collector
 * frees when it likes. Numbers are those of the script.
 */
import { Enemy, type Kind } from './twin-enemies.ts';
import type { TwinInput } from './twin-input.ts';
import { easeOut, HEIGHT, type Mover, type TwinPicture, WIDTH } from './twin-picture.ts';

const MOST_SPARKS = 1500;
const MOST_LIVES = 5;
const WAVES: readonly (readonly (readonly [kind: Kind, count: number, y: number])[])[] = [
  [['drone', 4, 150]],
  [
    ['drone', 3, 210],
    ['spinner', 1, 110],
  ],
  [
    ['drone', 6, 190],
    ['spinner', 2, 100],
  ],
  [
    ['drone', 4, 230],
    ['spinner', 3, 120],
  ],
  [
    ['drone', 4, 240],
    ['queen', 1, 170],
  ],
];

interface Point {
  readonly x: number;
  readonly y: number;
}

export class SwarmTwin {
  score = 0;
  lives = 3;
  wave = 0;
  readonly waves = WAVES.length;
  messages = 0;
  message = '';
  mostBullets = 10_000;
  calm = false;
  readonly #picture: TwinPicture;
  readonly #input: TwinInput;
  readonly #say: (text: string) => void;
  #phase: 'playing' | 'won' | 'lost' = 'playing';
  #overFor = 0;
  #nextWave = Number.POSITIVE_INFINITY;
  #ship = { x: 0, y: 0, lean: 0, safe: 0, reload: 0 };
  #enemies: Enemy[] = [];
  #clear = { x: 0, y: 0, widest: 0, age: 1, square: 0 };
  #shake = { strength: 0, seconds: 0, left: 0 };
  #rate = 0;
  /** Its place in the ring. */
  #newestSpark = -1;

  constructor(picture: TwinPicture, input: TwinInput, say: (text: string) => void) {
    this.#picture = picture;
    this.#input = input;
    this.#say = say;
    this.restart();
  }

  get bullets(): number {
    return this.#picture.bullets.movers.length;
  }

  get over(): boolean {
    return this.#phase !== 'playing';
  }

  restart(): void {
    this.#picture.clear();
    this.#newestSpark = -1;
    this.#enemies = [];
    this.#phase = 'playing';
    this.score = 0;
    this.lives = 3;
    this.#ship = { x: WIDTH / 2, y: HEIGHT - 90, lean: 0, safe: 1.5, reload: 0 };
    this.#clear = { x: 0, y: 0, widest: 0, age: 1, square: 0 };
    this.#nextWave = Number.POSITIVE_INFINITY;
    this.#beginWave(1);
  }

  step(dt: number): void {
    this.#aim(dt);
    if (!this.calm) this.#picture.moveSky(dt);
    this.#moveShots(dt);
    this.#moveSparks(dt);
    this.#nextWave -= dt;
    if (this.#nextWave <= 0) this.#beginWave(this.wave + 1);
    if (this.#phase !== 'lost') this.#moveShip(dt);
    this.#moveBullets(dt);
    for (const enemy of this.#enemies) this.#moveEnemy(enemy, dt);
    this.#picture.moveRings(dt);
    this.#shake.left -= dt;
    this.#picture.show(this.#ship, this.#phase !== 'lost', this.#shaken(), this.calm);
    if (this.#phase === 'playing') return;
    this.#overFor += dt;
    if (this.#overFor > 1 && (this.#input.pressed('Enter') || this.#input.tapped)) this.restart();
  }

  setMostBullets(most: number): void {
    this.mostBullets = most;
    const { bullets } = this.#picture;
    while (bullets.movers.length > most) bullets.removeAt(bullets.movers.length - 1);
  }

  #aim(dt: number): void {
    const most = this.mostBullets;
    const wanted = Math.min(most / 2.5, 2 * (most - this.bullets));
    let arms = 0;
    if (this.#phase === 'playing') for (const enemy of this.#enemies) if (enemy.firing) arms += enemy.arms;
    this.#rate = arms === 0 ? 0 : Math.max(0, Math.min(wanted / arms, most / 20));
    this.#clear.age += dt;
    const radius = this.#clear.age < 0.7 ? this.#clear.widest * easeOut(this.#clear.age) : 0;
    this.#clear.square = radius * radius;
  }

  #moveShip(dt: number): void {
    const ship = this.#ship;
    const { x, y } = this.#input.way();
    const [dragX, dragY] = this.#input.dragged();
    const speed = dt * (this.#input.slow ? 130 : 330);
    const wayX = 1.25 * dragX + speed * x;
    ship.x = within(ship.x + wayX, 22, WIDTH - 22);
    ship.y = within(ship.y + 1.25 * dragY + speed * y, 22, HEIGHT - 22);
    const lean = within(wayX / Math.max(dt, 0.001) / 1100, -0.3, 0.3);
    ship.lean = lean + (ship.lean - lean) * Math.exp(-12 * dt);
    ship.safe -= dt;
    ship.reload -= dt;
    if (ship.reload > 0) return;
    ship.reload = Math.max(0, ship.reload + 0.085);
    for (const side of [-1, 1]) {
      const angle = 0.03 * side;
      const shot = { vx: 760 * Math.sin(angle), vy: -760 * Math.cos(angle), left: 0, seconds: 0 };
      this.#picture.shots.add(shot, {
        x: ship.x + 8 * side,
        y: ship.y - 16,
        rotation: angle,
        tint: 0x8fe9ff,
      });
    }
  }

  #moveShots(dt: number): void {
    const { shots } = this.#picture;
    for (let i = shots.movers.length - 1; i >= 0; i -= 1) {
      const shot = shots.movers[i] as Mover;
      const { particle } = shot;
      particle.x += dt * shot.vx;
      particle.y += dt * shot.vy;
      const struck = this.#enemies.find((enemy) => square(enemy, particle) < enemy.radius ** 2);
      if (struck !== undefined) this.#hurt(struck, particle);
      if (struck !== undefined || particle.y < -20) shots.removeAt(i);
    }
  }

  #moveSparks(dt: number): void {
    const { sparks } = this.#picture;
    for (const spark of sparks.movers) {
      if (spark.left <= 0) continue;
      const { particle } = spark;
      particle.x += dt * spark.vx;
      particle.y += dt * spark.vy;
      spark.left -= dt;
      particle.alpha = Math.max(0, spark.left) / spark.seconds;
    }
  }

  #moveBullets(dt: number): void {
    const { bullets } = this.#picture;
    const { movers } = bullets;
    const ship = this.#ship;
    const clear = this.#clear;
    const reach = 2 + 2.2 * this.#bulletSize();
    const hurts = this.#phase === 'playing';
    for (let i = movers.length - 1; i >= 0; i -= 1) {
      const { particle, vx, vy } = movers[i] as Mover;
      const x = particle.x + dt * vx;
      const y = particle.y + dt * vy;
      particle.x = x;
      particle.y = y;
      if (x < -12 || x > 972 || y < -12 || y > 612) bullets.removeAt(i);
      else if (hurts && ship.safe <= 0 && (x - ship.x) ** 2 + (y - ship.y) ** 2 < reach * reach) {
        bullets.removeAt(i);
        this.#hitShip();
      } else if ((x - clear.x) ** 2 + (y - clear.y) ** 2 < clear.square) {
        this.#spark(particle, 60, particle.tint);
        bullets.removeAt(i);
      }
    }
  }

  #moveEnemy(enemy: Enemy, dt: number): void {
    enemy.move(dt, this.calm);
    if (Math.sqrt(square(enemy, this.#ship)) < enemy.radius + 6) this.#hitShip();
    if (!enemy.firing || this.#rate === 0 || this.#phase !== 'playing') return;
    enemy.due += dt * this.#rate;
    while (enemy.due >= 1) {
      enemy.due -= 1;
      for (let arm = 0; arm < enemy.arms; arm += 1)
        this.#fire(enemy, enemy.turn + (2 * Math.PI * arm) / enemy.arms, enemy.due / this.#rate);
    }
  }

  #fire(enemy: Enemy, angle: number, late: number): void {
    const spread = Math.min(1.6, Math.sqrt(this.#crowd));
    const way = angle + spread * enemy.loose * (Math.random() - 0.5);
    const speed = enemy.speed * (0.9 + 0.2 * Math.random());
    const [vx, vy] = [speed * Math.cos(way), speed * Math.sin(way)];
    const before = late + 0.12 * Math.random();
    const size = this.#bulletSize();
    this.#picture.bullets.add(
      { vx, vy, left: 0, seconds: 0 },
      {
        x: enemy.x + before * vx,
        y: enemy.y + before * vy,
        rotation: way,
        scaleX: size,
        scaleY: size,
        tint: enemy.tint,
        alpha: Math.min(1, 0.6 * this.#crowd ** -0.35),
      },
    );
  }

  #hurt(enemy: Enemy, at: Point): void {
    enemy.life -= 1;
    enemy.heat = 1;
    this.score += 1;
    this.#spark(at, 130, 0xffffff);
    if (enemy.life > 0) return;
    enemy.remove();
    this.#enemies = this.#enemies.filter((other) => other !== enemy);
    this.score += enemy.worth;
    this.#burst(enemy, 30 + 2 * enemy.radius, 5 * (20 + enemy.radius), enemy.tint);
    this.#picture.ring(enemy, 3 * enemy.radius, enemy.tint);
    this.#shakeBy(0.08 * enemy.radius, 0.3);
    if (this.#enemies.length === 0) this.#endWave();
  }

  #hitShip(): void {
    const ship = this.#ship;
    if (this.#phase !== 'playing' || ship.safe > 0) return;
    this.lives -= 1;
    ship.safe = 2.5;
    this.#burst(ship, 90, 260, 0x8af2ff);
    this.#clearAround(ship, 300);
    this.#shakeBy(9, 0.5);
    if (this.lives === 0) this.#end('lost', 'Lost. Enter or a tap begins again');
    else this.#tell(this.lives === 1 ? 'One ship left' : `${this.lives} ships left`);
  }

  #beginWave(wave: number): void {
    this.wave = wave;
    this.#nextWave = Number.POSITIVE_INFINITY;
    this.#tell(`Wave ${wave} of ${this.waves}`);
    for (const [kind, count, y] of WAVES[wave - 1] ?? [])
      for (let i = 0; i < count; i += 1) {
        const across = (0.5 + i) / count;
        const home = { x: 90 + across * (WIDTH - 180), y: y - 40 * Math.sin(Math.PI * across) };
        this.#enemies.push(new Enemy(kind, home, 1.7 * i, this.#picture));
      }
  }

  #endWave(): void {
    this.lives = Math.min(MOST_LIVES, this.lives + 1);
    this.#clearAround({ x: WIDTH / 2, y: 150 }, 1100);
    if (this.wave < this.waves) this.#nextWave = 1.6;
    else this.#end('won', 'Won. Enter or a tap begins again');
  }

  #end(phase: 'won' | 'lost', text: string): void {
    if (this.#phase !== 'playing') return;
    this.#phase = phase;
    this.#overFor = 0;
    this.#tell(text);
  }

  #tell(text: string): void {
    this.message = text;
    this.messages += 1;
    this.#say(text);
  }

  #clearAround({ x, y }: Point, widest: number): void {
    this.#picture.ring({ x, y }, widest, 0x9ff4ff);
    this.#clear = { x, y, widest, age: 0, square: 0 };
  }

  #burst(at: Point, count: number, speed: number, tint: number): void {
    for (let i = 0; i < count; i += 1) this.#spark(at, speed, tint);
  }

  #spark({ x, y }: Point, speed: number, tint: number): void {
    const { sparks } = this.#picture;
    this.#newestSpark = (this.#newestSpark + 1) % MOST_SPARKS;
    const seconds = 0.25 + 0.5 * Math.random();
    const size = 0.5 + Math.random();
    const fast = speed * (0.2 + Math.random());
    const way = 2 * Math.PI * Math.random();
    const mover = { vx: fast * Math.cos(way), vy: fast * Math.sin(way), left: seconds, seconds };
    sparks.put(this.#newestSpark, mover, { x, y, scaleX: size, scaleY: size, tint });
  }

  #shakeBy(strength: number, seconds: number): void {
    if (this.calm) return;
    if (this.#shake.left > 0 && this.#shake.strength > strength) return;
    this.#shake = { strength, seconds, left: seconds };
  }

  #shaken(): Point {
    const { strength, seconds, left } = this.#shake;
    if (left <= 0) return { x: 0, y: 0 };
    const now = (strength * left) / seconds;
    return { x: now * Math.sin(93.7 * left), y: now * Math.cos(71.3 * left) };
  }

  get #crowd(): number {
    return this.mostBullets / 10_000;
  }

  #bulletSize(): number {
    return 0.85 * this.#crowd ** -0.2;
  }
}

function square(a: Point, b: Point): number {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
