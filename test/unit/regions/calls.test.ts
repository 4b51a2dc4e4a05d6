import { describe, expect, test } from 'vitest';
import {
  apply,
  arena,
  BODIES,
  BODIES_BUFFER,
  BODY,
  BOX,
  CAPTURE,
  CONTACT,
  CONTACTS,
  CONTACTS_BUFFER,
  call,
  callOf,
  evaluate,
  extern,
  externTaking,
  FIRST,
  func,
  get,
  give,
  global,
  judge,
  judged,
  load,
  local,
  make,
  makeClosure,
  makeVec,
  nth,
  push,
  refusals,
  runtime,
  SECOND,
  set,
  setGlobal,
  store,
  storeNumber,
  underlined,
} from './program.ts';

/** `(defn keep! (v x) (push! v x))` */
function keep() {
  const vector = local('v');
  const item = local('x');
  return func('keep!', [vector, item], [], ...push(get(vector), BODIES_BUFFER, get(item), 'keeps it here'));
}

/** `(defn make-body () (Body))` */
const makeBody = func('make-body', [], ['ref'], give(make(BODY, 'body')));

describe('across calls', () => {
  test('what a called function makes and returns is in the arena', () => {
    const body = local('body');
    const use = (...after: Parameters<typeof arena>[1][]) =>
      func('f', [], [], arena('scratch', set(body, call('make-body', ['ref'])), ...after));
    expect(refusals([makeBody, use(storeNumber(get(body), FIRST))])).toEqual([]);
    const [error] = judge([makeBody, use(setGlobal('*best*', get(body)))]);
    expect(error?.code).toBe('arena-escape');
    expect(error?.notes?.map((n) => `${n.message}: ${underlined(n.span)}`)).toEqual([
      'made by `make-body`, called here: call make-body',
    ]);
  });

  test('outside of arenas it is like anything else', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      [],
      arena('scratch', evaluate(call('make-body', ['ref']))),
      set(body, call('make-body', ['ref'])),
      setGlobal('*best*', get(body)),
    );
    expect(refusals([makeBody, f])).toEqual([]);
  });

  test('a called function may store arena things in arena things', () => {
    const bodies = local('bodies');
    const f = func(
      'f',
      [],
      [],
      arena(
        'scratch',
        set(bodies, makeVec(BODIES, 'bodies')),
        evaluate(call('keep!', [], get(bodies), call('make-body', ['ref']))),
      ),
    );
    expect(refusals([makeBody, keep(), f])).toEqual([]);
  });

  test('a called function may not store them in older things, and the error says what and where', () => {
    const f = func(
      'f',
      [],
      [],
      arena('scratch', evaluate(call('keep!', [], global('*bodies*'), make(BODY, 'new body')))),
    );
    const [error, ...others] = judge([keep(), f]);
    expect(others).toEqual([]);
    expect(error?.code).toBe('arena-store');
    expect(underlined(error!.span)).toBe('call keep!');
    expect(error?.message).toBe(
      '`keep!` may keep a `Body` made in arena `scratch` in something that a global leads to, which lives longer',
    );
    expect(error?.notes?.map((n) => `${n.message}: ${underlined(n.span)}`)).toEqual([
      'made here: new body',
      'here `keep!` stores it: keeps it here',
    ]);
  });

  test('a called function may store old things in old things', () => {
    const body = local('body');
    const f = func(
      'f',
      [body],
      [],
      arena('scratch', evaluate(call('keep!', [], global('*bodies*'), get(body)))),
    );
    expect(refusals([keep(), f])).toEqual([]);
  });

  test('a called function makes in the heap what it stores in a global, not what its caller stores there', () => {
    const body = local('body');
    const spawn = func(
      'spawn!',
      [],
      ['ref'],
      set(body, make(BODY, 'body')),
      setGlobal('*last*', get(body)),
      give(get(body)),
    );
    const between = func('between', [], ['ref'], give(call('spawn!', ['ref'])));
    const f = func('f', [], [], arena('scratch', evaluate(call('between', ['ref']))));
    const { diagnostics, proved } = judged([f, between, spawn]);
    expect(diagnostics).toEqual([]);
    expect([...proved.functions.keys()].filter((key) => key.includes('in region'))).toEqual([
      'between in region',
      'spawn! in region',
    ]);
    const fresh = func('fresh', [], ['ref'], give(make(BODY, 'body')));
    const g = func('g', [], [], arena('scratch', setGlobal('*last*', call('fresh', ['ref']))));
    expect(refusals([g, fresh])).toEqual(['arena-escape: set global *last*']);
  });

  test('the same holds deep inside what was passed', () => {
    const world = local('world');
    const item = local('x');
    const deep = func(
      'deep!',
      [world, item],
      [],
      ...push(load(get(world), FIRST), BODIES_BUFFER, get(item), 'deep store'),
    );
    const given = local('given');
    const box = local('box');
    const f = (bodies: Parameters<typeof make>[2]) =>
      func(
        'f',
        [given],
        [],
        arena(
          'scratch',
          set(box, make(BOX, 'box', bodies)),
          evaluate(call('deep!', [], get(box), make(BODY, 'body'))),
        ),
      );
    expect(refusals([deep, f(makeVec(BODIES, 'fresh'))])).toEqual([]);
    expect(refusals([deep, f(get(given))])).toEqual(['arena-store: call deep!']);
  });

  test('what a function returns of its arguments is what the caller passed', () => {
    const a = local('a');
    const b = local('b');
    const first = func('first-of', [a, b], ['ref'], give(get(a)));
    const old = local('old');
    const f = (inArena: 'first' | 'second') => {
      const fresh = make(BODY, 'fresh');
      const args = inArena === 'first' ? [fresh, get(old)] : [get(old), fresh];
      return func('f', [old], [], arena('scratch', setGlobal('*x*', call('first-of', ['ref'], ...args))));
    };
    expect(refusals([first, f('second')])).toEqual([]);
    expect(refusals([first, f('first')])).toEqual(['arena-escape: set global *x*']);
  });

  test('a function that calls itself is understood', () => {
    const list = local('list');
    const depth = local('depth', 'i32');
    // (defn build (list) (build (Body list))) and back again: makes a chain and returns it
    const build = func(
      'build',
      [list, depth],
      ['ref'],
      { kind: 'if', condition: get(depth), then: [give(get(list))], else: [] },
      { kind: 'tail-call', call: callOf('build', ['ref'], make(BODY, 'link', get(list)), get(depth)) },
    );
    const chain = local('chain');
    const f = (...after: Parameters<typeof arena>[1][]) =>
      func(
        'f',
        [],
        [],
        arena('scratch', set(chain, call('build', ['ref'], global('*end*'), get(depth))), ...after),
      );
    expect(refusals([build, f()])).toEqual([]);
    expect(refusals([build, f(setGlobal('*x*', load(get(chain), FIRST)))])).toEqual([
      'arena-escape: set global *x*',
    ]);
  });

  test('two parameters may be the same thing', () => {
    // (defn link! (a b x) (set! (.friend a) x) (store in *kept* (.friend b)))
    const [a, b, x] = [local('a'), local('b'), local('x')];
    const link = func(
      'link!',
      [a, b, x],
      [],
      store(get(a), FIRST, get(x), 'store a'),
      setGlobal('*kept*', load(get(b), FIRST)),
    );
    const box = local('box');
    const f = func(
      'f',
      [],
      [],
      arena(
        'scratch',
        set(box, make(BODY, 'box')),
        evaluate(call('link!', [], get(box), get(box), make(BODY, 'new body'))),
      ),
    );
    expect(refusals([link, f])).toEqual(['arena-store: call link!']);
  });
});

describe('function values', () => {
  const item = local('item');
  const closure = local('closure');
  /** A closure that pushes what it is given to the vector it captured. */
  const pusher = func(
    'fn in f',
    [item, closure],
    [],
    ...push(load(get(closure), CAPTURE), BODIES_BUFFER, get(item), 'captured push'),
  );
  /** `(defn each (xs g) (g (nth xs 0)))` */
  const xs = local('xs');
  const g = local('g');
  const each = func('each', [xs, g], [], evaluate(apply(get(g), [], nth(get(xs)))));

  test('a called closure may keep what it is given where its captures live', () => {
    const old = local('old');
    const bodies = local('bodies');
    const f = (captured: 'old' | 'fresh') => {
      const kept = captured === 'old' ? get(old) : makeVec(BODIES, 'fresh');
      return func(
        'f',
        [old],
        [],
        arena(
          'scratch',
          set(bodies, makeVec(BODIES, 'bodies')),
          ...push(get(bodies), BODIES_BUFFER, make(BODY, 'new body'), 'push'),
          evaluate(call('each', [], get(bodies), makeClosure(0, 'pusher', kept))),
        ),
      );
    };
    expect(refusals([each, pusher, f('fresh')], { table: ['fn in f'] })).toEqual([]);
    expect(refusals([each, pusher, f('old')], { table: ['fn in f'] })).toEqual(['arena-store: call each']);
  });

  test('another closure of the same type does not matter where the one that is passed is known', () => {
    const reader = func('reader', [local('item'), local('self')], [], storeNumber(get(item), FIRST));
    const saver = func('saver', [item, closure], [], setGlobal('*saved*', get(item)));
    const f = func(
      'f',
      [],
      [],
      arena(
        'scratch',
        evaluate(call('each', [], makeVec(BODIES, 'bodies'), makeClosure(0, 'reader'))),
        evaluate(apply(makeClosure(0, 'reader too'), [], make(BODY, 'body'))),
      ),
    );
    expect(refusals([each, reader, saver, f], { table: ['reader', 'saver'] })).toEqual([]);
  });

  test('a closure that nothing is known of may be any of its type', () => {
    const saver = func('saver', [item, closure], [], setGlobal('*saved*', get(item)));
    const given = local('given');
    const f = func('f', [given], [], arena('scratch', evaluate(apply(get(given), [], make(BODY, 'body')))));
    const fromGlobal = func(
      'f',
      [],
      [],
      arena('scratch', evaluate(apply(global('*g*'), [], make(BODY, 'body')))),
    );
    expect(refusals([f, saver], { table: ['saver'] })).toEqual(['arena-store: apply']);
    expect(refusals([fromGlobal, saver], { table: ['saver'] })).toEqual(['arena-store: apply']);
    expect(refusals([f], { table: [] })).toEqual([]);
  });

  test('what a captured name is set to must live as long as the closure', () => {
    const self = local('self');
    const setter = func('setter', [item, self], [], store(get(self), CAPTURE, get(item), 'set captured'));
    const before = local('before');
    const f = (where: 'outside' | 'inside') => {
      const make1 = set(before, makeClosure(0, 'closure', global('*x*')));
      const use = evaluate(apply(get(before), [], make(BODY, 'body')));
      return func(
        'f',
        [],
        [],
        ...(where === 'outside' ? [make1, arena('scratch', use)] : [arena('scratch', make1, use)]),
      );
    };
    expect(refusals([setter, f('inside')], { table: ['setter'] })).toEqual([]);
    expect(refusals([setter, f('outside')], { table: ['setter'] })).toEqual(['arena-store: apply']);
  });

  test('a closure made in an arena may not leave it, nor what it captures', () => {
    const best = local('best');
    const f = func(
      'f',
      [],
      [],
      arena('scratch', set(best, makeClosure(0, 'closure', make(BODY, 'body'))), setGlobal('*g*', get(best))),
    );
    const [error] = judge([f, pusher], { table: ['fn in f'] });
    expect(error?.message).toContain('a function made in arena `scratch`');
  });

  test('a function called with a closure that calls a closure is understood', () => {
    const h = local('h');
    const self = local('self');
    const it = local('it');
    // (defn twice (xs h) (each xs (fn (it) (h it))))
    const inner = func('inner', [it, self], [], evaluate(apply(load(get(self), CAPTURE), [], get(it))));
    const outer = func(
      'twice',
      [xs, h],
      [],
      evaluate(call('each', [], get(xs), makeClosure(0, 'inner closure', get(h)))),
    );
    const saver = func('saver', [item, closure], [], setGlobal('*saved*', get(item)));
    const reader = func('reader', [item, closure], [], storeNumber(get(item), FIRST));
    const bodies = local('bodies');
    const f = (slot: number) =>
      func(
        'f',
        [],
        [],
        arena(
          'scratch',
          set(bodies, makeVec(BODIES, 'bodies')),
          ...push(get(bodies), BODIES_BUFFER, make(BODY, 'body'), 'push'),
          evaluate(call('twice', [], get(bodies), makeClosure(slot, 'passed'))),
        ),
      );
    const others = [each, inner, outer, saver, reader];
    const table = { table: ['inner', 'saver', 'reader'] };
    expect(refusals([f(1), ...others], table)).toEqual(['arena-store: call twice']);
    expect(refusals([f(2), ...others], table)).toEqual([]);
  });
});

describe('the host and the runtime', () => {
  test('the host keeps functions, so they may not be in an arena; strings it copies', () => {
    const f = func(
      'f',
      [],
      [],
      arena(
        'scratch',
        evaluate(extern(0, [], runtime('textTake', ['ref'], { kind: 'constant', rep: 'i32', value: 0 }))),
        evaluate(extern(1, [], makeClosure(0, 'closure', make(BODY, 'body')))),
      ),
    );
    const externs = [externTaking('string', 'log'), externTaking('opaque', 'on-click')];
    expect(refusals([f], { externs })).toEqual(['arena-store: extern 1']);
  });

  test('text made in an arena belongs to it', () => {
    const text = runtime('textTake', ['ref'], { kind: 'constant', rep: 'i32', value: 0 });
    const f = func('f', [], [], arena('scratch', setGlobal('*title*', text)));
    expect(refusals([f])).toEqual(['arena-escape: set global *title*']);
  });

  test('copied elements are stores', () => {
    const [from, to] = [local('from'), local('to')];
    const zero = { kind: 'constant', rep: 'i32', value: 0 } as const;
    const copy = (target: Parameters<typeof get>[0], source: Parameters<typeof get>[0]) =>
      evaluate(runtime('arrayCopy', [], load(get(target), 8), zero, load(get(source), 8), zero, zero));
    const f = (outward: boolean) =>
      func(
        'f',
        [to],
        [],
        arena(
          'scratch',
          set(from, makeVec(BODIES, 'bodies')),
          ...push(get(from), BODIES_BUFFER, make(BODY, 'body'), 'push'),
          outward ? copy(to, from) : copy(from, to),
        ),
      );
    expect(refusals([f(false)])).toEqual([]);
    expect(refusals([f(true)])).toEqual(['arena-escape: arrayCopy']);
  });
});

describe('the demo', () => {
  const bodies = local('bodies');
  const [found, i, contact] = [local('found'), local('i', 'i64'), local('contact')];
  const cells = local('cells');
  /** Fills a grid of body vectors, then makes contacts from it. */
  const findContacts = func(
    'find-contacts',
    [bodies],
    ['ref'],
    set(found, makeVec(CONTACTS, 'contacts')),
    set(cells, makeVec(BODIES, 'grid')),
    ...push(get(cells), BODIES_BUFFER, makeVec(BODIES, 'cell'), 'add cell'),
    ...push(nth(get(cells)), BODIES_BUFFER, nth(get(bodies)), 'add to cell'),
    ...push(
      get(found),
      CONTACTS_BUFFER,
      make(CONTACT, 'contact', nth(nth(get(cells))), nth(get(bodies))),
      'add contact',
    ),
    give(get(found)),
  );
  const [contacts, impulses] = [local('contacts'), local('impulses')];
  const solveContacts = func(
    'solve-contacts',
    [contacts],
    ['ref'],
    set(impulses, makeVec(CONTACTS, 'impulses')),
    set(contact, nth(get(contacts))),
    storeNumber(get(contact), 16),
    ...push(
      get(impulses),
      CONTACTS_BUFFER,
      make(CONTACT, 'impulse', load(get(contact), FIRST), load(get(contact), SECOND)),
      'add impulse',
    ),
    give(get(impulses)),
  );
  const given = local('given');
  const apply2 = func(
    'apply-impulses!',
    [given],
    [],
    storeNumber(load(nth(get(given)), FIRST), 16),
    storeNumber(load(nth(get(given)), SECOND), 16),
  );
  const made = local('made');
  const frame = (name: string) =>
    func(
      'frame',
      [i],
      [],
      arena(
        name,
        set(made, call('find-contacts', ['ref'], global('*bodies*'))),
        evaluate(call('apply-impulses!', [], call('solve-contacts', ['ref'], get(made)))),
      ),
    );

  test('is accepted, in `frame` and in a block', () => {
    const parts = { exports: ['frame'] };
    expect(refusals([findContacts, solveContacts, apply2, frame('frame')], parts)).toEqual([]);
    expect(refusals([findContacts, solveContacts, apply2, frame('scratch')], parts)).toEqual([]);
  });

  test('is refused when applying keeps a contact in its body', () => {
    const keeps = func(
      'apply-impulses!',
      [given],
      [],
      store(load(nth(get(given)), FIRST), FIRST, nth(get(given)), 'keep contact'),
    );
    expect(refusals([findContacts, solveContacts, keeps, frame('frame')])).toEqual([
      'arena-store: call apply-impulses!',
    ]);
  });
});
