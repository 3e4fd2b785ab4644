// Files that somebody chose, as they go into a case file.

import type { PlainDocument } from '../desk-work.ts';

export function readDocuments(files: readonly File[]): Promise<readonly PlainDocument[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}
