import { type Image, isScriptProblems, type ScriptModule } from '../../scripting/image/index.ts';
import type { Overlay } from './overlay.ts';

/** The script's program; where it does not compile, shows why and waits until it does. */
export async function firstImage(script: ScriptModule<object>, overlay: Overlay): Promise<Image> {
  try {
    return await script.load();
  } catch (error) {
    if (!isScriptProblems(error)) throw error;
    overlay.show(error.problems, false);
  }
  return new Promise((resolve) => {
    const unsubscribe = script.subscribe((event) => {
      if (event.kind === 'failed') return overlay.show(event.problems, false);
      if (event.kind === 'images') return;
      unsubscribe();
      overlay.clear();
      resolve(event.image);
    });
  });
}
