/** What brings new code into a running game is fetched where some may come. */
import type { ScriptModule } from '../../scripting/image/index.ts';
import type { Reloader } from './reloader.ts';

/** Undefined for a script that stays as it is. */
export async function fetchReloader(script: ScriptModule<object>): Promise<typeof Reloader | undefined> {
  return script.isFinal === true ? undefined : (await import('./reloader.ts')).Reloader;
}
