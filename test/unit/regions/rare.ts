/**
 * Programs put together by hand. Those that must be refused and rarely come about by chance: one for each rule of the proof that the search would need
 * long to see broken. Each lets something out whatever its conditions decide.
 */
import type { Func, Statement } from '../../../scripting/ir/index.ts';
import type { Rule } from '../../../scripting/regions/index.ts';
import { FRAME_GLOBALS, type Generated, generated } from './generator.ts';
import { CALLS_AGAIN, GIVES_A_SET } from './host.ts';
import {
  apply,
  arena,
  arenaAs,
  BODIES,
  BODIES_BUFFER,
  BODY,
  BUFFER,
  CAPTURE,
  call,
  callOf,
  copyAllOut,
  copyOut,
  element,
  evaluate,
  extern,
  FIRST,
  func,
  get,
  give,
  global,
  load,
  local,
  make,
  makeArray,
  makeClosure,
  makeRope,
  makeVec,
  nth,
  outside,
  push,
  runtime,
  set,
  setElement,
  setGlobal,
  store,
} from './program.ts';

const [FRAME_NODE] = FRAME_GLOBALS as readonly [string];
const [FRIEND, CELLS, ACTION, LIST] = [FIRST, FIRST + 4, FIRST + 8, FIRST + 12];
const nothing = { kind: 'null', rep: 'ref' } as const;

const main = (...body: Statement[]): Func => func('main', [], ['ref'], ...body, give(nothing));

/** Stores what it is given in a global, and returns it. */
const keeper = (): Func => {
  const [node, self] = [local('node'), local('self')];
  return func('closure-a', [node, self], ['ref'], setGlobal('node', get(node)), give(get(node)));
};

const [node, other, left, right, all, copy, action] = [
  local('node'),
  local('other'),
  local('left'),
  local('right'),
  local('all'),
  local('copy'),
  local('action'),
] as const;
const [block, inner, frame] = [local('block', 'i32'), local('inner', 'i32'), local('frame', 'i32')] as const;

/** Makes something, stores it in a global, and returns it. */
const keepsNew = (key: string): Func =>
  func(
    key,
    [other, all, action],
    ['ref'],
    set(node, make(BODY, 'kept', nothing)),
    setGlobal('node', get(node)),
    give(get(node)),
  );

export const RARE: Partial<Record<Rule, Generated>> = {
  local: generated([
    main(set(node, nothing), arena('block', set(node, make(BODY, 'node'))), evaluate(get(node))),
  ]),
  rope: generated([
    main(
      arena(
        'block',
        set(left, makeArray()),
        setElement(get(left), make(BODY, 'node'), 'into the left'),
        set(right, makeArray()),
        set(all, makeRope('both', get(left), get(right))),
        setGlobal('node', element(runtime('ropeLeft', ['ref'], get(all)))),
      ),
    ),
  ]),
  framed: generated([
    main(
      set(node, make(BODY, 'older')),
      arena(
        'frame',
        setGlobal(FRAME_NODE, make(BODY, 'node', get(node))),
        store(load(global(FRAME_NODE), FRIEND), FRIEND, make(BODY, 'new'), 'into the older'),
      ),
    ),
  ]),
  // The same elements are found as those of a list, and as those of a vector.
  'frame-unknown': generated([
    main(
      set(other, make(BODY, 'older', nothing)),
      arena(
        'frame',
        set(all, makeVec(BODIES, 'all')),
        ...push(get(all), BODIES_BUFFER, make(BODY, 'element', nothing), 'pushed'),
        set(node, make(BODY, 'node', nothing, get(all))),
        store(get(node), LIST, load(get(all), BUFFER), 'as a list'),
        setGlobal(FRAME_NODE, get(node)),
        setElement(load(global(FRAME_NODE), LIST), get(other), 'something older'),
        store(nth(load(global(FRAME_NODE), CELLS)), FRIEND, make(BODY, 'new'), 'into the older'),
      ),
    ),
  ]),
  copies: generated([
    main(
      arenaAs(block, [
        set(node, make(BODY, 'node')),
        set(copy, nothing),
        arenaAs(inner, [
          set(other, make(BODY, 'inner node', get(node))),
          ...copyOut(inner, copy, get(other)),
        ]),
        setGlobal('node', load(get(copy), FRIEND)),
      ]),
    ),
  ]),
  candidates: generated([
    keeper(),
    main(
      set(other, make(BODY, 'older', nothing, nothing, nothing)),
      store(get(other), ACTION, makeClosure(0, 'keeper', nothing, nothing), 'an action'),
      setGlobal('node', get(other)),
      arena('block', evaluate(apply(load(global('node'), ACTION), ['ref'], make(BODY, 'node')))),
    ),
  ]),
  lent: generated([
    func('closure-a', [other, action], ['ref'], give(load(get(action), CAPTURE))),
    main(
      arena(
        'block',
        set(node, make(BODY, 'node')),
        evaluate(extern(0, [], makeClosure(0, 'lent', get(node)))),
      ),
    ),
  ]),
  // What the host returns has keys whose `hash` keeps them.
  'put-together': generated([
    func('make', [], ['ref'], give(make(BODY, 'set'))),
    func('make key', [], ['ref'], give(make(BODY, 'key'))),
    func('put', [all, node], ['ref'], setGlobal('node', get(node)), give(get(all))),
    main(arena('block', evaluate(extern(GIVES_A_SET, ['ref'])))),
  ]),
  'own-blocks': generated([
    keeper(),
    func(
      'f',
      [other, all, action],
      ['ref'],
      arenaAs(block, [
        set(node, make(BODY, 'node')),
        outside(block, evaluate(apply(get(action), ['ref'], get(node)))),
      ]),
      give(nothing),
    ),
    main(
      evaluate(
        call(
          'f',
          ['ref'],
          make(BODY, 'older'),
          makeVec(BODIES, 'all'),
          makeClosure(0, 'keeper', nothing, nothing),
        ),
      ),
    ),
  ]),
  // What a function value that was given stores in what is made here.
  shared: generated([
    func(
      'closure-a',
      [other, action],
      ['ref'],
      store(get(other), FRIEND, make(BODY, 'in the block'), 'set up'),
      give(nothing),
    ),
    func(
      'f',
      [other, all, action],
      ['ref'],
      set(node, make(BODY, 'own', nothing)),
      evaluate(apply(get(action), ['ref'], get(node))),
      setGlobal('node', load(get(node), FRIEND)),
      give(nothing),
    ),
    main(arena('block', evaluate(call('f', ['ref'], nothing, nothing, makeClosure(0, 'set up'))))),
  ]),
  // What is made after a call that ended in the heap would be there too.
  restored: generated([
    keepsNew('g'),
    func('f', [other, all, action], ['ref'], {
      kind: 'tail-call',
      call: callOf('g', ['ref'], nothing, nothing, nothing),
    }),
    main(
      arena(
        'block',
        set(node, make(BODY, 'before', nothing)),
        evaluate(call('f', ['ref'], nothing, nothing, nothing)),
        set(other, make(BODY, 'after', get(node))),
      ),
    ),
  ]),
  'restored-values': generated([
    keepsNew('g'),
    func('closure-a', [other, action], ['ref'], {
      kind: 'tail-call',
      call: callOf('g', ['ref'], nothing, nothing, nothing),
    }),
    main(
      arena(
        'block',
        set(node, make(BODY, 'before', nothing)),
        evaluate(apply(makeClosure(0, 'keeping'), ['ref'], nothing)),
        set(other, make(BODY, 'after', get(node))),
      ),
    ),
  ]),
  // What the host stores by way of a global of the frame, in the middle of a call.
  'shared-frame': generated([
    func(
      'again',
      [],
      ['ref'],
      arena('frame', store(global(FRAME_NODE), FRIEND, make(BODY, 'another'), 'put in')),
      give(nothing),
    ),
    main(
      arena(
        'frame',
        set(node, make(BODY, 'own', nothing)),
        setGlobal(FRAME_NODE, get(node)),
        evaluate(extern(CALLS_AGAIN, [])),
        setGlobal('node', load(get(node), FRIEND)),
      ),
    ),
  ]),
  'copied-buffers': generated([
    main(
      arenaAs(block, [
        set(copy, nothing),
        arenaAs(inner, [
          set(all, makeVec(BODIES, 'all')),
          ...push(get(all), BODIES_BUFFER, make(BODY, 'element'), 'pushed'),
          ...copyOut(inner, copy, get(all)),
        ]),
        setGlobal('node', nth(get(copy))),
      ]),
    ),
  ]),
  'copied-together': generated([
    main(
      arenaAs(block, [
        arenaAs(inner, [
          set(node, make(BODY, 'node', nothing)),
          ...copyAllOut(inner, [copy, get(node)], [other, get(node)]),
        ]),
        store(get(copy), FRIEND, make(BODY, 'in the block'), 'by one name'),
        setGlobal('node', load(get(other), FRIEND)),
      ]),
    ),
  ]),
  // It is copied into the block that the function was called from.
  'given-copies': generated([
    func(
      'f',
      [other, all, action],
      ['ref'],
      arenaAs(frame, copyOut(frame, copy, get(other))),
      give(get(copy)),
    ),
    main(
      arena('frame', set(node, make(BODY, 'in the frame')), set(copy, nothing)),
      arena('block', set(copy, call('f', ['ref'], get(node), nothing, nothing))),
      evaluate(get(copy)),
    ),
  ]),
  // Taken for a copy in the block, it would be allowed to hold what the block does.
  'perhaps-same': generated([
    func(
      'f',
      [other, all, action],
      ['ref'],
      arenaAs(frame, [set(node, make(BODY, 'own', nothing)), ...copyOut(frame, copy, get(node))]),
      give(get(copy)),
    ),
    main(
      arena(
        'frame',
        arena(
          'block',
          store(
            call('f', ['ref'], nothing, nothing, nothing),
            FRIEND,
            make(BODY, 'in the block'),
            'set a friend',
          ),
        ),
      ),
    ),
  ]),
};

/** Programs that the search has found and that were made small since, by what was wrong. */
export const KEPT: Readonly<Record<string, Generated>> = {
  'the image of a copy that may be what it leads to had no end': generated([
    main(),
    func(
      'g',
      [other, all, action],
      ['ref'],
      arenaAs(frame, [
        ...copyOut(frame, copy, get(other)),
        outside(frame, evaluate(apply(get(action), ['ref'], get(copy)))),
      ]),
      give(get(other)),
    ),
    func('closure-b', [node, action], ['ref'], {
      kind: 'tail-call',
      call: callOf('g', ['ref'], get(node), nothing, makeClosure(1, 'again', get(node))),
    }),
  ]),
};
