// Bounds of a change: its plan, its locks, its batches. Part of limits.ts.

const KIB = 1024;

export const changeLimits = {
  planBytes: 64 * KIB, // the statements of one change
  statementsMax: 200,
  expiresMs: 7 * 24 * 3_600_000, // a plan that nobody applied
  backupAgeMs: 26 * 3_600_000,
  alonePauseMs: 72 * 3_600_000, // one person may do what two do at once
  clockJumpMs: 10 * 60_000, // against the machine's own pace
  settleMs: 30_000, // for the rows to follow the journal
  lock: { waitMs: 200, triesMax: 150, pauseMs: 250, aloneWaitMs: 60_000 }, // alone: nobody waits for it
  backfill: { rowsMin: 500, rowsMax: 2_000, batchMs: 100, pauseShare: 1, pauseMsMax: 200 }, // of one transaction; the pause: of its time
  atticDays: 30,
  nameCharacters: 80,
  sequenceShareMax: 0.9, // used of a sequence's numbers
} as const;
