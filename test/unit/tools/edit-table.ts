/**
 * The table of edits: each kind of definition and each kind of edit, on a game that runs. A cell says how the text changes, what
 * the reload comes to, and what is shown afterwards. The types ask for each cell.
 */
import {
  after,
  type Cell,
  commented,
  DEFINITIONS,
  type Edit,
  type Kind,
  migrated,
  moved,
  NEVER,
  PART,
  replaced,
  restart,
} from './edited-game.ts';

/** What a world without its bodies shows, and its report. */
const WITHOUT_BODIES = [
  [
    ['bodies=1', 'bodies=0'],
    ['name=body 3', 'name=none'],
  ],
  { parked: ['*bodies*'], computed: ['*limit*', '*bodies*'] },
] as const;

export const TABLE: Readonly<Record<Kind, Readonly<Record<Edit, Cell | typeof NEVER>>>> = {
  function: {
    body: replaced({ function: [['(+ n 1)', '(+ n 2)']] }, [['helper=2', 'helper=3']]),
    signature: replaced(
      {
        function: '(defn helper ((n : i64) (m : i64)) : i64 (+ n m))',
        look: [['(helper 1)', '(helper 1 5)']],
      },
      [['helper=2', 'helper=6']],
    ),
    reorder: moved('function'),
    add: after('(pub defn more () : i64 (helper 2))'),
    remove: replaced({ function: '', look: [['(helper 1)', '2']] }),
    rename: replaced({ function: [['helper', 'aid']], look: [['(helper 1)', '(aid 1)']] }),
    retype: replaced({ function: '(defn helper ((n : i64)) : String (str n "!"))' }, [
      ['helper=2', 'helper=1!'],
    ]),
    comment: commented('function'),
  },
  generic: {
    body: replaced({ generic: [['(first xs)', '(last xs)']] }, [['pick=7', 'pick=8']]),
    signature: replaced(
      {
        generic: "(declare pick (Fn [(Vector 'a) 'a] 'a)) (defn pick (xs x) x)",
        look: [['(pick [7 8])', '(pick [7 8] 9)']],
      },
      [['pick=7', 'pick=9']],
    ),
    reorder: moved('generic'),
    add: after("(declare other (Fn ['a] 'a)) (defn other (x) x) (pub defn more () : i64 (other 2))"),
    remove: replaced({ generic: '', look: [['(pick [7 8])', '7']] }),
    rename: replaced({ generic: [['pick', 'take-one']], look: [['(pick ', '(take-one ']] }),
    retype: replaced({ generic: "(declare pick (Fn [(Vector 'a)] i64)) (defn pick (xs) (len xs))" }, [
      ['pick=7', 'pick=2'],
    ]),
    comment: commented('generic'),
  },
  macro: {
    body: replaced({ macro: [['(+ ,x ,x)', '(* ,x ,x)']] }, [['twice=8', 'twice=16']]),
    signature: replaced(
      { macro: '(defmacro twice (x y) `(+ ,x ,y))', look: [['(twice 4)', '(twice 4 5)']] },
      [['twice=8', 'twice=9']],
    ),
    reorder: replaced({ macro: '', constant: `${DEFINITIONS.macro} ${DEFINITIONS.constant}` }),
    add: replaced({ macro: `${DEFINITIONS.macro} (defmacro thrice (x) \`(* 3 ,x))` }),
    remove: replaced({ macro: '', look: [['(twice 4)', '8']] }),
    rename: replaced({ macro: [['twice', 'doubled']], look: [['(twice 4)', '(doubled 4)']] }),
    retype: replaced({ macro: [['`(+ ,x ,x)', '`(str ,x ,x)']] }, [['twice=8', 'twice=44']]),
    comment: commented('macro'),
  },
  constant: {
    body: replaced({ constant: [['10', '11']] }, [['limit=10', 'limit=11']]),
    signature: NEVER,
    reorder: moved('constant'),
    add: replaced({ after: '(defglobal *more* : i64 3)' }, [], { computed: ['*limit*', '*more*'] }),
    remove: replaced({ constant: '', look: [['*limit*', '10']] }, [], { computed: [] }),
    rename: replaced({ constant: [['*limit*', '*most*']], look: [['*limit*', '*most*']] }, [], {
      computed: ['*most*'],
    }),
    retype: replaced({ constant: '(defglobal *limit* : f64 0.5)' }, [['limit=10', 'limit=0.5']]),
    comment: commented('constant'),
  },
  'mut global': {
    body: replaced({ global: [['i64 1', 'i64 2']] }, [], { notApplied: ['*count*'] }),
    signature: NEVER,
    reorder: moved('global'),
    add: replaced({ after: '(defglobal mut *more* : i64 3)' }, [], { computed: ['*limit*', '*more*'] }),
    remove: replaced(
      { global: '', start: [['(set! *count* 5)', '']], look: [['*count*', '0']] },
      [['count=5', 'count=0']],
      {
        parked: ['*count*'],
      },
    ),
    rename: replaced(
      { global: [['*count*', '*sum*']], start: [['*count*', '*sum*']], look: [['*count*', '*sum*']] },
      [['count=5', 'count=1']],
      { parked: ['*count*'], renames: [{ from: '*count*', to: '*sum*' }], computed: ['*limit*', '*sum*'] },
    ),
    retype: replaced(
      { global: '(defglobal mut *count* : f64 0.5)', start: [['*count* 5', '*count* 5.0']] },
      [['count=5', 'count=0.5']],
      {
        parked: ['*count*'],
        computed: ['*limit*', '*count*'],
      },
    ),
    comment: commented('global'),
  },
  'frame global': {
    body: replaced({ frame: [['(mut-vec 6)', '(mut-vec 6 7)']] }, [['seen=2', 'seen=3']]),
    signature: NEVER,
    reorder: moved('frame'),
    add: after('(defglobal frame *more* : (MutVec i64) (mut-vec)) (pub defn more () : i64 (len *more*))'),
    remove: replaced({ frame: '', seen: '(defn seen () : i64 2)' }),
    rename: replaced({ frame: [['*seen*', '*met*']], seen: [['*seen*', '*met*']] }),
    retype: replaced(
      { frame: '(defglobal frame *seen* : (MutVec f64) (mut-vec))', seen: [['* 1)', '* 1.0)']] },
      [['seen=2', 'seen=1']],
    ),
    comment: commented('frame'),
  },
  struct: {
    body: replaced({ struct: [['(y : i64)', '(mut y : i64)']] }),
    signature: replaced(
      {
        struct: "(defstruct (Body 'a) (mut x : i64) (y : 'a))",
        alias: [['Body)', '(Body i64))']],
        instance: [['(Named Body)', '(Named (Body i64))']],
        look: [['(name-of (first *bodies*))', '"none"']],
      },
      ...WITHOUT_BODIES,
    ),
    reorder: migrated({ struct: '(defstruct Body (y : i64) (mut x : i64))' }, { Body: 1 }),
    add: restart({
      struct: '(defstruct Body (mut x : i64) (y : i64) (z : i64))',
      start: [['(Body 3 4)', '(Body 3 4 5)']],
    }),
    remove: migrated(
      { struct: '(defstruct Body (mut x : i64))', start: [['(Body 3 4)', '(Body 3)']] },
      { Body: 1 },
    ),
    rename: replaced(
      {
        struct: [['Body', 'Thing']],
        alias: [['Body', 'Thing']],
        instance: [['Body', 'Thing']],
        start: [['(Body 3 4)', '(Thing 3 4)']],
        look: [['(name-of (first *bodies*))', '"none"']],
      },
      ...WITHOUT_BODIES,
    ),
    retype: migrated(
      {
        struct: '(defstruct Body (mut x : i64) (y : f64))',
        start: [['(Body 3 4)', '(Body 3 4.0)']],
      },
      { Body: 1 },
    ),
    comment: commented('struct'),
  },
  value: {
    body: NEVER,
    signature: replaced(
      { value: "(defvalue (Vec 'a) (a : 'a) (b : 'a))", place: [['Vec (', '(Vec f64) (']] },
      [['(Vec :a 5.0 :b 6.0)', '(Vec :a 1.0 :b 2.0)']],
      { parked: ['*place*'], computed: ['*limit*', '*place*'] },
    ),
    reorder: migrated({ value: '(defvalue Vec (b : f64) (a : f64))' }, { Vec: 1 }, [
      ['(Vec :a 5.0 :b 6.0)', '(Vec :b 6.0 :a 5.0)'],
    ]),
    add: restart({
      value: '(defvalue Vec (a : f64) (b : f64) (c : f64))',
      place: [['1.0 2.0', '1.0 2.0 3.0']],
      start: [['5.0 6.0', '5.0 6.0 7.0']],
    }),
    remove: migrated(
      {
        value: '(defvalue Vec (a : f64))',
        place: [['1.0 2.0', '1.0']],
        start: [['5.0 6.0', '5.0']],
      },
      { Vec: 1 },
      [['(Vec :a 5.0 :b 6.0)', '(Vec :a 5.0)']],
    ),
    rename: replaced(
      { value: [['Vec', 'Spot']], place: [['Vec (Vec', 'Spot (Spot']], start: [['(Vec 5.0', '(Spot 5.0']] },
      [['(Vec :a 5.0 :b 6.0)', '(Spot :a 1.0 :b 2.0)']],
      { parked: ['*place*'], computed: ['*limit*', '*place*'] },
    ),
    retype: migrated({ value: '(defvalue Vec (a : f64) (b : f32))' }, { Vec: 1 }),
    comment: commented('value'),
  },
  entity: {
    body: restart({
      entity: [['(mut at : i64)', '(mut at : i64) (mut to : i64)']],
      start: [['(Ball 20 0)', '(Ball 20 0 0)']],
    }),
    signature: NEVER,
    reorder: migrated({ entity: '(defentity Ball (mut at : i64) (mut hp : i64))' }, { Ball: 1 }),
    add: replaced(
      { after: '(defentity Brick (mut hp : i64)) (pub defn more () : Unit (add-entity! (Brick 1)))' },
      [],
      { computed: ['*limit*', 'pool:Brick'] },
    ),
    remove: replaced(
      {
        entity: '',
        behaviour: '',
        start: [['(add-entity! (Ball 20 0))', '']],
        balls: '(defn balls () : i64 0)',
      },
      [['balls=22', 'balls=0']],
      { parked: ['pool:Ball'] },
    ),
    rename: replaced(
      {
        entity: [['Ball', 'Orb']],
        behaviour: [['Ball', 'Orb']],
        start: [['(Ball 20 0)', '(Orb 20 0)']],
        balls: [['(b Ball)', '(b Orb)']],
      },
      [['balls=22', 'balls=0']],
      { parked: ['pool:Ball'], computed: ['*limit*', 'pool:Orb'] },
    ),
    retype: migrated(
      {
        entity: '(defentity Ball (mut hp : i64) (mut at : f64))',
        start: [['(Ball 20 0)', '(Ball 20 0.0)']],
      },
      { Ball: 1 },
    ),
    comment: commented('entity'),
  },
  sum: {
    body: NEVER,
    signature: replaced(
      { sum: "(deftype (Mode 'a) Idle (Going 'a) Off)", mode: [['Mode Idle', '(Mode i64) Idle']] },
      [['mode=(Going 7)', 'mode=Idle']],
      { parked: ['*mode*'], computed: ['*limit*', '*mode*'] },
    ),
    reorder: migrated({ sum: '(deftype Mode (Going i64) Idle Off)' }, { Mode: 1 }),
    add: migrated({ sum: '(deftype Mode Idle (Going i64) Off On)' }, { Mode: 1 }),
    remove: migrated({ sum: '(deftype Mode Idle (Going i64))' }, { Mode: 1 }),
    rename: replaced(
      { sum: [['Mode', 'State']], mode: [['Mode Idle', 'State Idle']] },
      [['mode=(Going 7)', 'mode=Idle']],
      { parked: ['*mode*'], computed: ['*limit*', '*mode*'] },
    ),
    retype: migrated(
      { sum: '(deftype Mode Idle (Going f64) Off)', start: [['(Going 7)', '(Going 7.0)']] },
      { Mode: 1 },
      [['mode=(Going 7)', 'mode=(Going 7.0)']],
    ),
    comment: commented('sum'),
  },
  alias: {
    body: replaced(
      {
        alias: '(deftype-alias Bodies (Vector Body))',
        bodies: [['(mut-vec)', '[]']],
        start: [['(push! *bodies* (Body 3 4))', '']],
        look: [['(name-of (first *bodies*))', '"none"']],
      },
      ...WITHOUT_BODIES,
    ),
    signature: replaced({
      alias: "(deftype-alias (Bodies 'a) (MutVec 'a))",
      bodies: [['Bodies', '(Bodies Body)']],
    }),
    reorder: moved('alias'),
    add: after('(deftype-alias More (Vector Body))'),
    remove: replaced({ alias: '', bodies: [['Bodies', '(MutVec Body)']] }),
    rename: replaced({ alias: [['Bodies', 'Crowd']], bodies: [['Bodies', 'Crowd']] }),
    retype: replaced(
      {
        alias: '(deftype-alias Bodies (Deque Body))',
        bodies: [['(mut-vec)', '(deque)']],
        start: [['(push! *bodies* (Body 3 4))', '']],
        look: [['(name-of (first *bodies*))', '"none"']],
      },
      ...WITHOUT_BODIES,
    ),
    comment: commented('alias'),
  },
  class: {
    body: NEVER,
    signature: replaced(
      {
        class: [["(Fn ['a] String)", "(Fn ['a String] String)"]],
        instance: [
          ['name-of (b)', 'name-of (b s)'],
          ['(str "body "', '(str s "body "'],
        ],
        look: [['(name-of (first *bodies*))', '(name-of (first *bodies*) "the ")']],
      },
      [['name=body 3', 'name=the body 3']],
    ),
    reorder: moved('class'),
    add: after("(defclass (Heavy 'a) (weight : (Fn ['a] f64)))"),
    remove: replaced({ class: '', instance: '(defn name-of ((b : Body)) : String (str "body " (.x b)))' }),
    rename: replaced({ class: [['Named', 'Called']], instance: [['Named', 'Called']] }),
    retype: replaced({ class: [['String', 'i64']], instance: [['(str "body " (.x b))', '(.x b)']] }, [
      ['name=body 3', 'name=3'],
    ]),
    comment: commented('class'),
  },
  instance: {
    body: replaced({ instance: [['"body "', '"a body "']] }, [['name=body 3', 'name=a body 3']]),
    signature: NEVER,
    reorder: moved('instance'),
    add: after('(instance (Named Vec) (defn name-of (v) "vec"))'),
    remove: replaced({ instance: '', look: [['(name-of (first *bodies*))', '"none"']] }, [
      ['name=body 3', 'name=none'],
    ]),
    rename: NEVER,
    retype: replaced(
      {
        instance: '(instance (Named i64) (defn name-of (n) (str "number " n)))',
        look: [['(name-of (first *bodies*))', '(name-of 4)']],
      },
      [['name=body 3', 'name=number 4']],
    ),
    comment: commented('instance'),
  },
  behaviour: {
    body: replaced({ behaviour: [['(+ (.hp b) 1)', '(+ (.hp b) 5)']] }, [['balls=22', 'balls=26']]),
    signature: replaced({
      behaviour: [
        ['(b dt)', '(ball time)'],
        ['(.hp b)', '(.hp ball)'],
      ],
    }),
    reorder: moved('behaviour'),
    add: after('(behave Ball (b dt) (set! (.at b) 1))'),
    remove: replaced({ behaviour: '' }, [['balls=22', 'balls=21']]),
    rename: NEVER,
    retype: NEVER,
    comment: commented('behaviour'),
  },
  // Nothing is drawn here, so that no layer has a number; `sprites-reload.test.ts` has those that do.
  layer: {
    body: replaced({ layer: [['(front)', '(front :sort :y)']] }),
    signature: NEVER,
    reorder: replaced({ layer: '(deflayers (front) (back))' }),
    add: replaced({ layer: '(deflayers (back) (front) (top))' }),
    remove: replaced({ layer: '(deflayers (back))' }),
    rename: replaced({ layer: '(deflayers (behind) (front))' }),
    retype: NEVER,
    comment: commented('layer'),
  },
  extern: {
    body: NEVER,
    signature: replaced({
      extern: [['(n : i64)', '(n : i64) (m : i64)']],
      look: [['(tell 5)', '(tell 5 6)']],
    }),
    reorder: moved('extern'),
    add: after('(extern "host" (defn other () : i64)) (pub defn more () : i64 (other))'),
    remove: replaced({ extern: '', look: [['(tell 5)', '0']] }, [['tell=105', 'tell=0']]),
    rename: replaced({ extern: [['tell', 'other']], look: [['(tell 5)', '(other 5)']] }, [
      ['tell=105', 'tell=205'],
    ]),
    retype: replaced(
      { extern: '(extern "host" (defn tell ((n : f64)) : f64))', look: [['(tell 5)', '(tell 5.5)']] },
      [['tell=105', 'tell=105.5']],
    ),
    comment: commented('extern'),
  },
  import: {
    body: replaced({ import: '(import part :all)' }),
    signature: NEVER,
    reorder: replaced({ import: '(import part (parts add-part))' }),
    add: replaced({ import: '(import part (add-part parts Part))' }),
    remove: replaced(
      { import: '', start: [['(add-part 9)', '']], look: [['(parts)', '0']] },
      [['parts=[(Part :n 9)]', 'parts=0']],
      {
        parked: ['*parts*'],
      },
    ),
    rename: replaced({
      import: '(import part :as p)',
      start: [['(add-part 9)', '(p.add-part 9)']],
      look: [['(parts)', '(p.parts)']],
    }),
    retype: NEVER,
    comment: commented('import'),
  },
  module: {
    body: replaced({ module: [['(str *parts*)', '(str (len *parts*))']] }, [
      ['parts=[(Part :n 9)]', 'parts=1'],
    ]),
    signature: replaced({
      module: [['(pub defn parts ()', '(pub defn parts ((n : i64))']],
      look: [['(parts)', '(parts 1)']],
    }),
    reorder: replaced({ module: `${PART.split('\n').reverse().join('\n')}` }),
    add: replaced({ module: `${PART} (pub defn more () : i64 1)` }),
    remove: replaced(
      { module: '(pub defn add-part ((n : i64)) : Unit ()) (pub defn parts () : String "none")' },
      [['parts=[(Part :n 9)]', 'parts=none']],
      { parked: ['*parts*'] },
    ),
    rename: replaced({ module: [['*parts*', '*all*']] }, [['parts=[(Part :n 9)]', 'parts=[]']], {
      parked: ['*parts*'],
      renames: [{ from: '*parts*', to: '*all*' }],
      computed: ['*limit*', '*all*'],
    }),
    retype: migrated(
      {
        module: [
          ['(n : i64))\n', '(n : f64))\n'],
          ['(Part n)', '(Part (f64 n))'],
        ],
      },
      { Part: 1 },
      [['parts=[(Part :n 9)]', 'parts=[(Part :n 9.0)]']],
    ),
    comment: replaced({ module: `; a comment\n${PART}` }),
  },
};
