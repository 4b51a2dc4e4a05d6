import type { ScriptMachine } from './script.ts';

/** Runs what a script does once when a scene begins: its exported `start`, where it has one. */
export function startScene(machine: Pick<ScriptMachine, 'exports' | 'call'>): void {
  if (machine.exports('start')) machine.call('start');
}
