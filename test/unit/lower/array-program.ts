/**
 * Programs by chance that read and set elements of fixed arrays wherever these may lie, and what they print: told by a model in which
 * an array is a JavaScript array that is copied where the language copies.
 */
import type { Random } from '../../generated/random.ts';

type Item = bigint | string | Point | undefined;
interface Point {
  readonly x: bigint;
  readonly name: string;
}

/** What elements are, and how the model shows and makes them. */
interface Kind {
  readonly type: string;
  readonly show: (item: Item, nested: boolean) => string;
  /** A value by a number: as it is written, where that is the text of an `i64`, and as the model has it. */
  readonly written: (n: string) => string;
  readonly made: (n: bigint) => Item;
}

const quoted = (text: string, nested: boolean): string => (nested ? `"${text}"` : text);

const KINDS: readonly Kind[] = [
  { type: 'i64', show: String, written: (n) => n, made: (n) => n },
  { type: 'u8', show: String, written: (n) => `(u8 ${n})`, made: (n) => BigInt.asUintN(8, n) },
  {
    type: 'String',
    show: (item, nested) => quoted(String(item), nested),
    written: (n) => `(str "s" ${n})`,
    made: (n) => `s${n}`,
  },
  {
    type: 'Point',
    show: (item) => {
      const { x, name } = item as Point;
      return `(Point :x ${x} :name "${name}")`;
    },
    written: (n) => `(Point ${n} (str "p" ${n}))`,
    made: (n) => ({ x: n, name: `p${n}` }),
  },
  {
    type: '(Option String)',
    show: (item) => (item === undefined ? 'None' : `(Some "${item as string}")`),
    written: (n) => `(maybe ${n})`,
    made: (n) => (n % 2n === 0n ? undefined : `o${n}`),
  },
];

/** Where an array lies: how it is written, and what declares it, `init` being its first value. */
interface Home {
  readonly path: string;
  readonly local?: (init: string) => string;
  readonly field?: (type: string, init: string) => readonly [field: string, value: string];
  readonly global?: (type: string, init: string) => string;
}

const HOMES: readonly Home[] = [
  { path: 'here', local: (init) => `(mut here ${init})` },
  { path: '(nth rows 1)', local: (init) => `(rows (mut-vec ${init} ${init}))` },
  { path: '(nth grid 1)', local: (init) => `(mut grid (make-array 2 ${init}))` },
  { path: '(nth grid (+ *zero* 1))', local: (init) => `(mut grid (make-array 3 ${init}))` },
  { path: '(.1 pair)', local: (init) => `(mut pair (tuple "pair" ${init}))` },
  { path: '(.slots bag)', field: (type, init) => [`(mut slots : ${type})`, init] },
  {
    path: '(.0 (.both bag))',
    field: (type, init) => [`(mut both : (Tuple ${type} i32))`, `(tuple ${init} 1)`],
  },
  {
    path: '(nth (.stack bag) (+ *zero* 1))',
    field: (type, init) => [`(mut stack : (Array 2 ${type}))`, `(make-array 2 ${init})`],
  },
  { path: '*there*', global: (type, init) => `(defglobal mut *there* : ${type} ${init})` },
];

export interface ArrayProgram {
  readonly text: string;
  readonly expected: string;
}

const MOST_STEPS = 25;

export function arrayProgram(random: Random): ArrayProgram {
  const kind = random.pick(KINDS);
  const length = random.pick([1, 2, 3, 4, 7, 16, 17]);
  const type = `(Array ${length} ${kind.type})`;
  const homes = random
    .some(HOMES, 3)
    .filter((home, i, all) => all.findIndex((h) => nameOf(h) === nameOf(home)) === i);
  const model = new Map(
    homes.map((home): [Home, Item[]] => [home, Array.from({ length }, (_, i) => kind.made(BigInt(i)))]),
  );
  const init = random.chance(0.5)
    ? `(build-array ${length} (fn (i) ${kind.written('i')}))`
    : `(array ${Array.from({ length }, (_, i) => kind.written(String(i))).join(' ')})`;
  const lines: string[] = [];
  const printed: string[] = [];
  const whole = (items: readonly Item[]): string =>
    `(array ${items.map((item) => kind.show(item, true)).join(' ')})`;
  const steps = 1 + random.below(MOST_STEPS);
  for (let step = 0; step < steps; step++) {
    const home = random.pick(homes);
    const items = model.get(home) as Item[];
    const at = random.below(length);
    const index = random.pick([`${at}`, `(+ *zero* ${at})`, `(+ ${at} *zero*)`]);
    const n = BigInt(random.below(1000));
    const element = `(nth ${home.path} ${index})`;
    switch (random.below(9)) {
      case 0:
        lines.push(`(set! ${element} ${kind.written(`${n}`)})`);
        items[at] = kind.made(n);
        break;
      case 1:
        if (kind.type === 'Point') {
          lines.push(`(set! (.x ${element}) ${n})`);
          items[at] = { ...(items[at] as Point), x: n };
        } else if (kind.type === 'i64' || kind.type === 'u8') {
          lines.push(`(+= ${element} ${kind.written(`${n}`)})`);
          items[at] = kind.made((items[at] as bigint) + n);
        }
        break;
      case 2: {
        const from = random.pick(homes);
        lines.push(`(set! ${home.path} ${from.path})`);
        model.set(home, [...(model.get(from) as Item[])]);
        break;
      }
      case 3: {
        // A copy is a copy.
        const changed = items.map((item, i) => (i === at ? kind.made(n) : item));
        lines.push(
          `(let ((mut copy ${home.path})) (set! (nth copy ${index}) ${kind.written(`${n}`)}) (println copy " " ${home.path}))`,
        );
        printed.push(`${whole(changed)} ${whole(items)}`);
        break;
      }
      case 4:
        lines.push(`(for (i 0 (< i ${length})) (set! (nth ${home.path} i) ${kind.written(`(+ i ${n})`)}))`);
        model.set(
          home,
          items.map((_, i) => kind.made(n + BigInt(i))),
        );
        break;
      case 5:
        lines.push(`(println (put ${home.path} ${index} ${kind.written(`${n}`)}))`);
        printed.push(whole(items.map((item, i) => (i === at ? kind.made(n) : item))));
        break;
      case 6: {
        const from = random.pick(homes);
        lines.push(`(println (= ${home.path} ${from.path}) " " (= (hash ${home.path}) (hash ${from.path})))`);
        const same = whole(items) === whole(model.get(from) as Item[]);
        // Unequal ones may have one hash, but it would be strange.
        printed.push(`${same} ${same}`);
        break;
      }
      case 7:
        lines.push(
          `(let ((put! (keeper ${home.path}))) (put! ${index} ${kind.written(`${n}`)}) (println (put! 0 ${kind.written('5')})))`,
        );
        printed.push(
          whole(
            items
              .map((item, i) => (i === at ? kind.made(n) : item))
              .map((item, i) => (i === 0 ? kind.made(5n) : item)),
          ),
        );
        break;
      default:
        lines.push(`(println ${element} " " (nth ${home.path} ${length - 1}))`);
        printed.push(`${kind.show(items[at], false)} ${kind.show(items[length - 1], false)}`);
    }
  }
  for (const home of homes) {
    lines.push(`(println ${home.path})`, `(for-each (x ${home.path}) (print x " "))`, '(println)');
    const items = model.get(home) as Item[];
    printed.push(whole(items), items.map((item) => `${kind.show(item, false)} `).join(''));
  }
  return {
    text: program(homes, { type, element: kind.type, init }, lines),
    expected: `${printed.join('\n')}\n`,
  };
}

const nameOf = ({ path }: Home): string =>
  /[a-z*]+(?=[^a-z*]*$)/.exec(path.replace(/\(\+.*$/, ''))?.[0] ?? path;

function program(
  homes: readonly Home[],
  { type, element, init }: { readonly type: string; readonly element: string; readonly init: string },
  lines: readonly string[],
): string {
  const fields = homes.flatMap((home) => (home.field === undefined ? [] : [home.field(type, init)]));
  const locals = homes.flatMap((home) => (home.local === undefined ? [] : [home.local(init)]));
  const globals = homes.flatMap((home) => (home.global === undefined ? [] : [home.global(type, init)]));
  return `(defvalue Point (x : i64) (name : String))
(defstruct Bag (before : i32) ${fields.map(([field]) => field).join(' ')} (after : u8) (last : f64))
(defglobal mut *zero* : i64 0)
(defn maybe ((n : i64)) : (Option String) (if (= (mod n 2) 0) None (Some (str "o" n))))
(defn put ((mut a : ${type}) (i : i64) (v : ${element})) : ${type} (set! (nth a i) v) a)
(defn keeper ((mut a : ${type})) : (Fn [i64 ${element}] ${type})
  (fn ((i : i64) (v : ${element})) (set! (nth a i) v) a))
${globals.join('\n')}
(pub defn run () : Unit
  (let ((bag (Bag ${['7', ...fields.map(([, value]) => value), '8', '9.0'].join(' ')})) ${locals.join(' ')})
    ${lines.join('\n    ')}
    (check (= (tuple (.before bag) (.after bag) (.last bag)) (tuple (i32 7) (u8 8) 9.0)))))`;
}
