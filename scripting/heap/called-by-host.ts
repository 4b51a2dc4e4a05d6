/**
 * The heap's functions that the machine calls from JavaScript, whatever a program does. A release image exports these and no others:
 * what neither they nor the program reach is left out of it.
 */
export const CALLED_BY_HOST = [
  'initialise',
  'allocateStatic',
  'addRoots',
  'allocateArray',
  'resetFrame',
  'suppress',
  'resume',
  'enter',
  'leave',
  'unwind',
  'newHandle',
  'freeHandle',
  'newProxy',
  'takeDeadProxy',
  'requestCollection',
  'collect',
  'gapSlice',
  'force',
  'forceSlice',
  'endForce',
  'finishMove',
  'trim',
  'verify',
  'setStress',
] as const;
