// Whether a program runs on a data folder: it keeps the directory snapshot locked for as long as it does.

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Reads only; also true where the file cannot be read. */
export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    db.prepare('PRAGMA schema_version').get();
    return false;
  } catch {
    return true;
  } finally {
    db?.close();
  }
}
