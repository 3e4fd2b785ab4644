// Sealed packages of the desk in a folder of their own, outside journal, database and backups; each with the key packets for the roster and for the authority.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '#base/limits.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Copy, PackageDraft, PackageStore } from '#office/desk/fulfil/package-store.ts';

const DATA = 'data';
const KEYS = { LOOK: 'roster.keys', HANDOVER: 'authority.keys' } as const;
const DRAFT = 'draft-';

/** The folder is made when it is first needed: most houses have no desk. */
export function createPackageStore(folder: string): PackageStore {
  const names = async (): Promise<readonly string[]> =>
    readdir(folder).catch((cause: unknown) => (isMissing(cause) ? [] : Promise.reject(asError(cause))));
  return {
    begin: () => begin(folder),
    read: (name, copy, from) => readPart(join(folder, name), copy, from),
    list: async () => (await names()).filter((name) => /^[0-9a-f]{64}$/.test(name)).map(parseDigest),
    drop: (name) => rm(join(folder, name), { recursive: true, force: true }),
    async dropDrafts() {
      for (const name of await names())
        if (name.startsWith(DRAFT)) await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}

async function begin(folder: string): Promise<PackageDraft> {
  const draft = join(folder, `${DRAFT}${randomBytes(8).toString('hex')}`);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const data = await open(join(draft, DATA), 'wx', 0o600);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await data.close();
    isOpen = false;
  };
  return {
    async write(chunk) {
      await data.appendFile(chunk);
    },
    async keep(name, keys) {
      await data.sync();
      await close();
      await writeKeys(draft, keys);
      await rename(draft, join(folder, name));
      await syncFolder(folder);
    },
    async drop() {
      await close();
      await rm(draft, { recursive: true, force: true });
    },
  };
}

async function writeKeys(draft: string, keys: Readonly<Record<Copy, Uint8Array>>): Promise<void> {
  for (const copy of ['LOOK', 'HANDOVER'] as const) {
    const file = await open(join(draft, KEYS[copy]), 'wx', 0o600);
    try {
      await file.writeFile(keys[copy]);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await syncFolder(draft);
}

/** Key packets first, then the data packet. */
async function readPart(folder: string, copy: Copy, from: number): ReturnType<PackageStore['read']> {
  const [keysPath, dataPath] = [join(folder, KEYS[copy]), join(folder, DATA)];
  try {
    const [keysBytes, dataBytes] = [(await stat(keysPath)).size, (await stat(dataPath)).size];
    const total = keysBytes + dataBytes;
    if (from >= total) return { bytes: new Uint8Array(), total };
    const isKeys = from < keysBytes;
    const end = isKeys ? keysBytes : total;
    const count = Math.min(limits.deskFulfilment.partBytes, end - from);
    const bytes = Buffer.alloc(count);
    const file = await open(isKeys ? keysPath : dataPath, 'r');
    try {
      const { bytesRead } = await file.read(bytes, 0, count, isKeys ? from : from - keysBytes);
      return { bytes: bytes.subarray(0, bytesRead), total };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('a folder cannot be read');
}
