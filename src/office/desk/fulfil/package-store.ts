// Where sealed packages wait for the second look and for being handed over: outside journal, database and backups.

import type { Digest } from '#formats/desk/model.ts';

/** LOOK: sealed to the roster. HANDOVER: sealed to the authority. Both have the same data packet behind other key packets. */
export type Copy = 'LOOK' | 'HANDOVER';
export const copies = ['LOOK', 'HANDOVER'] as const satisfies readonly Copy[];

export interface PackageDraft {
  /** Bytes of the data packet, in order. */
  write(chunk: Uint8Array): Promise<void>;
  /** On the medium under this name when it resolves. */
  keep(name: Digest, keys: Readonly<Record<Copy, Uint8Array>>): Promise<void>;
  /** As if it had never been begun; nothing happens to one that is kept. */
  drop(): Promise<void>;
}

export interface PackageStore {
  begin(): Promise<PackageDraft>;
  /** Some bytes of a copy, and how many it has; undefined: it is not here. */
  read(
    name: Digest,
    copy: Copy,
    from: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly total: number } | undefined>;
  /** Names of those that are kept. */
  list(): Promise<readonly Digest[]>;
  drop(name: Digest): Promise<void>;
  /** Drafts that nobody ended: of a program that was killed. */
  dropDrafts(): Promise<void>;
}
