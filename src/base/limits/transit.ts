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
  cfbEntriesMax: 100_000, // storages and streams of one Outlook letter
  cfbDepthMax: 100, // storages in one another
  pageWaitMs: 30_000,
  officeWaitMs: 60_000, // for one Office document
  officeLateMax: 2, // of one letter that ran out of it; the others are not tried
  officeSpaceBytes: 256 * MIB, // of its file system in memory
  officeMemoryBytes: 1024 * MIB, // of its converter
  workerBytes: 1024 * MIB,
  runtimeBytes: 640 * MIB, // mapped by a worker's runtime at its start, hardly touched
  workersWaitingMax: 6, // started, and told nothing yet
  waitingPauseMs: 1_000, // without work, before they begin
  waitingMs: 600_000, // without work, until they end again
  waitingSpareBytes: 2048 * MIB, // free in the machine, or none begins
  frameWordsBytes: 64 * MIB, // of one message between workshop and worker
  framePartsBytes: 1024 * MIB,
  bindPageWaitMs: 2_000, // more for each page, where a whole file is bound or verified
  budgetMs: 240_000, // under RFC 5321 §4.5.3.2.6
  dwellMs: 3_600_000, // nothing stays longer, whatever fails
  sweepMs: 5_000,
  portWaitMs: 10_000, // until ports are free that the room of a killed program holds: it ends by itself once it hears of that
  storeBytes: 1024 * MIB,
  storeAnswerMs: 10_000, // of a store outside the room, for one object of at most letterBytes or for the login: twenty times what a slow line needs, a twentieth of budgetMs
  storeConnectMs: 3_000, // until it takes the connection: it stands on this machine or near it
  storeKeysMax: 100_000, // of a store that is searched: many times what jobsKnownMax jobs leave there
  storePauseMs: 500, // after a connection that failed: who asks meanwhile hears at once that it is away, so a thousand objects do not wait one by one
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
  inkKeptMin: 0.98, // of the dark pixels; below it a picture of the page stays behind its ink
  pdfDepthMax: 64, // arrays and dictionaries in one another, and branches of a page tree
  pdfObjectsMax: 500_000,
  pdfStructureBytes: 96 * MIB, // what all object streams and cross-references of one PDF unpack to
  pdfContentBytes: 64 * MIB, // what one of its streams unpacks to
  pdfTextCharacters: 200_000, // read from one page
  pdfDrawnMax: 50_000, // things drawn on one page that are looked at
  dropFilesMax: 100, // dropped on the page at once
  dropNameCharacters: 300,
  jobsShownMax: 20, // on one page
  dropsMax: 4, // that are coming in at once; each is held whole
  dropLineBytes: 4 * KIB, // what stands before a document that comes in
  answerLineBytes: 16 * MIB, // what stands before one that goes back: the report of all pages
  confidenceSure: 80, // percent; a page read with less is one to check
  beatMs: 5_000, // a word to the page at least so often
  countersMs: 2_000, // the page asks again after
  countedBytes: 100_000, // sizes of others' work are rounded up to these
  previewPixels: 900, // width
} as const;
