// Saves what came back: one file as it is, several as one archive that is made here.

import { zipSync } from 'fflate';
import { safeFileName } from '../letter/safe-name.ts';
import { saveBytes } from '../parts/save-bytes.ts';
import type { GivenBack } from './job-model.ts';

export function saveFiles(files: readonly GivenBack[], archiveName: string): void {
  const [only] = files;
  if (only === undefined) return;
  if (files.length === 1) return saveBytes(only.name, only.bytes);
  // they are packed already: stored, not squeezed again
  const packed = zipSync(Object.fromEntries(named(files)), { level: 0 });
  saveBytes(archiveName, new Uint8Array(packed));
}

/** No two of the same name: one would hide the other. */
function named(files: readonly GivenBack[]): readonly (readonly [string, Uint8Array])[] {
  const taken = new Set<string>();
  return files.map(({ name, bytes }) => {
    let free = safeFileName(name);
    for (let at = 2; taken.has(free); at++) free = safeFileName(name.replace(/(\.[^.]*)?$/, `_${at}$1`));
    taken.add(free);
    return [free, bytes];
  });
}
