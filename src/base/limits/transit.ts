// Bounds of the transit room: letters, documents, pages, workers, dwell. Part of limits.ts.

const KIB = 1024;
const MIB = 1024 * KIB;

export const transitLimits = {
  letterBytes: 50 * MIB,
  pagesMax: 500, // of one letter
  pictureMegapixels: 60,
  expandedBytes: 500 * MIB, // of all that a letter unpacks to
  expansionMax: 100, // times, of one member
  entriesMax: 2_000,
  depthMax: 5, // archives and letters in one another
  pageWaitMs: 30_000,
  workerBytes: 1024 * MIB,
  budgetMs: 240_000, // under RFC 5321 §4.5.3.2.6
  dwellMs: 3_600_000, // nothing stays longer, whatever fails
  sweepMs: 5_000,
  storeBytes: 1024 * MIB,
  jobsMax: 8, // at once
  jobsKnownMax: 5_000, // waiting, ready, or remembered so that no letter is answered twice
  jobsQueuedMax: 64, // beyond those at work
  submissionBudgetMs: 60_000, // how long a mail program is kept waiting: they give up sooner than servers
  handOverWaitMs: 240_000, // after the work: the answer of the server that takes the result
  receiptsKept: 2_000, // newest, in memory, for the link in the letter
  crashesMax: 2, // of one letter; the third time it goes back untouched
  nameCharacters: 90,
  filesBackMax: 1_000,
  bytesBackMax: 200 * MIB,
  skewDegreesMax: 0.3, // left after straightening
} as const;
