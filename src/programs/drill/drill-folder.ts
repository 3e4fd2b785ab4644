// The folder that a drill may fill and empty: its own, marked as such, and never one that a house lives in.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { findInstance } from '#vault/journal/find-instance.ts';
import { KIT_FILE } from '#vault/keykit/kit-file.ts';
import { isLocked } from '#vault/safeguards/drill/is-locked.ts';
import { journalFolder } from '../server/open-vault.ts';
import { DRILL_MARK, newMark, readMark } from './sweep-drills.ts';

/** What the program marks its own folders with. */
const HOUSE_MARK = '.siegel';

export interface DrillFolderRefusal {
  readonly kind: 'house-runs' | 'is-house' | 'not-a-drill' | 'around-house';
  readonly sentence: string;
}

export interface DrillFolderOptions {
  /** Data folders of houses on this machine that must not lie in it. */
  readonly houses?: readonly string[];
  /** For the sabotaged attempt of R9: looks at nothing. */
  readonly looksAway?: boolean;
}

/** Empties the folder, or makes it. Refuses by its lock, by the instance in it, and by the mark that is missing. */
export async function openDrillFolder(
  path: string,
  { houses = [], looksAway = false }: DrillFolderOptions = {},
): Promise<Result<void, DrillFolderRefusal>> {
  const refusal = looksAway ? undefined : await findRefusal(path, houses);
  if (refusal !== undefined) return err(refusal);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(path))
    if (name !== DRILL_MARK) rmSync(join(path, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  writeFileSync(join(path, DRILL_MARK), `${JSON.stringify(newMark())}\n`);
  return ok(undefined);
}

const SAFE = 'Nothing was touched. A drill needs a folder of its own: --dir FOLDER';

async function findRefusal(path: string, houses: readonly string[]): Promise<DrillFolderRefusal | undefined> {
  const around = houses.find((house) => `${resolve(house)}/`.startsWith(`${resolve(path)}/`));
  if (around !== undefined)
    return { kind: 'around-house', sentence: `${path} holds the data of a house (${around}). ${SAFE}` };
  if (!existsSync(path)) return undefined;
  const names = readdirSync(path);
  if (names.length === 0) return undefined;
  if (isLocked(join(path, 'directory.sqlite')))
    return { kind: 'house-runs', sentence: `A house runs on ${path}: its folder is locked. ${SAFE}` };
  if ((await findHouse(path)) || names.some((name) => name === KIT_FILE || name === HOUSE_MARK))
    return { kind: 'is-house', sentence: `${path} is the folder of a house: it has an instance of its own. ${SAFE}` };
  if (readMark(path) === undefined)
    return { kind: 'not-a-drill', sentence: `${path} is not empty and was not made by a drill. ${SAFE}` };
  return undefined;
}

async function findHouse(path: string): Promise<boolean> {
  if (!existsSync(join(path, 'journal'))) return false;
  return (await findInstance(nodeDisk, journalFolder(path)).catch(() => 'unreadable')) !== undefined;
}
