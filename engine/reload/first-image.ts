import { type Image, isScriptProblems, type ScriptModule } from '../../scripting/image/index.ts';
import type { Overlay } from './overlay.ts';

/** The script's program; where it does not compile, shows why and waits until it does, or until `signal` is aborted. */
export async function firstImage(
  script: ScriptModule<object>,
  overlay: Overlay,
  signal?: AbortSignal,
): Promise<Image> {
  try {
    return await script.load();
  } catch (error) {
    if (!isScriptProblems(error)) throw error;
    overlay.show(error.problems, false);
  }
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const unsubscribe = script.subscribe((event) => {
      if (event.kind === 'failed') return overlay.show(event.problems, false);
      if (event.kind === 'images') return;
      unsubscribe();
      overlay.clear();
      resolve(event.image);
    });
    signal?.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason);
    });
  });
}
