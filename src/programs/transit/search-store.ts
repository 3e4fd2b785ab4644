// What a burglar finds in a store outside the room: every key and value there, and, of a server on this machine, its memory and its folder.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { limits } from '#base/limits.ts';
import { parseInfo, textOf, type Ask, type StoreReply } from '#post/transit/store/redis-store.ts';
import { searchFiles, type DiskHaul } from './search-disk.ts';
import { countInMemory } from './search-memory.ts';

export interface StoreHaul {
  /** All that lie there, whosesoever they are. */
  readonly keys: number;
  /** Those whose value is not ours to read: keys of others. */
  readonly unread: number;
  /** Of the room that was tried: all of them should be gone. */
  readonly left: number;
  /** Keys and values in which the mark stands. */
  readonly marked: number;
  /** Places in the server’s memory; undefined: it is elsewhere, or not ours to look at. */
  readonly inMemory: number | undefined;
  /** Of the files in the server’s folder that changed; undefined likewise. */
  readonly onDisk: DiskHaul | undefined;
}

export interface StoreSearch {
  readonly ask: Ask;
  /** On this machine: a private socket. */
  readonly isLocal: boolean;
  /** Of all keys of the room that was tried. */
  readonly prefix: string;
  readonly forms: readonly Buffer[];
  readonly sinceMs: number;
}

/** Undefined: it does not answer, or holds more keys than a store for documents has. */
export async function searchStore(search: StoreSearch): Promise<StoreHaul | undefined> {
  const { ask, isLocal, prefix, forms } = search;
  const keys = await allKeys(ask);
  if (keys === undefined) return undefined;
  const isMarked = (bytes: Uint8Array): boolean => forms.some((form) => Buffer.from(bytes).includes(form));
  let [unread, left, marked] = [0, 0, 0];
  for (const key of keys) {
    if (textOf(key).startsWith(prefix)) left += 1;
    const value = await ask(['GET', key]);
    if (!value.ok && value.error.kind === 'unavailable') return undefined;
    // null: it ended while we looked
    if (!value.ok) unread += 1;
    if (isMarked(key) || (value.ok && value.value instanceof Uint8Array && isMarked(value.value))) marked += 1;
  }
  const around = isLocal ? await searchServer(search) : undefined;
  return { keys: keys.length, unread, left, marked, inMemory: around?.inMemory, onDisk: around?.onDisk };
}

/** How often an object was put there since the server started, by whomever; 0 while it does not answer. */
export async function countPuts(ask: Ask): Promise<number> {
  const stats = await ask(['INFO', 'commandstats']);
  const [, calls = '0'] = /^calls=(\d+)/.exec((stats.ok && parseInfo(stats.value).get('cmdstat_set')) || '') ?? [];
  return Number(calls);
}

async function allKeys(ask: Ask): Promise<readonly Uint8Array[] | undefined> {
  // a server may name one twice
  const keys = new Map<string, Uint8Array>();
  let cursor = '0';
  do {
    const page = await ask(['SCAN', cursor]);
    if (!page.ok || !Array.isArray(page.value)) return undefined;
    const [next, found]: readonly StoreReply[] = page.value;
    for (const key of Array.isArray(found) ? found : [])
      if (key instanceof Uint8Array) keys.set(Buffer.from(key).toString('latin1'), key);
    if (keys.size > limits.transit.storeKeysMax) return undefined;
    cursor = textOf(next ?? '0');
  } while (cursor !== '0');
  return [...keys.values()];
}

async function searchServer({
  ask,
  forms,
  sinceMs,
}: StoreSearch): Promise<Pick<StoreHaul, 'inMemory' | 'onDisk'> | undefined> {
  const info = await ask(['INFO', 'server']);
  const pid = info.ok ? Number(parseInfo(info.value).get('process_id')) : Number.NaN;
  const files = await filesOf(ask);
  return {
    inMemory: Number.isSafeInteger(pid) ? tryCount(pid, forms) : undefined,
    onDisk: files && searchFiles(files, sinceMs, forms),
  };
}

function tryCount(pid: number, forms: readonly Buffer[]): number | undefined {
  try {
    return countInMemory(pid, forms);
  } catch {
    return undefined; // another user’s, or numbered in a container of its own
  }
}

/** Where it would write: copies and the log of commands in its folder, and its own log. */
async function filesOf(ask: Ask): Promise<readonly string[] | undefined> {
  const setting = async (name: string): Promise<string> => {
    const asked = await ask(['CONFIG', 'GET', name]);
    return asked.ok && Array.isArray(asked.value) ? textOf(asked.value[1] ?? '') : '';
  };
  const [folder, appended, log] = [await setting('dir'), await setting('appenddirname'), await setting('logfile')];
  const inFolder = filesIn(folder);
  if (folder === '' || inFolder === undefined) return undefined;
  const inAppended = appended === '' ? [] : (filesIn(join(folder, appended)) ?? []);
  return [...new Set([...inFolder, ...inAppended, ...(log === '' ? [] : [resolve(folder, log)])])];
}

/** Undefined: not readable. */
function filesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(folder, name));
  } catch {
    return undefined;
  }
}
