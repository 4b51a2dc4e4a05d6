/** What the library module `sluice.profile` needs of the host. */

/** `mark` hears the names that a script gives to frames; nobody does where it is left out. */
export function profileHost(mark: (name: string) => void = () => undefined) {
  return { 'sluice.profile': { 'mark-frame': mark } };
}
