// What the backup commands ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const backup = v.object({
  id: v.string(),
  takenMs: count,
  /** Null: it does not count. */
  verifiedMs: v.nullable(count),
  /** The last journal record in it. */
  record: count,
  letters: v.nullable(count),
  accounts: v.nullable(count),
  /** As it lies at the place; parts that several backups share count in each. */
  storedBytes: count,
});

export const backupMethods = {
  'backup.take': {
    params: v.strictObject({}),
    result: v.object({ ...backup.entries, writtenBytes: count, copyMs: v.number(), proofMs: v.number() }),
  },
  /** Without an id the newest. */
  'backup.verify': { params: v.strictObject({ id: v.optional(v.string()) }), result: backup },
  'backup.list': {
    params: v.strictObject({}),
    result: v.object({
      place: v.string(),
      backups: v.array(backup),
      /** Manifests that cannot be read: damaged, or of another house. */
      unreadable: v.array(v.string()),
      /** Milliseconds since the newest that counts; null: there is none. */
      ageMs: v.nullable(v.number()),
      isDue: v.boolean(),
    }),
  },
  'backup.prune': {
    params: v.strictObject({ apply: v.boolean() }),
    result: v.object({
      plan: v.string(),
      isApplied: v.boolean(),
      backups: v.array(v.string()),
      objects: count,
      freedBytes: count,
      kept: count,
    }),
  },
  /**
   * Letters of single accounts out of a backup, while everybody goes on. `addresses`: of the accounts; `letter` and `folder`: only
   * that one, of the one account named. Without a backup the newest that counts.
   */
  'restore.account': {
    params: v.strictObject({
      addresses: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(10_000)),
      letter: v.optional(v.string()),
      folder: v.optional(v.string()),
      backup: v.optional(v.string()),
      apply: v.boolean(),
    }),
    result: v.object({
      plan: v.string(),
      isApplied: v.boolean(),
      backup: v.string(),
      looked: count,
      placed: count,
      appended: count,
      folders: count,
      reopened: count,
      accounts: v.array(v.object({ account: v.string(), placed: count, appended: count, folders: count })),
      /** Accounts nothing could be brought back for, and why. */
      refused: v.array(v.object({ account: v.string(), why: v.string() })),
    }),
  },
} as const;
