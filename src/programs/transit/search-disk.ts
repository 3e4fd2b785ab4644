// Looks for a text in files that changed since a moment: under folders, or in those that are named.

import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

export interface DiskHaul {
  /** Files that hold any of the forms. */
  readonly hits: number;
  /** Files that changed. */
  readonly files: number;
}

const FILE_BYTES_MAX = 256 * 1024 * 1024;
const CLOCK_SLACK_MS = 1_000;

export function searchFolders(folders: readonly string[], sinceMs: number, forms: readonly Buffer[]): DiskHaul {
  return searchFiles(filesUnder([...new Set(folders)]), sinceMs, forms);
}

export function searchFiles(paths: Iterable<string>, sinceMs: number, forms: readonly Buffer[]): DiskHaul {
  let [hits, files] = [0, 0];
  for (const path of paths) {
    // what goes away while we look is no concern of ours
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined || facts.mtimeMs < sinceMs - CLOCK_SLACK_MS || facts.size > FILE_BYTES_MAX) continue;
    const bytes = readIfThere(path);
    files += 1;
    if (bytes !== undefined && forms.some((form) => bytes.includes(form))) hits += 1;
  }
  return { hits, files };
}

function* filesUnder(folders: readonly string[]): Generator<string> {
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
