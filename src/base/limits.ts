// Every bound in the house, unit last. A number that limits something stands here or nowhere.

import { changeLimits } from './limits/change.ts';
import { deskLimits } from './limits/desk.ts';
import { telemetryLimits } from './limits/telemetry.ts';
import { transitLimits } from './limits/transit.ts';

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
    letterBytesUsual: 64 * KIB, // what a letter without SIZE is taken for
    letterWaitMs: 30 * 60_000, // a whole letter, however slowly it comes
    looseEndWaitMs: 5_000,
    writeWaitMs: 10_000,
    closeWaitMs: 10_000,
    sweepMs: 1_000,
    idleCommandsMax: 500,
    peerErrorsMax: 400,
    peerErrorsWindowMs: 10 * 60_000,
    peersMax: 20_000,
    workWaitMs: 60_000, // reading and sealing one letter
    lookupWaitMs: 30_000, // an answer of the directory
    keepWaitMs: 2 * 60_000, // both lanes of the journal synced
  },
  submission: {
    wrongWaitMaxMs: 15_000, // a wrong password is answered after at most this
    signInTriesMax: 3, // on one connection
    connectionsPerAccountMax: 16,
    lettersPerMinuteMax: 60, // of one account
    accountsMax: 20_000,
    repeatMs: 10 * 60_000, // within it the same letter again is taken for a second try
    repeatsMax: 20_000,
    loginBytesMax: 1_024, // a name or a secret
  },
  authentication: {
    dnsBudgetMs: 3_000,
    dkimSignaturesMax: 8,
    dkimKeysMax: 1_000,
    dnsEntriesMax: 10_000,
    dnsGoodMs: 5 * 60_000,
    dnsAbsentMs: 60_000,
    dnsFailedMs: 10_000, // an outage of DNS must not cost every letter its whole budget
  },
  message: {
    headerBytes: 512 * KIB,
    headerFieldsMax: 2_000,
    mimeDepthMax: 32,
    mimePartsMax: 1_000,
    snippetCharacters: 110,
    termsBytes: 64 * KIB,
    referencesMax: 50,
    attachmentsMax: 1_000,
    addressesMax: 2_000, // parsed from one field
    summaryBytes: 16 * KIB, // canonical JSON of the facts
    summaryAddressesMax: 32, // kept in a summary, each field
    summaryReferencesMax: 20,
    summaryAttachmentsMax: 30,
    addressCharacters: 320,
    nameCharacters: 200,
    subjectCharacters: 500,
    identifierCharacters: 998, // one Message-ID
    fileNameCharacters: 200,
    listUnsubscribeCharacters: 1_000,
    parametersMax: 100,
    boundaryCharacters: 200, // RFC 2046 §5.1.1 says 70
    readableCharacters: 256 * KIB, // text taken for snippet and terms
    termCharactersMin: 2,
    termCharactersMax: 40,
    queryTermsMax: 32,
  },
  sealing: { importedPointsMax: 4_096, pageBytesMax: 4 * MIB, manifestBytesMax: 64 * MIB },
  openpgp: { decompressedBytes: 64 * MIB, packetsMax: 2_000, publicKeyBytes: 256 * KIB, clockSlackMs: 60_000 },
  journal: {
    payloadBytes: 80 * MIB,
    batchRecordsMax: 256,
    batchBytesMax: 8 * MIB,
    segmentBytes: 64 * MIB,
    segmentBytesMin: 1 * MIB,
    reserveBytes: 512 * MIB,
    reserveShare: 0.05,
    segmentsOpenMax: 64, // for reading
    compactBytes: 1 * MIB, // written at once
    deadShareMin: 0.3, // of a body segment, to write it anew
  },
  live: {
    lettersMax: 50_000, // waiting, all accounts together
    bytesMax: 8 * 1024 * MIB,
    sharedFrom: 0.5, // of both: from here on no account may hold more than …
    accountShare: 0.05, // … this of them
    segmentBytes: 16 * MIB,
    segmentLivingShare: 0.25, // below it what still waits moves on and the segment goes
    batchBytesMax: 16 * MIB,
    endedKeptMs: 31 * 24 * 3_600_000, // longer than any copy of the database lives
    slotsGrowBy: 1_024,
    stateBytes: 1 * MIB,
  },
  queue: {
    lettersInFlightMax: 256,
    lettersPerDomainMax: 16, // in flight to one domain: a slow one holds up no others
    bytesInFlightMax: 96 * MIB,
    plainKeptBytes: 32 * MIB, // letters on their first way out, in memory
    retriesMs: [5, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000), // then the last again and again
    giveUpMs: 5 * 24 * 3_600_000, // RFC 5321 §4.5.4.1: at least 4–5 days
    delayNoticeMs: 4 * 3_600_000,
    aheadMs: 30 * 24 * 3_600_000,
    recipientsMax: 1_000, // of one letter
    recipientsPerHourMax: 500,
    recipientsPerDayMax: 2_000,
    newAccountMs: 7 * 24 * 3_600_000,
    newAccountShare: 0.2, // of both limits
    brakeWindowMs: 3_600_000,
    brakeRecipientsMin: 200, // fewer in an hour are no mass
    brakeTimesUsual: 20, // of what the account usually sends in an hour
    brakeUnknownMin: 25, // refused as unknown in the window …
    brakeUnknownShare: 0.3, // … and this share of all answers
    accountsRememberedMax: 20_000,
    reconcileRetryMs: 2_000,
    stopWaitMs: 5_000,
  },
  database: {
    applyWaitMs: 500,
    applyLingerMs: 50,
    applyBatchRecords: 500,
    replayBatchRecords: 4_000,
    replayBatchesAhead: 4,
    gentleBatchRecords: 250, // of a replay beside a house that serves: the program has one thread for both
    lowPriority: 10, // as `nice` counts: letters and people go first
    commitWaitMs: 5_000,
    queueRecordsMax: 20_000,
    queueBytesMax: 64 * MIB,
    connectionsMax: 8,
    connectWaitMs: 5_000,
    reconnectMsMin: 50,
    reconnectMsMax: 500,
    startWaitMs: 30_000,
    stopWaitMs: 10_000,
    startMessageBytes: 4 * KIB,
    restartPauseMs: 250,
    restartPauseMsMax: 10_000,
  },
  account: {
    addressesMax: 100,
    aliasesMax: 10, // a person's own making
    aliasesEverMax: 40, // those given up count: they stay taken for ever
    groupMembersMax: 200,
    holdersMax: 20, // of one account
    heldMax: 20, // accounts one person holds beside their own
    mailboxesMax: 1_000,
    mailboxDepthMax: 10,
    folderNameBytes: 1 * KIB,
    itemBytes: 1 * MIB,
    itemsMax: 50_000, // of one collection
    keyringBytes: 256 * KIB,
    wrapsMax: 20,
    appPasswordsMax: 20,
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
    peersMax: 100_000,
    freeTries: 5,
    delayMaxMs: 5 * 60_000,
    triesKeptMax: 50_000,
    slotMs: 20,
    triesLingerMs: 250,
    recoveryWaitMs: 72 * 3_600_000,
    resetWaitMs: 24 * 3_600_000,
    sessionDays: 30,
  },
  http: {
    bodyBytes: 1 * MIB,
    uploadBytes: 50 * MIB,
    headerWaitMs: 15_000,
    eventStreamsMax: 2_000,
    requestWaitMs: 5 * 60_000,
    headerBytes: 16 * KIB,
    wkdPage: 500,
    wkdSearchMax: 5_000,
    domainReportMs: 2_000, // a check of a domain's records is not asked for again within
  },
  jmap: {
    sizeRequestBytes: 10 * MIB,
    callsInRequest: 32,
    objectsInGet: 1_000,
    objectsInSet: 1_000,
    concurrentRequests: 8,
    concurrentUpload: 4,
    queryLimit: 10_000, // ids in one answer; a client pages by position
    changesMax: 5_000,
    jsonDepthMax: 48,
    filterDepthMax: 8,
    filterConditionsMax: 64,
    sortMax: 8,
    keywordsPerLetterMax: 64,
    mailboxesPerLetterMax: 32,
    collectionCharacters: 32,
    termsInGet: 250,
    answerBytes: 32 * MIB,
    sealedSummaryBytes: 64 * KIB,
    sealedTermsBytes: 128 * KIB,
    sealedBlobBytes: 4 * MIB,
    lettersInBlob: 100_000,
    uploadKeptBytes: 128 * MIB, // in memory, all accounts together
    uploadCountsBytesMin: 16 * KIB, // a small one counts as so much
    uploadKeptMs: 60 * 60_000,
    clearDraftMs: 15 * 60_000, // of a stock client, so that it can be sent
    eventStreamsPerAccountMax: 16,
    eventsWaitingMax: 64, // unread by the client
    undoSendMs: 60_000,
    clockAheadMs: 5 * 60_000, // of a client that dates its own letters
    pingSecondsMin: 5,
    pingSecondsMax: 900,
  },
  recipientKeys: {
    addressesMax: 100, // in one call
    atOnce: 8,
    perAccountMax: 500, // questions to other houses …
    windowMs: 3_600_000, // … in this time
    accountsMax: 20_000,
    goodMs: 3_600_000,
    absentMs: 10 * 60_000,
    unreachableMs: 60_000,
    keptBytes: 32 * MIB,
  },
  outgoing: {
    answerBytes: 256 * KIB,
    waitMs: 5_000,
    redirectsMax: 3,
    urlCharacters: 4 * KIB,
    headerBytes: 16 * KIB,
    addressesMax: 8,
  },
  outside: {
    requestBytes: 8 * KIB,
    pictureBytes: 5 * MIB,
    pictureWaitMs: 5_000,
    picturesPerAccountMax: 600, // fetched in the window
    unsubscribesPerAccountMax: 60,
    windowMs: 3_600_000,
    accountsMax: 20_000,
    atOncePerAccount: 6,
    atOnce: 32, // of all accounts: their bytes are in memory
    keptBytes: 64 * MIB,
    keptBytesPerAccount: 16 * MIB,
    keptMs: 10 * 60_000,
    unsubscribeWaitMs: 10_000,
    unsubscribeAnswerBytes: 64 * KIB,
    picturesInLetterMax: 100, // asked for by the page
    unsubscribeAddressCharacters: 2_000,
  },
  delivery: {
    connectWaitMs: 30_000,
    greetingWaitMs: 5 * 60_000, // RFC 5321 §4.5.3.2, this and the next five
    commandWaitMs: 5 * 60_000,
    dataStartWaitMs: 2 * 60_000,
    dataBlockWaitMs: 3 * 60_000,
    dataEndWaitMs: 10 * 60_000,
    quitWaitMs: 2_000,
    tlsWaitMs: 60_000,
    letterWaitMs: 60 * 60_000, // a whole letter, however slowly the peer takes it
    replyLineBytes: 4 * KIB, // RFC 5321 §4.5.3.1.5 asks for 512
    replyLinesMax: 200,
    repliesWaitingMax: 1_100, // more than one transaction can be owed
    recipientsPerLetterMax: 100, // RFC 5321 §4.5.3.1.8
    hostsMax: 10, // of one domain, in order of preference
    triesMax: 5, // connections for one letter, hosts and addresses together
    addressesPerHostMax: 4,
    connectionsMax: 64,
    connectionsPerDestinationMax: 8,
    lettersPerConnectionMax: 100,
    idleMs: 5_000,
    brokenTlsMs: 60 * 60_000, // how long a host is not asked for TLS again
    deadAddressMs: 5 * 60_000,
    rememberedMax: 10_000,
    stsPolicyBytes: 64 * KIB, // RFC 8461 §3.2
    stsWaitMs: 20_000,
    stsPoliciesMax: 10_000,
    stsAgeMaxMs: 31_557_600_000, // RFC 8461 §3.2
    stsRetryMs: 5 * 60_000,
    tlsReportDomainsMax: 10_000,
    tlsReportFailuresMax: 50, // kinds of failure for one domain and day
    tlsReportEveryMs: 60 * 60_000,
    tlsReportTriesMax: 24, // once an hour (RFC 8460 §3: for 24 hours)
    tlsReportTargetsMax: 4, // of one domain
    tlsReportPerRunMax: 500,
    tlsReportWaitMs: 20_000,
    plainTextCharacters: 1_000,
  },
  acme: {
    lookMs: 3_600_000, // whether a new certificate is due
    pauseMs: 5 * 60_000, // after a failure, doubled …
    pauseMaxMs: 6 * 3_600_000, // … up to this
    connectionsMax: 64, // on the port for proofs
  },
  rspamd: { answerBytes: 1 * MIB, waitMs: 3_000, recipientsMax: 100, failuresMax: 5, pauseMs: 5_000 },
  compose: {
    referencesMax: 20,
    identifierCharacters: 250,
    recipientsMax: 500, // To, Cc and Bcc of one letter
    bccMax: 50, // each is a letter of its own
    undoMs: 60_000,
    draftFilesBytes: 32 * MIB,
    certificateBytes: 128 * KIB, // kept of a person's key
    keysKeptMax: 6, // of one person, newest first
    keyTextsKept: 2, // older ones leave their fingerprint only
    peopleKeptMax: 500,
    suggestionsMax: 8,
    importBytes: 20 * MIB,
    importContactsMax: 10_000,
    contactFieldCharacters: 500,
    contactNoteCharacters: 8_000,
    contactAddressesMax: 50,
  },
  letters: { undoMs: 7 * 24 * 3_600_000 },
  forgetting: {
    everyMs: 3_600_000, // letters whose time is over
    compactEveryMs: 20 * 3_600_000, // with the hour before: within a day
    graceMs: 14 * 24 * 3_600_000, // of a closed account
    supersededMs: 7 * 24 * 3_600_000, // what a later change may have to be undone with
    credentialsMs: 24 * 3_600_000, // old passwords, wraps, second factors, sessions
    copiesMs: 30 * 24 * 3_600_000, // no copy of what can be erased is older
    clockJumpMs: 60 * 24 * 3_600_000, // a clock that is further from the journal is not believed
    clockDoubtMs: 24 * 3_600_000, // for so long
    lettersAtOnce: 20_000,
    seqsInRecordMax: 500,
    restatedBytes: 512 * KIB, // in one record
  },
  ledger: { lettersShown: 1_000, lettersAtOnce: 256 }, // differing letters named; a range short enough to be read
  ledgerWatch: { lookMs: 60_000, afterStartMs: 600_000, everyMs: 24 * 3_600_000 }, // counts by itself
  generations: { entriesMax: 1_000_000, fileBytesMax: 4 * 1024 * MIB }, // in a base copy
  trace: { keepDays: 7, entriesMax: 200_000 },
  book: {
    receiptFileBytes: 64 * KIB,
    factsMax: 32,
    factCharacters: 2_000,
    lettersInBatchMax: 4_096,
    batchOpenMs: 60 * 60_000,
    headEveryMs: 60 * 60_000,
    headPauseMs: 1_000, // between two heads that somebody asked for
    commitLingerMs: 30_000, // letters' hashes in memory only; the journal has them
    waitingRecordsMax: 20_000,
    retryMs: 1_000,
    treesKept: 16, // batches' trees in memory, 256 KiB each
    nodesKept: 32_768, // of a log, 64 bytes and more each
    pageMax: 100,
    headsInAnswer: 200,
    requestsPerMinute: 600, // of one network address, without a session
  },
  check: { filesMax: 20, cardsMax: 50, answerBytes: 8 * MIB }, // on the public page; of a letter its text, which stands first
  invite: { validDays: 14 },
  sql: { rowsMax: 1_000, waitMs: 10_000 }, // what one question to the guarded console may bring and take
  client: {
    summariesKeptMax: 20_000,
    lettersSearchedMax: 20_000,
    threadedLettersMax: 2_000, // newest letters whose summaries are opened for conversations
    threadLettersMax: 100,
  },
  backup: {
    pieceBytes: 16 * MIB, // of a file; each is sealed as one object
    chunkBytes: 64 * KIB,
    manifestBytes: 64 * MIB,
    keptDays: 30,
    dueMs: 26 * 3_600_000, // after the newest verified one the alarm begins
    jitterMs: 20 * 60_000,
    placeWaitMs: 60_000, // for one answer of a place on the net
    triesMax: 3,
  },
  incident: { affectedMax: 20_000, textCharacters: 280, publicDays: 90, signatureCharacters: 16_384 },
  incidentWatch: { recountMs: 60_000, retryMs: 60_000, tellMs: 7 * 24 * 3_600_000 }, // a full mailbox goes without then
  change: changeLimits,
  transit: transitLimits,
  ...deskLimits,
  ...telemetryLimits,
  drill: { everyMs: 7 * 24 * 3_600_000 },
  operator: { questionBytes: 8 * MIB, answerBytes: 8 * MIB, questionWaitMs: 10_000, connectionsMax: 16 },
} as const;
