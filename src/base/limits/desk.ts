// Bounds of the desk: the signed policy, its signatures, verdicts and letters. Part of limits.ts.

const KIB = 1024;

export const deskLimits = {
  deskPolicy: {
    textBytes: 2_048 * KIB, // most of it certificates
    rosterMax: 32,
    rulesMax: 200,
    normsMax: 500,
    deadlinesMax: 50,
    bandsMax: 20,
    unionMax: 60, // countries
    signaturesMax: 32,
    signatureBytes: 16 * KIB, // armored
    chainMax: 1_000, // policies, one after the other
    sayingCharacters: 2_000, // a title, a why
    nameCharacters: 200,
    addressCharacters: 320,
    sourceCharacters: 500,
    hoursMax: 10 * 366 * 24, // of a deadline
  },
  deskFiling: {
    targetsMax: 1_000_000,
    caseFileBytes: 5_120 * KIB, // sealed
    importMax: 10_000, // filings at once: they stand or fall together
    listMax: 1_000, // shown at once
    letterBytes: 256 * KIB,
    reportBytes: 1_024 * KIB,
    answerBytes: 4_096 * KIB, // of the register, at once
  },
  deskArrival: {
    letterBytes: 8_192 * KIB, // what is larger fits into no case file
    answersPerDay: 200,
    answerAgainMs: 7 * 24 * 3_600_000, // the same author is answered once in this time
    answerTriesMs: [60_000, 600_000, 3_600_000, 4 * 3_600_000], // waits behind a peer that says later
    answerWaitMs: 60_000, // of one try
    waitingMax: 500, // that nobody has filed or dismissed: what comes then is told to come later
    formsPerMinute: 5, // of one network address
    formFieldCharacters: 500,
    formTextCharacters: 20_000,
    formFilesMax: 20,
  },
  deskClassify: { partsMax: 1_000, depthMax: 20, headerBytesMax: 256 * KIB },
  deskPage: {
    logLeaves: 1_000, // on one page of the public log
  },
  deskIntake: { fieldCharacters: 4_096, columnsMax: 64, faultsShown: 20, faultsCounted: 1_000 },
  deskReview: {
    itemsMax: 1_000,
    caseFilesMax: 1_000,
    clockSlackMs: 10 * 60_000, // of a signature made before its statement
    signWithinMs: 14 * 24 * 3_600_000, // after the statement was made: keys lie on machines of their own
  },
  deskStatement: {
    daysMax: 100, // from the day it is made to the last on which it counts as fresh
    sentencesMax: 20,
    sentenceCharacters: 500,
    factCharacters: 500,
  },
  deskFulfilment: {
    fieldsMax: 100, // names of fields in a disclosure
    fieldCharacters: 80,
    targetsMax: 1_000, // of one case file
    lettersMax: 200_000, // of one package: what it says of each is in memory until its end
    addressesMax: 1_000,
    packageBytes: 8 * 1_024 * 1_024 * KIB, // before it is sealed
    certificateBytes: 256 * KIB,
    partBytes: 1_024 * KIB, // handed over at once, through the operator's socket
  },
  deskVerification: {
    findingsMax: 1_000, // who altered a thousand places altered all
    rowsInHand: 4_096, // as objects, while the entries stream by; all others as text
    roundsMax: 50, // in which tables that are read together draw closer
  },
} as const;
