/**
 * Work in small steps, done in what gaps leave: after the browser has painted a frame, until some time before the next is due, and a few
 * milliseconds at most, since the browser has other work. Late frames leave no gap; so that it ends at all, it gets a little of each
 * twentieth of them.
 */
import type { RecordedGame } from '../recording.ts';

/** Milliseconds: the most of a gap, what is left before the next frame, and what a frame that is late gives now and then. */
const MOST = 4;
const MARGIN = 3;
const LITTLE = 0.5;
const PATIENCE = 20;

/** Resolves with what the steps return, and rejects with what they throw, or the signal's reason; then their `return` has been called. */
export function inGaps<T>(
  steps: Generator<void, T>,
  { interval }: RecordedGame['loop'],
  signal: AbortSignal,
): Promise<T> {
  const { promise, resolve, reject } = withResolvers<T>();
  const channel = new MessageChannel();
  let starved = 0;
  let deadline = 0;
  let request = 0;
  const end = (): void => {
    cancelAnimationFrame(request);
    channel.port1.close();
    signal.removeEventListener('abort', stop);
  };
  const stop = (): void => {
    end();
    try {
      steps.return(undefined as never);
    } catch {
      // What was looked at has ended before.
    }
    reject(signal.reason);
  };
  const frame = (time: number): void => {
    request = requestAnimationFrame(frame);
    deadline = time + interval.estimate - MARGIN;
    // Runs when the frame has been painted.
    channel.port2.postMessage(undefined);
  };
  channel.port1.onmessage = (): void => {
    const now = performance.now();
    starved = now < deadline ? 0 : starved + 1;
    const until = starved >= PATIENCE ? now + LITTLE : Math.min(now + MOST, deadline);
    if (starved >= PATIENCE) starved = 0;
    try {
      while (performance.now() < until) {
        const step = steps.next();
        if (!step.done) continue;
        end();
        resolve(step.value);
        return;
      }
    } catch (error) {
      end();
      reject(error);
    }
  };
  if (signal.aborted) stop();
  else {
    signal.addEventListener('abort', stop);
    request = requestAnimationFrame(frame);
  }
  return promise;
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let [resolve, reject]: [(value: T) => void, (reason: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((done, failed) => {
    [resolve, reject] = [done, failed];
  });
  return { promise, resolve, reject };
}
