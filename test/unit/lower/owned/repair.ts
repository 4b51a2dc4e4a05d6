/**
 * A program without what is wrong in it: what uses a name that may have given away what it held looks at nothing, and what a round of a loop has given away
 * is made anew at its end. So nearly all programs are accepted, and go as far as programs may.
 */
import type { Case, Statement } from './program.ts';

export function repaired({ body, bits }: Case): Case {
  return { body: block(body, new Set()).body, bits };
}

type Owned = ReadonlySet<number>;

function block(body: readonly Statement[], before: Owned): { body: Statement[]; owned: Owned } {
  let owned = before;
  const kept: Statement[] = [];
  for (const s of body) {
    const one = statement(s, owned);
    if (one === undefined) continue;
    kept.push(one.s);
    owned = one.owned;
  }
  return { body: kept, owned };
}

const without = (owned: Owned, name: number): Owned => new Set([...owned].filter((one) => one !== name));
const both = (a: Owned, b: Owned): Owned => new Set([...a].filter((one) => b.has(one)));

function statement(s: Statement, owned: Owned): { s: Statement; owned: Owned } | undefined {
  switch (s.kind) {
    case 'let': {
      const inner = block(s.body, new Set([...owned, s.name]));
      return { s: { ...s, body: inner.body }, owned: without(inner.owned, s.name) };
    }
    case 'use':
    case 'lend':
      return owned.has(s.name) ? { s, owned } : undefined;
    case 'eat':
    case 'drop':
    case 'push':
      return owned.has(s.name) ? { s, owned: without(owned, s.name) } : undefined;
    case 'set':
      return { s, owned: new Set([...owned, s.name]) };
    case 'both':
      return owned.has(s.name) && owned.has(s.other) && s.name !== s.other
        ? { s, owned: without(owned, s.other) }
        : undefined;
    case 'if': {
      const then = block(s.then, owned);
      const otherwise = block(s.else, owned);
      return {
        s: { ...s, then: then.body, else: otherwise.body },
        owned: both(then.owned, otherwise.owned),
      };
    }
    case 'loop': {
      const inner = block(s.body, owned);
      const lost = [...owned].filter((name) => !inner.owned.has(name));
      const made = lost.map((name): Statement => ({ kind: 'set', name }));
      return { s: { ...s, body: [...inner.body, ...made] }, owned };
    }
    case 'arena': {
      if (!owned.has(s.name)) return undefined;
      const inner = block(s.body, without(owned, s.name));
      return { s: { ...s, body: inner.body }, owned: inner.owned };
    }
    case 'pop':
    case 'return':
    case 'fail':
      return { s, owned };
    case 'wrong':
      return undefined;
  }
}
