// Letters on their way out, as they lie in the live store (decision 0013), and whether bytes open one when they are used as its key.

import { createDecipheriv } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Openable } from './try-keys.ts';

export interface LiveEntry {
  /** Of its submission, in hex. */
  readonly id: string;
  readonly kind: 'letter' | 'note';
  readonly head: Buffer;
  readonly sealed: Buffer;
}

const MAGIC = 0x53474c42;
const HEAD_BYTES = 44;
const TAG_BYTES = 16;

/** magic 4 ‖ kind 1 ‖ zero 3 ‖ id 16 ‖ length of what follows 4 ‖ nonce 12 ‖ CRC 4, then ciphertext ‖ tag. */
export async function readLiveEntries(folder: string): Promise<readonly LiveEntry[]> {
  const entries: LiveEntry[] = [];
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.live'))) {
    const bytes = await readFile(join(folder, name));
    for (let at = 0; at + HEAD_BYTES <= bytes.length && bytes.readUInt32BE(at) === MAGIC;) {
      const head = bytes.subarray(at, at + HEAD_BYTES);
      const end = at + HEAD_BYTES + head.readUInt32BE(24);
      const kind = head[4] === 1 ? 'letter' : 'note';
      entries.push({ id: head.toString('hex', 8, 24), kind, head, sealed: bytes.subarray(at + HEAD_BYTES, end) });
      at = end;
    }
  }
  return entries;
}

export class LiveLocks implements Openable {
  readonly #entries: readonly LiveEntry[];

  constructor(entries: readonly LiveEntry[]) {
    this.#entries = entries;
  }

  openWith(key: Buffer): string | undefined {
    const opened = key.length === 32 ? this.#entries.find((entry) => opens(key, entry)) : undefined;
    return opened && `${opened.kind} ${opened.id}`;
  }

  openWithSecretKey(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

function opens(key: Buffer, { kind, head, sealed }: LiveEntry): boolean {
  const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(28, 40));
  decipher.setAAD(Buffer.concat([Buffer.from(`siegel/live/${kind}/v1\0`, 'ascii'), head.subarray(8, 24)]));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
