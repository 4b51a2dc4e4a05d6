/**
 * What a generated program does: small records of numbers, so that fast-check can make sequences of them and shrink those
 * that fail. What a command means where it stands is `mutator.ts`'s to say.
 */
import fc from 'fast-check';

export const OPERATIONS = [
  'node',
  'node',
  'wide',
  'medium',
  'vector',
  'records',
  'bytes',
  'large',
  'mut-vector',
  'segments',
  'garbage',
  'link',
  'link',
  'link',
  'unlink',
  'load',
  'push',
  'push',
  'add',
  'add',
  'forget',
  'shorten',
  'clear',
  'copy',
  'global',
  'drop-global',
  'drop',
  'handle',
  'free-handle',
  'open-arena',
  'open-limited',
  'close',
  'close',
  'enter-frame',
  'enter-region',
  'enter-suppressed',
  'enter-call',
  'fail',
  'suppress',
  'resume',
  'reset-frame',
  'weaken',
  'weaken',
  'upgrade',
  'upgrade',
  'register-drop',
  'take-drops',
  'proxy',
  'take-proxies',
  'collect',
  'request',
  'gap',
  'gap',
  'gap',
  'gap',
  'force',
  'force-slice',
  'force-slice',
  'force-slice',
  'force-all',
  'verify',
] as const;

export interface Command {
  readonly op: (typeof OPERATIONS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Any command. */
export const command: fc.Arbitrary<Command> = fc.record({
  op: fc.constantFrom(...OPERATIONS),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
});
