// Every bound in the house, unit last. A number that limits something stands here or nowhere.

const KIB = 1024;
const MIB = 1024 * KIB;

export const limits = {
  smtp: {
    commandLineBytes: 2 * KIB, // RFC 5321 §4.5.3.1.4 asks for 512; extensions need more
    textLineBytes: 64 * KIB,
    recipientsMax: 1000, // RFC 5321 §4.5.3.1.8: at least 100
    letterBytes: 50 * MIB,
    errorsMax: 20,
    commandWaitMs: 5 * 60_000, // RFC 5321 §4.5.3.2
    dataWaitMs: 3 * 60_000,
    connectionsMax: 512,
    connectionsPerPeerMax: 64,
    lettersInFlightBytes: 96 * MIB,
    receivedHopsMax: 100, // RFC 5321 §6.3
  },
  authentication: { dnsBudgetMs: 3_000, dkimSignaturesMax: 8 },
  message: {
    headerBytes: 512 * KIB,
    headerFieldsMax: 2_000,
    mimeDepthMax: 32,
    mimePartsMax: 1_000,
    snippetCharacters: 110,
    termsBytes: 64 * KIB,
    referencesMax: 50,
    attachmentsMax: 100,
  },
  openpgp: { decompressedBytes: 64 * MIB },
  journal: {
    payloadBytes: 80 * MIB,
    batchRecordsMax: 256,
    batchBytesMax: 8 * MIB,
    segmentBytes: 64 * MIB,
    segmentBytesMin: 1 * MIB,
    reserveBytes: 512 * MIB,
    reserveShare: 0.05,
  },
  database: { applyWaitMs: 500, applyBatchRecords: 500, connectionsMax: 8, startWaitMs: 30_000 },
  account: {
    addressesMax: 100,
    mailboxesMax: 1_000,
    mailboxDepthMax: 10,
    folderNameBytes: 1 * KIB,
    itemBytes: 1 * MIB,
    keyringBytes: 256 * KIB,
    wrapsMax: 20,
    sessionsMax: 100,
    rulesMax: 200,
    quotaBytes: 10 * 1024 * MIB,
    passwordCharactersMin: 8,
  },
  login: {
    stateWaitMs: 60_000,
    handleWaitMs: 5 * 60_000,
    totpTriesMax: 5,
    pendingMax: 10_000,
    perPeerPerMinute: 30,
    sessionDays: 30,
  },
  http: { bodyBytes: 1 * MIB, uploadBytes: 50 * MIB, headerWaitMs: 15_000, eventStreamsMax: 2_000 },
  jmap: {
    sizeRequestBytes: 10 * MIB,
    callsInRequest: 32,
    objectsInGet: 1_000,
    objectsInSet: 1_000,
    concurrentRequests: 8,
    concurrentUpload: 4,
    queryLimit: 1_000,
  },
  trace: { keepDays: 7, entriesMax: 200_000 },
  invite: { validDays: 14 },
} as const;
