// What the server tells its operator about backups, ledger, drill, changes and incidents, as the page checks it: apart, because few ever load it.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(8 * 1024));
const longText = v.pipe(v.string(), v.maxLength(256 * 1024));
const rows = v.record(v.string(), count);

const backup = v.object({
  isNamed: v.boolean(),
  /** The newest that counts. */
  newest: v.nullable(v.object({ id: text, takenMs: count, verifiedMs: count, letters: v.nullable(count) })),
  /** It is older than changes allow. */
  isDue: v.boolean(),
  /** Why the last run did not end well, as the commands say it. */
  trouble: v.nullable(text),
  /** Each that counts, oldest first. */
  taken: v.array(v.object({ takenMs: count, letters: v.nullable(count) })),
});

const ledgerLook = v.object({
  atMs: count,
  isEqual: v.boolean(),
  letters: count,
  accounts: count,
  /** Letters that the journal has and the rows have not. */
  missing: count,
  /** Accounts that differ. */
  differing: count,
  seconds: count,
});

/** Kinds of copies that may hold what was deleted. */
const copies = v.object({
  id: v.picklist(['backups', 'second', 'retired', 'points', 'attic', 'waiting', 'memory', 'traces', 'compacting']),
  count,
  /** Null: there is none, or it cannot be read. */
  oldestMs: v.nullable(count),
  daysMax: count,
  isOver: v.boolean(),
});

const change = v.object({
  number: count,
  class: v.picklist(['R0', 'R1', 'R2']),
  kind: text,
  standing: text,
  because: v.array(text),
  statements: v.array(v.object({ sql: longText, why: text })),
  undo: text,
  plannedMs: count,
  expiresMs: count,
  endedMs: v.nullable(count),
  backup: v.nullable(text),
  rehearsedMs: v.nullable(count),
  predicted: v.nullable(v.object({ rows, locks: v.array(text), seconds: count, undoSeconds: count })),
  actual: v.nullable(v.object({ rows, seconds: count })),
  undone: v.nullable(v.object({ seconds: count, why: text })),
  closedWhy: v.nullable(text),
  /** Null: signatures are of no use in this state. */
  approval: v.nullable(
    v.object({
      /** The bytes to sign, exactly. */
      plan: longText,
      namespace: text,
      by: v.array(text),
      need: count,
      isEnough: v.boolean(),
      because: text,
    }),
  ),
  /** The next step as a command. */
  next: text,
});

const timelineEntry = v.object({
  atMs: count,
  what: v.picklist(['opened', 'update', 'closed', 'changeApplied', 'changeVerified', 'changeUndone', 'backupVerified']),
  text: v.optional(text),
  change: v.optional(count),
  seconds: v.optional(count),
});

const incident = v.object({
  number: count,
  title: text,
  openedMs: count,
  closedMs: v.nullable(count),
  mailboxes: count,
  progress: v.nullable(v.object({ expected: count, found: count, atMs: count })),
  timeline: v.array(timelineEntry),
});

export const safetyAnswers = {
  safety: v.object({
    nowMs: count,
    backup,
    ledger: v.object({ last: v.nullable(ledgerLook), isRunning: v.boolean() }),
    /** Null: it does not exist here yet. `last` null: it was never run. */
    drill: v.nullable(v.object({ last: v.nullable(v.object({ atMs: count, passed: count, total: count })) })),
    /** Null: they do not exist here yet. */
    changes: v.nullable(
      v.object({
        /** Name of the operator whose mailbox this is; null: none. */
        you: v.nullable(text),
        operators: count,
        waiting: v.array(change),
        /** Newest first. */
        history: v.array(change),
      }),
    ),
    incidents: v.array(incident),
    /** Left out: not looked at yet. */
    copies: v.optional(v.array(copies)),
  }),
  ledger: ledgerLook,
  approved: change,
  /** A refusal of the safeguards: its own sentence with the next step. */
  refused: v.object({ kind: text, sentence: text }),
} as const;

export type Safety = v.InferOutput<(typeof safetyAnswers)['safety']>;
export type SafetyChange = v.InferOutput<typeof change>;
export type SafetyIncident = v.InferOutput<typeof incident>;
export type LedgerLook = v.InferOutput<typeof ledgerLook>;
export type SafetyBackup = v.InferOutput<typeof backup>;
