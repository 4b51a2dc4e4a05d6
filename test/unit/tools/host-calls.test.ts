/** Calls that go to and fro between script and host: what is open stays open, and what is not right is told where it is. */
import { describe, expect, it } from 'vitest';
import { ConversionError, type Machine, type ScriptError } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { imageOf, MODES, STRESS, start, thrown } from './script.ts';

const WORLD = `(defstruct Node (value : i64) (next : (Option Node)))
(extern "host" (defn back ((n : i64)) : i64) (defn give () : Node) (defn take ((n : Node)) : Unit)
  (defn wide () : i64) (defn words () : (Vector (Map String (Tuple i64 Bool)))))
(defglobal mut *made* : (MutVec Node) (mut-vec))
(pub defn make ((n : i64)) : i64 (push! *made* (Node n None)) (len *made*))
(pub defn sum () : i64 (fold (fn (s n) (+ s (.value n))) 0 *made*))
(pub defn fail () : i64 (nth [1 2] 9))
(pub defn in-arenas ((n : i64)) : i64
  (with-arena outer
    (let ((own (Node n None)) (more (mut-vec own)))
      (with-arena inner
        (let ((mine (Node 1 (Some own))))
          (push! more own)
          (+ (back n) (.value mine) (.value own) (len more)))))))
(pub defn deepest ((n : Node)) : i64 (let ((mut at n) (mut depth 1))
  (while (match (.next at) ((Some m) (set! at m) true) (None false)) (set! depth (+ depth 1))) depth))
(pub defn far () : i64 (deepest (give)))
(pub defn big () : i64
  (+ 1 (wide)))
(pub defn nested () : i64 (len (words)))
(pub defn chain ((n : i64)) : Unit (let ((mut at (Node 0 None))) (for (i 1 (< i n)) (set! at (Node i (Some at)))) (take at)))`;

interface Node {
  readonly value: number;
  readonly next?: Node;
}

function chain(length: number): Node {
  let node: Node = { value: 0 };
  for (let i = 1; i < length; i += 1) node = { value: i, next: node };
  return node;
}

describe.each(MODES)('in %s', (mode) => {
  const started = async (host: object, options = {}): Promise<Machine> => {
    const nothing = {
      back: () => 0,
      give: () => chain(1),
      take: () => undefined,
      wide: () => 0,
      words: () => [],
    };
    const all = { host: { host: { ...nothing, ...host } }, ...options };
    return (await start(await imageOf(WORLD, { mode }), all)).machine;
  };

  it('the host calls exported functions from within an extern: arenas stay open, and are not where it allocates', async () => {
    let machine: Machine;
    const back = (n: number): number => {
      machine.call('make', n);
      if (n > 0) machine.call('in-arenas', n - 1);
      expect(thrown(() => machine.call('fail'))).toMatchObject({ kind: 'index' });
      return machine.call('make', 10) as number;
    };
    machine = await started({ back }, { stress: STRESS });
    // The arenas are gone, and freed memory is overwritten: what was made in the calls from within lies elsewhere.
    for (let round = 1; round <= 3; round += 1) machine.call('in-arenas', 3);
    machine.collect();
    expect(machine.call('sum')).toBe(3 * (3 + 2 + 1 + 0 + 4 * 10));
    expect(machine.verify()).toBeUndefined();
  });

  it('an error in a call from within leaves the arenas of the call around it as they are', async () => {
    let machine: Machine;
    const back = (): number => {
      thrown(() => machine.call('fail'));
      return 7;
    };
    machine = await started({ back }, { stress: STRESS });
    expect(machine.call('in-arenas', 5)).toBe(7 + 1 + 5 + 2);
    expect(machine.verify()).toBeUndefined();
  });

  it('a whole number past 2^53 is an error both ways, and where it is in a result is told', async () => {
    let result: unknown = 2 ** 53;
    const machine = await started({ wide: () => result, words: () => [new Map([['a', [2 ** 60, true]]])] });
    const wide = thrown(() => machine.call('big')) as ScriptError;
    expect([wide.kind, wide.message, wide.position?.line]).toEqual([
      'conversion',
      `the result of host.wide must be an integer from ${-(2 ** 53) + 1} to ${2 ** 53 - 1}, not ${2 ** 53}`,
      19,
    ]);
    result = 2 ** 53 - 1;
    // The sum is one more than a number can count.
    expect(() => machine.call('big')).toThrow(
      'the result of big is 9007199254740992, which a JavaScript number',
    );
    expect(() => machine.call('nested')).toThrow(
      'element 0 of the value of key 0 of element 0 of the result of host.words must be an integer from',
    );
    expect(() => machine.call('make', 2 ** 53)).toThrow('argument `n` of make must be an integer from');
  });

  it('what is nested deeply crosses, and what is too deep or has no end is refused by name', async () => {
    let result: unknown = chain(50);
    const machine = await started({ give: () => result }, { stress: STRESS });
    expect(machine.call('far')).toBe(50);
    expect(machine.call('deepest', chain(99))).toBe(99);
    machine.call('chain', 99);
    result = chain(10_000);
    const deep = thrown(() => machine.call('far')) as ScriptError;
    expect([deep.kind, deep.message]).toEqual([
      'conversion',
      'the result of host.give is nested more than 200 deep (at field `next` of field `next` of field `next` of ...): it cannot be copied',
    ]);
    expect(thrown(() => machine.call('deepest', chain(10_000)))).toBeInstanceOf(ConversionError);
    expect(() => machine.call('deepest', chain(10_000))).toThrow(
      'argument `n` of deepest is nested more than 200',
    );
    expect(() => machine.call('chain', 10_000)).toThrow(
      'argument `n` of host.take is nested more than 200 deep',
    );
    const circle = { value: 1, next: { value: 2, next: {} } };
    circle.next.next = circle;
    expect(() => machine.call('deepest', circle)).toThrow('argument `n` of deepest leads back to itself');
    expect(machine.verify()).toBeUndefined();
  });

  it('a getter that throws, or calls the script, in the middle of what is copied is the host’s own', async () => {
    let machine: Machine;
    const give = () => ({
      value: 1,
      get next(): Node {
        if (machine.call('make', 1) === 3) throw new Error('worn out');
        return { value: 2 };
      },
    });
    machine = await started({ give }, { stress: STRESS });
    expect([machine.call('far'), machine.call('far')]).toEqual([2, 2]);
    expect(() => machine.call('far')).toThrow('host.give failed: worn out');
    expect(machine.call('sum')).toBe(3);
    expect(machine.verify()).toBeUndefined();
  });
});

it('handles of two types of one name are not mistaken for one another', async () => {
  const module = new Source(
    'other.slu',
    '(defentity Ball (mut x : i64)) (pub defn theirs () : Ball (Ball 1))',
  );
  const main = new Source(
    'game.slu',
    `(import other (theirs))
(defn held () : i64 (do (theirs) 1))
(defentity Ball (mut name : String))
(pub defn mine () : Ball (Ball "a"))
(pub defn name ((b : Ball)) : String (.name b))`,
  );
  const { image } = await compile([module, main], { mode: 'development' });
  if (image === undefined) throw new Error('it compiles');
  const { machine } = await start(image);
  expect(image.manifest.exports.map((e) => e.name)).toContain('theirs');
  expect(machine.call('name', machine.call('mine'))).toBe('a');
  expect(() => machine.call('name', machine.call('theirs'))).toThrow('a Ball that a script gave, not a Ball');
});
