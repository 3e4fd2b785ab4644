// The kinds of journal records and their codes on disk (decision 0002). A code is never given twice; a retired one stays here.

/** Which of the two files of a journal a record lives in. */
export const LANE = { body: 0, key: 1 } as const;
export type Lane = keyof typeof LANE;

/** Body lane: one kind. Key lane: everything else. Codes ≥ 16 are commands with a canonical JSON payload. */
export const RECORD_CODES = {
  body: 1,
  letter: 2,
  erased: 3,
  voided: 4,
  recovered: 5,

  instanceCreated: 16,
  domainAdded: 17,
  domainRemoved: 18,
  inviteCreated: 19,
  catchAllPut: 20,
  groupPut: 22,
  groupRemoved: 23,

  accountCreated: 32,
  roleChanged: 33,
  accountClosed: 34,
  credentialPending: 35,
  credentialPromoted: 36,
  wrapPut: 37,
  wrapRemoved: 38,
  keyringPut: 39,
  manifestPut: 40,
  keysPut: 41,
  secondFactorPut: 42,
  secondFactorRemoved: 43,
  secondFactorStep: 44,
  loginCounted: 45,
  sessionOpened: 46,
  sessionsClosed: 47,
  addressAdded: 48,
  addressRemoved: 49,
  rulesPut: 50,
  quotaPut: 51,
  recoveryReset: 52,
  appPasswordPut: 53,
  appPasswordRemoved: 54,
  holderPut: 55,
  holderRemoved: 56,
  accountRestated: 57,
  accountReopened: 58,
  holderLeft: 59,

  mailboxPut: 64,
  mailboxRemoved: 65,
  lettersChanged: 66,
  lettersRemoved: 67,
  summaryPut: 68,
  accountErased: 69,

  itemPut: 80,
  itemRemoved: 81,
  blobPut: 82,
  blobRemoved: 83,
  cacheManifestPut: 84,

  receiptRecorded: 96,

  submissionQueued: 112,
  submissionCanceled: 113,
  deliveryOutcome: 114,
  submissionDone: 115,

  operatorPut: 128,
  operatorRemoved: 129,
  changeStepped: 130,
  incidentPut: 131,
  eraRaised: 132,

  deskNoted: 144,
  deskFilePut: 145,
} as const;

export type RecordKind = keyof typeof RECORD_CODES;

const KINDS = new Map<number, RecordKind>();
for (const [kind, code] of Object.entries(RECORD_CODES)) KINDS.set(code, kind as RecordKind);

/** The kind behind a code, or undefined when this build does not know it. */
export function findRecordKind(code: number): RecordKind | undefined {
  return KINDS.get(code);
}

/** Who caused a record; `id` is the session's, rule's, app password's or change's id (16 bytes, zero when there is none). */
export const ACTOR_CODES = { system: 0, door: 1, session: 2, rule: 3, app: 4, tool: 5, operator: 6 } as const;
export type ActorKind = keyof typeof ACTOR_CODES;
