import { describe, expect, test } from 'vitest';
import {
  arena,
  BODIES,
  BODIES_BUFFER,
  BODY,
  BOX,
  CONTACT,
  CONTACTS,
  CONTACTS_BUFFER,
  evaluate,
  FIRST,
  func,
  get,
  give,
  global,
  judge,
  load,
  local,
  loop,
  make,
  makeVec,
  nth,
  push,
  refusals,
  SECOND,
  set,
  setGlobal,
  store,
  storeNumber,
  underlined,
} from './program.ts';

describe('inside one function', () => {
  test('what is made in an arena may be used in it', () => {
    const body = local('body');
    const contact = local('contact');
    const found = local('found');
    const f = func(
      'f',
      [body],
      [],
      arena(
        'scratch',
        set(found, makeVec(CONTACTS, 'contacts')),
        set(contact, make(CONTACT, 'contact', get(body), get(body))),
        ...push(get(found), CONTACTS_BUFFER, get(contact), 'push'),
        store(nth(get(found)), SECOND, get(body), 'store'),
        storeNumber(load(nth(get(found)), FIRST), FIRST),
      ),
    );
    expect(refusals([f])).toEqual([]);
  });

  test('a program without arenas is never refused', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      ['ref'],
      set(body, make(BODY, 'body')),
      setGlobal('*x*', get(body)),
      give(get(body)),
    );
    expect(refusals([f], { exports: ['f'] })).toEqual([]);
  });

  test('a global may not hold what is made in an arena', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      [],
      arena('scratch', set(body, make(BODY, 'the body')), setGlobal('*best*', get(body))),
    );
    const [error] = judge([f]);
    expect(error?.message).toBe(
      'a `Body` made in arena `scratch` would be kept in the global `*best*`, which lives longer',
    );
    expect(error?.notes?.map((n) => `${n.message}: ${underlined(n.span)}`)).toEqual(['made here: the body']);
    expect(error?.hint).toBe(
      'keep a `(copy-out ...)` of it, make it in `(outside ...)` or before the block, or keep a number',
    );
  });

  test('nor may anything that a global leads to', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      [],
      arena(
        'scratch',
        set(body, make(BODY, 'body')),
        store(nth(global('*all*')), FIRST, get(body), 'befriend'),
      ),
    );
    expect(refusals([f])).toEqual(['arena-escape: befriend']);
  });

  test('a parameter, and what it leads to, may not hold it', () => {
    const world = local('world');
    const f = func(
      'f',
      [world],
      [],
      arena(
        'scratch',
        store(get(world), FIRST, make(BODY, 'body'), 'direct'),
        ...push(load(get(world), FIRST), BODIES_BUFFER, make(BODY, 'other'), 'deeper'),
      ),
    );
    expect(refusals([f])).toEqual(['arena-escape: direct', 'arena-escape: deeper']);
    expect(judge([f])[1]?.message).toContain('something that `world` leads to');
  });

  test('an old object found through an arena object is still old', () => {
    const body = local('body');
    const contact = local('contact');
    const f = func(
      'f',
      [body],
      [],
      arena(
        'scratch',
        set(contact, make(CONTACT, 'contact', get(body), get(body))),
        store(load(get(contact), FIRST), FIRST, make(BODY, 'new body'), 'through the contact'),
      ),
    );
    expect(refusals([f])).toEqual(['arena-escape: through the contact']);
  });

  test('what was made before the block may not hold what the block makes', () => {
    const found = local('found');
    const f = func(
      'f',
      [],
      [],
      set(found, makeVec(CONTACTS, 'contacts')),
      arena('scratch', ...push(get(found), CONTACTS_BUFFER, make(CONTACT, 'contact'), 'push')),
    );
    const [error] = judge([f]);
    expect(error?.message).toBe(
      'a `Contact` made in arena `scratch` would be kept in a `(MutVec Contact)`, which lives longer',
    );
    expect(error?.notes?.map((n) => `${n.message}: ${underlined(n.span)}`)).toEqual([
      'made here: contact',
      'the `(MutVec Contact)` made here would keep it: contacts',
    ]);
  });

  test('what the block makes may hold what was made before it', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      [],
      set(body, make(BODY, 'body')),
      arena('scratch', evaluate(make(CONTACT, 'contact', get(body), get(body)))),
      setGlobal('*best*', get(body)),
    );
    expect(refusals([f])).toEqual([]);
  });

  test('an inner block may hold what the outer one made, not the other way round', () => {
    const outer = local('outer');
    const inner = local('inner');
    const f = (target: 'outer' | 'inner') =>
      func(
        'f',
        [],
        [],
        arena(
          'a',
          set(outer, make(BODY, 'outer body')),
          arena(
            'b',
            set(inner, make(BODY, 'inner body')),
            target === 'outer'
              ? store(get(outer), FIRST, get(inner), 'outward')
              : store(get(inner), FIRST, get(outer), 'inward'),
          ),
        ),
      );
    expect(refusals([f('inner')])).toEqual([]);
    expect(refusals([f('outer')])).toEqual(['arena-escape: outward']);
  });

  test('a value does not go from one block into the next beside it', () => {
    const body = local('body');
    const box = local('box');
    const f = func(
      'f',
      [],
      [],
      arena('a', set(body, make(BODY, 'body'))),
      arena('b', set(box, make(BOX, 'box')), store(get(box), FIRST, get(body), 'too late')),
    );
    expect(refusals([f])).toContain('arena-escape: too late');
  });

  test('a local of a wider scope may not hold what the block makes', () => {
    const best = local('best');
    const f = func(
      'f',
      [],
      [],
      arena('scratch', set(best, make(BODY, 'body'))),
      storeNumber(get(best), FIRST),
    );
    const [error, ...others] = judge([f]);
    expect(others).toEqual([]);
    expect(error?.message).toBe(
      'a `Body` made in arena `scratch` would still be in `best` when the arena has ended',
    );
  });

  test('nor keep it from one round of a loop to the next', () => {
    const best = local('best');
    const f = func(
      'f',
      [best],
      [],
      loop(arena('scratch', storeNumber(get(best), FIRST), set(best, make(BODY, 'body')))),
    );
    expect(refusals([f])).toEqual(['arena-escape: set best']);
  });

  test('a local inside the block is made anew in every round', () => {
    const body = local('body');
    const f = func(
      'f',
      [],
      [],
      loop(arena('scratch', set(body, make(BODY, 'body')), storeNumber(get(body), FIRST))),
    );
    expect(refusals([f])).toEqual([]);
  });

  test('a block may not return what it made, and may return what it was given', () => {
    const body = local('body');
    const made = func('f', [], ['ref'], arena('scratch', give(make(BODY, 'body'))), give(global('*x*')));
    expect(refusals([made])).toEqual(['arena-escape: return']);
    const given = func('f', [body], ['ref'], arena('scratch', give(get(body))), give(global('*x*')));
    expect(refusals([given])).toEqual([]);
  });

  test('the elements of a grown vector are those it had before', () => {
    const found = local('found');
    const body = local('body');
    const f = func(
      'f',
      [body],
      [],
      arena(
        'scratch',
        set(found, makeVec(BODIES, 'bodies')),
        ...push(get(found), BODIES_BUFFER, get(body), 'push'),
        store(nth(get(found)), FIRST, make(BODY, 'new body'), 'into an old one'),
      ),
    );
    expect(refusals([f])).toEqual(['arena-escape: into an old one']);
  });
});
