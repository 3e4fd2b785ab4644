// Looks for thousands of byte strings at once, in one pass: in the memory of a running process, and in files.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 4 * 1024 * 1024;
const SLOTS = 2 ** 24;

/** By name of the group: how many of its needles stand there at least once, in any form. */
export type Found<Name extends string> = Readonly<Record<Name, number>>;

export interface Search<Name extends string> {
  inBytes(bytes: Uint8Array): Found<Name>;
  inMemory(pid: number): Found<Name>;
}

interface Form {
  readonly bytes: Buffer;
  readonly name: string;
  readonly nth: number;
}

/** Each needle as it is, as hex, as hex in a text of UTF-16, as base64url; at least 12 bytes. */
export function searchFor<Name extends string>(groups: Readonly<Record<Name, readonly Uint8Array[]>>): Search<Name> {
  const names = Object.keys(groups) as Name[];
  const slots = new Uint8Array(SLOTS);
  const known = new Map<number, Form[]>();
  let longest = 0;
  for (const name of names) {
    for (const [nth, needle] of groups[name].entries()) {
      for (const bytes of formsOf(needle)) {
        const first = bytes.readUInt32LE(0);
        slots[slotOf(first)] = 1;
        known.set(first, [...(known.get(first) ?? []), { bytes, name, nth }]);
        longest = Math.max(longest, bytes.length);
      }
    }
  }
  const look = (bytes: Uint8Array, found: ReadonlyMap<string, Set<number>>): void => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let first = 0;
    for (let at = 0; at < bytes.length; at++) {
      first = (first >>> 8) | ((bytes[at] ?? 0) << 24);
      if (slots[slotOf(first)] === 0 || at < 3) continue;
      for (const form of known.get(first >>> 0) ?? []) {
        const end = at - 3 + form.bytes.length;
        if (end <= buffer.length && buffer.compare(form.bytes, 0, form.bytes.length, at - 3, end) === 0)
          found.get(form.name)?.add(form.nth);
      }
    }
  };
  const count = (read: (look: (bytes: Uint8Array) => void) => void): Found<Name> => {
    const found = new Map<string, Set<number>>(names.map((name) => [name, new Set()]));
    read((bytes) => look(bytes, found));
    return Object.fromEntries(names.map((name) => [name, found.get(name)?.size ?? 0])) as Found<Name>;
  };
  return {
    inBytes: (bytes) => count((tell) => tell(bytes)),
    inMemory: (pid) => count((tell) => readMemory(pid, longest, tell)),
  };
}

function formsOf(needle: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(needle);
  const hex = bytes.toString('hex');
  return [bytes, Buffer.from(hex), Buffer.from(hex, 'utf16le'), Buffer.from(bytes.toString('base64url'))];
}

function slotOf(first: number): number {
  return Math.imul(first, 0x9e3779b1) >>> 8;
}

/** Every piece that the process may write to; pieces overlap, so that nothing lies between two. */
function readMemory(pid: number, overlap: number, look: (bytes: Uint8Array) => void): void {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = new Uint8Array(CHUNK_BYTES + overlap);
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!rights.startsWith('rw') || /\[v(?:var|syscall|dso)/.test(line)) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += CHUNK_BYTES)
        look(chunk.subarray(0, readAt(memory, chunk.subarray(0, Math.min(chunk.length, end - at)), at)));
    }
  } finally {
    closeSync(memory);
  }
}

/** 0: an area that went away meanwhile. */
function readAt(memory: number, into: Uint8Array, at: number): number {
  try {
    return readSync(memory, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
