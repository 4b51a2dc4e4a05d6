/** Where tests put what is of no use once all of them have run: a folder that this, as vitest's global set-up, makes and removes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Workers inherit it. */
const VARIABLE = 'SLUICE_TEST_FOLDER';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tests-'));
  process.env[VARIABLE] = folder;
  // Also what others put into the system's own: a browser that ends with its worker has no time to remove its profile.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  // While such a browser ends, it may still write.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Outside of vitest, the system's own. */
export const temporaryFolder = (): string => process.env[VARIABLE] ?? tmpdir();
