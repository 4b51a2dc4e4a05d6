/** What the library module `sluice.input` needs of the host. */
import { controlName } from '../../scripting/image/index.ts';
import type { InputPage } from './page.ts';

/** Not named by an interface, so that it is a `HostModules` as well. */
export type InputHost = ReturnType<typeof inputHost>;

/** `say` is told what a script announces. Without it nobody is. */
export function inputHost(page: InputPage, say: (text: string) => void = () => undefined) {
  const { actions } = page;
  const nameOf = (action: number): string => {
    const name = actions.nameOf(action);
    if (name === undefined)
      throw new RangeError(
        `\`${controlName(action) ?? action}\` is no action, and only those are bound to something`,
      );
    return name;
  };
  return {
    'sluice.input': {
      'declare-action': (name: string, controls: readonly number[]): number =>
        actions.declare(name, controls),
      'bind-action': (action: number, controls: readonly number[]): void =>
        actions.bindNumbers(nameOf(action), controls),
      'action-controls': (action: number): readonly number[] => actions.controls(nameOf(action)),
      'control-word': (control: number): string => actions.nameOf(control) ?? controlName(control) ?? '',
      'saved-bindings': (): string => JSON.stringify(actions.save()),
      'take-bindings': (text: string): void => actions.restore(parsed(text)),
      'claim-controls': (controls: readonly number[]): void => page.claim(controls),
      say: (text: string): void => say(text),
    },
  };
}

/** Settings that a player's browser has kept may be anything. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
