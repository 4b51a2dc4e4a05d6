/** The instances of a program, by class: solving asks for those of one class all the time. */
import type { Module } from './module.ts';
import type { InstanceDefinition } from './typed.ts';

export class Instances {
  readonly #all: InstanceDefinition[] = [];
  readonly #homes = new Map<InstanceDefinition, Module>();
  readonly #byClass = new Map<string, InstanceDefinition[]>();

  /** Those of the library's modules to begin with. */
  constructor(library?: Instances) {
    if (library === undefined) return;
    for (const instance of library.#all) this.add(instance, library.#homes.get(instance) as Module);
  }

  /** In the order in which they were added. */
  get all(): readonly InstanceDefinition[] {
    return this.#all;
  }

  /** Those of a class, by its key. */
  of(className: string): readonly InstanceDefinition[] {
    return this.#byClass.get(className) ?? [];
  }

  /** The module that an instance stands in. */
  home(instance: InstanceDefinition): Module | undefined {
    return this.#homes.get(instance);
  }

  add(instance: InstanceDefinition, home: Module): void {
    this.#homes.set(instance, home);
    this.#all.push(instance);
    const alike = this.#byClass.get(instance.class);
    if (alike === undefined) this.#byClass.set(instance.class, [instance]);
    else alike.push(instance);
  }
}
