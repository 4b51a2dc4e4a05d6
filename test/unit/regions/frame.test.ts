import { expect, test } from 'vitest';
import {
  apply,
  arena,
  BODIES,
  BODIES_BUFFER,
  BODY,
  BOX,
  call,
  evaluate,
  FIRST,
  func,
  get,
  give,
  global,
  judge,
  load,
  local,
  make,
  makeVec,
  push,
  refusals,
  set,
  setGlobal,
  store,
  storeNumber,
} from './program.ts';

/** `(defn scan () (with-arena frame (Body)))`: returns its caller what lives until the frame ends. */
const scan = func('scan', [], ['ref'], arena('frame', give(make(BODY, 'body'))), give(global('*x*')));

test('what is in `frame` may be used after its block, until the frame ends', () => {
  const body = local('body');
  const f = func('f', [], [], arena('frame', set(body, make(BODY, 'body'))), storeNumber(get(body), FIRST));
  expect(refusals([f], { exports: ['f'] })).toEqual([]);
});

test('it may be returned to script code, and is still in `frame` there', () => {
  const body = local('body');
  const good = func('f', [], [], set(body, call('scan', ['ref'])), storeNumber(get(body), FIRST));
  expect(refusals([scan, good])).toEqual([]);
  const bad = func('f', [], [], setGlobal('*best*', call('scan', ['ref'])));
  expect(refusals([scan, bad])).toEqual(['arena-escape: set global *best*']);
});

test('it may not be given to the host', () => {
  const [error] = judge([scan], { exports: ['scan'] });
  expect(error?.message).toBe(
    '`scan` would give the host a `Body` made in arena `frame`, which is gone when the frame ends',
  );
});

test('it may not be stored in what was made outside, nor in parameters', () => {
  const box = local('box');
  const f = func(
    'f',
    [],
    [],
    set(box, make(BOX, 'box')),
    arena('frame', store(get(box), FIRST, make(BODY, 'body'), 'store in the box')),
  );
  expect(refusals([f])).toEqual(['arena-escape: store in the box']);
  const world = local('world');
  const g = func('g', [world], [], arena('frame', store(get(world), FIRST, make(BODY, 'body'), 'store')));
  expect(refusals([g])).toEqual(['arena-escape: store']);
});

test('a block inside `frame` may hold frame things, not the other way round', () => {
  const [old, young] = [local('old'), local('young')];
  const f = (outward: boolean) =>
    func(
      'f',
      [],
      [],
      arena(
        'frame',
        set(old, makeVec(BODIES, 'frame bodies')),
        arena(
          'scratch',
          set(young, makeVec(BODIES, 'block bodies')),
          ...(outward
            ? push(get(old), BODIES_BUFFER, make(BODY, 'body'), 'outward')
            : push(get(young), BODIES_BUFFER, load(get(old), FIRST), 'inward')),
        ),
      ),
    );
  expect(refusals([f(false)])).toEqual([]);
  expect(refusals([f(true)])).toEqual(['arena-escape: outward']);
});

test('a `frame` block inside a block arena allocates what outlives the block', () => {
  const [body, box] = [local('body'), local('box')];
  const f = (name: string) =>
    func(
      'f',
      [],
      [],
      arena(
        'scratch',
        set(body, make(BODY, 'block body')),
        arena(name, set(box, make(BOX, 'box', get(body)))),
      ),
    );
  expect(refusals([f('inner')])).toEqual([]);
  expect(refusals([f('frame')])).toEqual(['arena-escape: box']);
});

test('a function that puts its argument into `frame` is refused what a block of the caller holds', () => {
  const x = local('x');
  const wrap = func('wrap', [x], [], arena('frame', evaluate(make(BOX, 'wrapping', get(x)))));
  const f = func('f', [], [], arena('scratch', evaluate(call('wrap', [], make(BODY, 'body')))));
  expect(refusals([wrap, f])).toEqual(['arena-store: call wrap']);
  const g = func('g', [], [], evaluate(call('wrap', [], make(BODY, 'body'))));
  expect(refusals([wrap, g])).toEqual([]);
});

test('a function value of an entity may give and keep frame things, and the host calls the entity', () => {
  const [entity, item, self] = [local('entity'), local('item'), local('self')];
  const saver = func('saver', [item, self], [], setGlobal('*saved*', get(item)));
  const f = func('f', [entity], [], evaluate(apply(load(get(entity), FIRST), [], call('scan', ['ref']))));
  expect(refusals([scan, saver, f], { exports: ['f'], table: ['saver'] })).toEqual(['arena-store: apply']);
});

test('a global may not begin with what lives in `frame`', () => {
  const initial = func('initial', [], ['ref'], arena('frame', give(make(BODY, 'body'))), give(global('*x*')));
  const globals = [
    { key: '*b*', name: '*b*', type: 'Body', mutable: true, cells: ['ref' as const], initializer: 'initial' },
  ];
  expect(refusals([initial], { globals })).toEqual(['arena-escape: return']);
});
