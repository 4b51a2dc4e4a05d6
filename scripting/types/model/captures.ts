/**
 * What a closure captures: the names of the surrounding function that its body reads or writes. A closure copies them
 * when it is made, so that a name it writes is its own from then on.
 */
import { arrayLength } from './builtin.ts';
import { arrayAround } from './element.ts';
import { partsOf } from './parts.ts';
import type { Binding, TypedExpression, TypedParameter, TypedPattern } from './typed.ts';
import { prune } from './unify.ts';

export interface Captures {
  /** In the order they first appear. */
  readonly bindings: readonly Binding[];
  /** Those of them that the body, or a closure inside it, sets. */
  readonly written: ReadonlySet<Binding>;
}

export function capturesOf(params: readonly TypedParameter[], body: TypedExpression): Captures {
  const scan = new Scan();
  for (const param of params) scan.bindPattern(param.pattern);
  scan.expression(body);
  const free = [...scan.used].filter((b) => !scan.bound.has(b));
  return { bindings: free, written: new Set([...scan.written].filter((b) => !scan.bound.has(b))) };
}

/** Names are unique objects, so one flat set of what is bound anywhere inside is enough. */
class Scan {
  readonly used = new Set<Binding>();
  readonly written = new Set<Binding>();
  readonly bound = new Set<Binding>();

  bindPattern(pattern: TypedPattern): void {
    switch (pattern.kind) {
      case 'name':
        this.bound.add(pattern.binding);
        break;
      case 'construct':
        for (const p of pattern.fields) this.bindPattern(p);
        break;
      case 'fields':
        for (const f of pattern.fields) this.bindPattern(f.pattern);
        break;
      case 'wildcard':
      case 'literal':
        break;
    }
  }

  expression(e: TypedExpression): void {
    switch (e.kind) {
      case 'local':
        this.used.add(e.binding);
        return;
      case 'local-function':
        this.used.add(e.binding);
        return;
      case 'set-local':
        this.used.add(e.binding);
        this.written.add(e.binding);
        break;
      case 'set-field':
        // A component of a value is set through the name that holds the value.
        this.#writtenThrough(e.target);
        break;
      case 'set-element':
        if (arrayLength(prune(e.target.type)) !== undefined) this.#writtenThrough(e.target);
        break;
      case 'let':
        for (const b of e.bindings) this.bindPattern(b.pattern);
        break;
      case 'let-functions':
        for (const { binding, function: local } of e.functions) {
          this.bound.add(binding);
          for (const p of local.params) this.bindPattern(p.pattern);
        }
        break;
      case 'lambda':
        for (const p of e.params) this.bindPattern(p.pattern);
        break;
      case 'match':
        for (const arm of e.arms) this.bindPattern(arm.pattern);
        break;
      case 'for':
      case 'for-entities':
        this.bound.add(e.binding);
        break;
      case 'for-each':
        this.bindPattern(e.pattern);
        break;
      case 'with-arena':
        if (e.arena.binding !== undefined) this.bound.add(e.arena.binding);
        break;
      default:
        break;
    }
    for (const part of partsOf(e)) this.expression(part);
  }

  #writtenThrough(target: TypedExpression): void {
    let place = target;
    for (;;) {
      const type = prune(place.type);
      // What has identity is changed itself, wherever its name was copied to.
      if (type.kind === 'named' && type.definition.kind === 'struct') return;
      const around = place.kind === 'field' ? place.target : arrayAround(place);
      if (around === undefined) break;
      place = around;
    }
    if (place.kind === 'local') this.written.add(place.binding);
  }
}
