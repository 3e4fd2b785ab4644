// A burglary tried on one's own machine: a document with a mark goes through a room of its own, then disk, memory and store are searched for the mark; each search is shown to find it where it is.

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';
import { openRoom, type RoomProcess, type RoomStart } from './open-room.ts';
import { countInMemory, formsOf } from './search-memory.ts';
import { ROOM_LOCKS } from './start-process.ts';
import { describeRoomRefusal } from './start-sentences.ts';

export interface Burglary {
  /** Objects in the store after the job. */
  readonly inStore: number;
  /** Files changed since the start, under the temporary folders and the data folder, that hold the mark. */
  readonly onDisk: number;
  readonly filesSearched: number;
  /** In the room's process while it lives, once it has wiped itself. */
  readonly inLivingMemory: number;
  /** In the room once its process was replaced, as it is after an idle hour. */
  readonly inMemory: number;
  /** Where the mark does lie: a file, the process that sent it, and a room whose wiping is off. */
  readonly control: { readonly onDisk: number; readonly inMemory: number; readonly unwiped: number };
}

type Place = Pick<Config, 'domain' | 'transitAccept' | 'dataDir'>;
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
  const mark = `Mark ${randomBytes(24).toString('hex')}`;
  const forms = formsOf(mark);
  const locked = await openMarked(place, { mark, log, start });
  if (!locked.ok) return locked;
  let found: Omit<Burglary, 'control'>;
  {
    await using room = locked.value;
    const disk = searchDisk([...FOLDERS, place.dataDir], beganMs, forms);
    const { objects } = await room.room.counters();
    const inLivingMemory = await countSettled(room, forms);
    await room.renew();
    const inMemory = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
    found = { inStore: objects, onDisk: disk.hits, filesSearched: disk.files, inLivingMemory, inMemory };
  }
  const locks = { ...ROOM_LOCKS, wipes: false };
  const open = await openMarked(place, { mark, log, start: { ...start, locks } });
  if (!open.ok) return open;
  await using room = open.value;
  const unwiped = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
  // this process sent the document and holds the mark
  const control = { onDisk: await plant(mark, forms), inMemory: countInMemory(process.pid, forms), unwiped };
  return ok({ ...found, control });
}

/** A room of its own through which a document with the mark went. */
async function openMarked(
  { domain, transitAccept }: Place,
  { mark, log, start }: { readonly mark: string; readonly log: Log; readonly start: Start },
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
      key: randomBytes(KEY_BYTES),
      signingSeed: randomBytes(KEY_BYTES),
      accepted: transitAccept,
    },
    { maySend: async () => 'no', deliver: async () => 'later', record: async () => undefined },
    { log, ...start },
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

async function plant(mark: string, forms: readonly Buffer[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-burglary-'));
  try {
    await writeFile(join(folder, 'control'), mark);
    return searchDisk([folder], 0, forms).hits;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FOLDERS = [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', '/var/crash', '/var/lib/systemd/coredump'];
const FILE_BYTES_MAX = 256 * 1024 * 1024;
const CLOCK_SLACK_MS = 1_000;

function searchDisk(
  folders: readonly string[],
  sinceMs: number,
  forms: readonly Buffer[],
): { readonly hits: number; readonly files: number } {
  let [hits, files] = [0, 0];
  for (const path of filesUnder([...new Set(folders)])) {
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
