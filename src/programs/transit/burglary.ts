// A burglary tried on one's own machine: a document with a mark goes through a room of its own, then disk, memory and store are searched for the mark; each search is shown to find it where it is.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';
import { openStoreBurglar, type BurgledStore } from './burgle-store.ts';
import { openRoom, type RoomProcess, type RoomStart } from './open-room.ts';
import type { StorePlace } from './open-store-place.ts';
import { searchFolders } from './search-disk.ts';
import { countInMemory, formsOf } from './search-memory.ts';
import type { StoreHaul } from './search-store.ts';
import { ROOM_LOCKS } from './start-process.ts';
import { describeRoomRefusal } from './start-sentences.ts';

export interface Burglary {
  /** Objects in the store after the job; in one outside: of the room, or with the mark in them. */
  readonly inStore: number;
  /** Files changed since the start, under the temporary folders and the data folder, that hold the mark. */
  readonly onDisk: number;
  readonly filesSearched: number;
  /** In the room's process while it lives, once it has wiped itself. */
  readonly inLivingMemory: number;
  /** In the room once its process was replaced, as it is after an idle hour. */
  readonly inMemory: number;
  /** Undefined: documents wait in the room's own memory. */
  readonly outside: BurgledStore | undefined;
  /** Where the mark does lie: a file, the process that sent it, a room whose wiping is off, a store with an object left and one not sealed. */
  readonly control: {
    readonly onDisk: number;
    readonly inMemory: number;
    readonly unwiped: number;
    readonly outside: StoreHaul | undefined;
  };
}

type Place = Pick<Config, 'domain' | 'transitAccept' | 'dataDir'> & { readonly store?: StorePlace | undefined };
type Start = Omit<RoomStart, 'log'>;

const KEY_BYTES = 32;
const LINES = 200;
const LOOK_AGAIN_MS = 500;
/** Until the second wiping, which comes five seconds after the work. */
const LOOKS_MAX = 14;

export async function tryBurglary(
  place: Place,
  log: Log,
  start: Start = {},
): Promise<Result<Burglary, CommandRefusal>> {
  const beganMs = Date.now();
  const sent = { mark: `Mark ${randomBytes(24).toString('hex')}`, key: randomBytes(KEY_BYTES) };
  const forms = formsOf(sent.mark);
  const burglar = place.store && (await openStoreBurglar(place.store, log, sent));
  if (burglar?.ok === false) return burglar;
  await using atStore = burglar?.value;
  const locked = await openMarked(place, sent, { log, ...start });
  if (!locked.ok) return locked;
  let found: Omit<Burglary, 'control'>;
  {
    await using room = locked.value;
    const disk = searchFolders([...FOLDERS, place.dataDir], beganMs, forms);
    const { objects } = await room.room.counters();
    // while the room lives: at its end it erases what it forgot
    const looked = await atStore?.look();
    if (looked?.ok === false) return looked;
    const outside = looked?.value;
    const inLivingMemory = await countSettled(room, forms);
    await room.renew();
    const inMemory = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
    const inStore = outside === undefined ? objects : outside.left + outside.marked;
    found = { inStore, onDisk: disk.hits, filesSearched: disk.files, inLivingMemory, inMemory, outside };
  }
  const open = await openMarked(place, sent, { log, ...start, locks: { ...ROOM_LOCKS, wipes: false } });
  if (!open.ok) return open;
  await using room = open.value;
  const unwiped = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
  const opened = await atStore?.lookAtOpen();
  if (opened?.ok === false) return opened;
  // this process sent the document and holds the mark
  const inMemory = countInMemory(process.pid, forms);
  return ok({
    ...found,
    control: { onDisk: await plant(sent.mark, forms), inMemory, unwiped, outside: opened?.value },
  });
}

/** A room of its own through which a document with the mark went. */
async function openMarked(
  { domain, transitAccept, store }: Place,
  { mark, key }: { readonly mark: string; readonly key: Uint8Array },
  start: RoomStart,
): Promise<Result<RoomProcess, CommandRefusal>> {
  const opened = await openRoom(
    {
      domain,
      clock: undefined,
      smtp: undefined,
      http: undefined,
      origin: undefined,
      tls: undefined,
      dns: [],
      key,
      signingSeed: randomBytes(KEY_BYTES),
      accepted: transitAccept,
      store,
    },
    { maySend: async () => 'no', deliver: async () => 'later', record: async () => undefined },
    start,
  );
  if (!opened.ok)
    return err({ kind: 'refused', reason: opened.error.kind, sentence: describeRoomRefusal(opened.error) });
  const done = await opened.value.room.optimise(
    { files: [{ name: `${mark}.txt`, bytes: Buffer.from(`${mark}\n`.repeat(LINES)) }], profile: 'balanced' },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
  if (done.ok) return ok(opened.value);
  await opened.value[Symbol.asyncDispose]();
  return err({ kind: 'refused', reason: done.error.kind, sentence: 'the room did not finish its work.' });
}

/** It wipes itself a moment after its last work. */
async function countSettled(room: RoomProcess, forms: readonly Buffer[]): Promise<number> {
  let count = 0;
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    await wait(LOOK_AGAIN_MS);
    count = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
    if (count === 0) return 0;
  }
  return count;
}

const FOLDERS = [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', '/var/crash', '/var/lib/systemd/coredump'];

async function plant(mark: string, forms: readonly Buffer[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-burglary-'));
  try {
    await writeFile(join(folder, 'control'), mark);
    return searchFolders([folder], 0, forms).hits;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
