/** Locals and jump targets that are added to a function. */
import type { Func, Local } from '../ir/index.ts';
import { aboveTargets } from './loop-versions.ts';

/** Numbers that nothing in a function has. */
export class Numbers {
  readonly added: Local[] = [];
  #local: number;
  #target: number;

  constructor({ params, locals, body }: Func) {
    this.#local = [...params, ...locals].reduce((most, { id }) => Math.max(most, id), 0);
    this.#target = aboveTargets(body);
  }

  local({ name, rep }: Pick<Local, 'name' | 'rep'>): Local {
    this.#local += 1;
    const local = { id: this.#local, name, rep };
    this.added.push(local);
    return local;
  }

  target(): number {
    this.#target += 1;
    return this.#target;
  }
}
