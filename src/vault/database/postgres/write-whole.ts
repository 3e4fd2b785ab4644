// A small file that is either the old one or the whole new one, also after a loss of power: written beside, synced, renamed, synced.

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nodeDisk } from '../../journal/disk.ts';

export async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await nodeDisk.syncDirectory(dirname(path));
}
