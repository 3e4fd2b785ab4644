// A burglary tried on one's own machine: a document with a mark goes through a room of its own, then disk, memory and store are searched for the mark; each search is shown to find it where it is.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';
import { openRoom, type RoomProcess, type RoomStart } from './open-room.ts';
import { countInMemory, formsOf } from './search-memory.ts';
import { describeRoomRefusal } from './start-sentences.ts';

export interface Burglary {
  /** Objects in the store after the job. */
  readonly inStore: number;
  /** Files changed since the start, under the temporary folders, that hold the mark. */
  readonly onDisk: number;
  readonly filesSearched: number;
  /** In the room's process right after the job, while it lives: JavaScript cannot wipe what it copied. */
  readonly inLivingMemory: number;
  /** In the room once its process was replaced, as it is after an idle hour. */
  readonly inMemory: number;
  /** The controls: a file and a process that do hold the mark. */
  readonly control: { readonly onDisk: number; readonly inMemory: number };
}

const KEY_BYTES = 32;

export async function tryBurglary(
  { domain, transitAccept }: Pick<Config, 'domain' | 'transitAccept'>,
  log: Log,
  start: Omit<RoomStart, 'log'> = {},
): Promise<Result<Burglary, CommandRefusal>> {
  const beganMs = Date.now();
  const mark = `Mark ${randomBytes(24).toString('hex')}`;
  const forms = formsOf(mark);
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
  if (!opened.ok) {
    return err({ kind: 'refused', reason: opened.error.kind, sentence: describeRoomRefusal(opened.error) });
  }
  await using room = opened.value;
  const done = await room.room.optimise(
    { files: [{ name: 'marked.txt', bytes: Buffer.from(`${mark}\n`.repeat(200)) }], profile: 'balanced' },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
  if (!done.ok) return err({ kind: 'refused', reason: done.error.kind, sentence: 'the room did not finish its work.' });
  return ok(await search(room, { beganMs, mark, forms }));
}

async function search(
  room: RoomProcess,
  { beganMs, mark, forms }: { readonly beganMs: number; readonly mark: string; readonly forms: readonly Buffer[] },
): Promise<Burglary> {
  const { objects } = await room.room.counters();
  const inLivingMemory = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
  await room.renew();
  const inMemory = room.pid === undefined ? 0 : countInMemory(room.pid, forms);
  const disk = await searchDisk(beganMs, forms);
  const folder = await mkdtemp(join(tmpdir(), 'siegel-burglary-'));
  try {
    await writeFile(join(folder, 'control'), mark);
    const control = await searchDisk(beganMs, forms);
    return {
      inStore: objects,
      onDisk: disk.hits,
      filesSearched: disk.files,
      inLivingMemory,
      inMemory,
      // this process sent the document and holds the mark
      control: { onDisk: control.hits, inMemory: countInMemory(process.pid, forms) },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FOLDERS = [...new Set([tmpdir(), '/tmp', '/var/tmp', '/dev/shm', '/var/crash', '/var/lib/systemd/coredump'])];
const FILE_BYTES_MAX = 256 * 1024 * 1024;

async function searchDisk(beganMs: number, forms: readonly Buffer[]): Promise<{ hits: number; files: number }> {
  let [hits, files] = [0, 0];
  for (const folder of FOLDERS) {
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of found.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const facts = await stat(path).catch(() => undefined);
      if (facts === undefined || facts.mtimeMs < beganMs - 1_000 || facts.size > FILE_BYTES_MAX) continue;
      const bytes = await readFile(path).catch(() => undefined);
      files += 1;
      if (bytes !== undefined && forms.some((form) => bytes.includes(form))) hits += 1;
    }
  }
  return { hits, files };
}
