// Whether signing keys are there: reading must not make them.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DKIM_FILE } from '#vault/keykit/dkim-keys.ts';

export function hasDkimKeys(kitDir: string): boolean {
  return existsSync(join(kitDir, DKIM_FILE));
}
