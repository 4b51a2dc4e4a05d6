/**
 * Calls of function values that are one of few: each is asked for, and called by its name, so that `inline.ts` can put what is called in
 * the place of the call (Calder and Grunwald, "Reducing indirect function call overhead in C++ programs", 1994). `(work packet)` is then
 *
 *     if (code = idler)       idler(packet, work)
 *     else if (code = worker) worker(packet, work)
 *     else                    work(packet)
 *
 * The last way is the call as it was: what may allocate or recur is found as for any call of a function value. Functions of
 * the host come without end, and where one may be called nothing is asked.
 */
import { CLOSURE_CODE } from '../heap/index.ts';
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  type Program,
  type Rep,
  rewriteBlock,
  type Statement,
} from '../ir/index.ts';
import { Numbers } from './numbers.ts';

/** More questions would take as long as the call through the table does. */
const MOST = 4;

type ValueCall = Extract<Call, { readonly to: 'closure' }>;
/** By signatures: the places in the table of the functions that have it. */
type Slots = ReadonlyMap<string, readonly number[]>;

export function nameFewCallees(program: Program): Program {
  const slots = slotsOf(program);
  const named = [...program.functions].map(([key, f]): [string, Func] => [key, withNames(f, program, slots)]);
  return { ...program, functions: new Map(named) };
}

function slotsOf({ table, functions }: Program): Slots {
  const found = new Map<string, number[]>();
  const ofHost = new Set<string>();
  for (const [slot, key] of table.entries()) {
    const f = functions.get(key);
    if (f === undefined) continue;
    // The closure itself comes last.
    const signature = signatureOf(f.params.slice(0, -1), f.results);
    found.set(signature, [...(found.get(signature) ?? []), slot]);
    if (key.startsWith('host function ')) ofHost.add(signature);
  }
  return new Map([...found].filter(([signature, { length }]) => length <= MOST && !ofHost.has(signature)));
}

function signatureOf(params: readonly { readonly rep: string }[], results: readonly Rep[]): string {
  return `${params.map((p) => p.rep).join(' ')}>${results.join(' ')}`;
}

function withNames(func: Func, { table }: Program, slots: Slots): Func {
  const numbers = new Numbers(func);
  const few = (call: Call): readonly number[] =>
    call.to === 'closure' ? (slots.get(signatureOf(call.args, call.reps)) ?? []) : [];

  /** What stands for a call of one of few; `go` makes a statement of each way. */
  const asked = (call: Call, go: (call: Call) => Statement): readonly Statement[] => {
    const { closure, reps, span } = call as ValueCall;
    const { before, held } = evaluated(call, numbers);
    const code = numbers.local({ name: 'code', rep: 'i32' });
    const last: readonly Statement[] = [go({ ...call, args: held })];
    const questions = few(call).reduceRight((otherwise, slot): readonly Statement[] => {
      const key = table[slot] as string;
      const named = go({ to: 'function', key, args: [...held, closure], reps, span });
      return [{ kind: 'if', condition: isCode(get(code), slot), then: [named], else: otherwise }];
    }, last);
    return [...before, { kind: 'set', local: code, value: codeOf(closure) }, ...questions];
  };

  const body = rewriteBlock(func.body, {
    expression(e) {
      if (e.kind !== 'call' || e.rep === 'none' || few(e.call).length === 0) return e;
      const local = numbers.local({ name: 'result', rep: e.rep });
      const body = asked(e.call, (call) => ({ kind: 'set-call', locals: [local], call }));
      return { kind: 'sequence', rep: e.rep, body, value: get(local) };
    },
    statement(s) {
      const call =
        s.kind === 'evaluate' && s.value.kind === 'call' ? s.value.call : 'call' in s ? s.call : undefined;
      if (call === undefined || few(call).length === 0 || (s.kind === 'tail-call' && s.region !== undefined))
        return [s];
      return asked(call, (call) =>
        s.kind === 'evaluate' ? { kind: 'set-call', locals: [], call } : { ...s, call },
      );
    },
  });
  return { ...func, locals: [...func.locals, ...numbers.added], body };
}

/** The arguments of a call, each evaluated once, before anything is asked. */
function evaluated(
  { args }: Call,
  numbers: Numbers,
): { readonly before: readonly Statement[]; readonly held: readonly Expression[] } {
  const before: Statement[] = [];
  const held = args.map((value) => {
    if (value.kind === 'constant' || value.rep === 'none') return value;
    const local = numbers.local({ name: 'argument', rep: value.rep });
    before.push({ kind: 'set', local, value });
    return get(local);
  });
  return { before, held };
}

function codeOf(closure: Expression): Expression {
  return { kind: 'load', rep: 'i32', stored: 'i32', target: closure, offset: CLOSURE_CODE };
}

function isCode(code: Expression, slot: number): Expression {
  const right: Expression = { kind: 'code', rep: 'i32', slot };
  return { kind: 'binary', rep: 'i32', of: 'i32', op: 'eq', left: code, right };
}

function get(local: Local): Extract<Expression, { kind: 'get' }> {
  return { kind: 'get', rep: local.rep, local };
}
