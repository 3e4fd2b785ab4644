// The words of receipts in English: what each kind promises, what its facts are called, why one is not good.

import type { CheckRefusal } from '#vault/book/check/check-receipt.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

const kinds: Readonly<Record<string, (facts: Facts) => string>> = {
  'letter-sealed': () => 'A message was sealed to its reader’s key when it came.',
  'letters-sealed': (facts) => `${String(facts['count'])} messages were sealed in one hour.`,
  'account-created': (facts) => `The mailbox ${String(facts['address'])} was created.`,
  'password-changed': () => 'The password was changed, and the old one ended.',
  'documents-erased': (facts) =>
    `${String(facts['documents'])} documents went through the room for documents and were erased from memory.`,
  'telemetry-agreed': () => 'Figures were agreed to: the list named by its hash.',
  'telemetry-withdrawn': () => 'Figures were switched off, and what was noted of them was wiped.',
  'transparency-report': (facts) =>
    `The report of ${String(facts['year'])} on requests from authorities was published${facts['erratum'] === 0 ? '' : `, erratum ${String(facts['erratum'])}`}.`,
  'standing-statement': () => 'Two people of this house signed its standing statement.',
  'key-published': (facts) => `A key was published for ${String(facts['address'])}.`,
  'incident-opened': (facts) => `Incident ${String(facts['incident'])} was opened: ${String(facts['title'])}.`,
  'incident-closed': (facts) => `Incident ${String(facts['incident'])} is over: ${String(facts['title'])}.`,
};

const facts: Readonly<Record<string, string>> = {
  account: 'Account',
  address: 'Address',
  catalogue: 'List of questions',
  certificate: 'SHA-256 of the key file',
  accepted: 'Accepted by the operator',
  count: 'How many',
  documents: 'Documents',
  erasedMs: 'Erased',
  expected: 'Messages',
  fingerprint: 'Key',
  found: 'Found',
  fromMs: 'First',
  incident: 'Incident',
  isKeyDestroyed: 'Key overwritten',
  job: 'Number of the work',
  letter: 'Message',
  mailboxes: 'Mailboxes',
  objectsCreated: 'Objects created',
  objectsErased: 'Objects erased',
  packet: 'SHA-256 of what is stored',
  receiptHash: 'SHA-256 of the signed receipt',
  receiptKey: 'Key of its signature',
  receiptSignature: 'Its signature',
  receivedMs: 'Came',
  returnedMs: 'Returned',
  root: 'Root of the hour',
  saltedHashes: 'Salted hashes of the documents',
  selfCheck: 'SHA-256 of the self-check',
  title: 'What happened',
  toMs: 'Last',
  version: 'Version',
};

const reasons: Readonly<Record<CheckRefusal['kind'], string>> = {
  tooLarge: 'This file is far too large for a receipt.',
  notAReceipt: 'This is not a receipt, or a damaged one.',
  rewritten: 'This file is not written as it was given out: something was added, doubled or formatted anew.',
  newerFormat: 'This receipt is of a newer kind than this page knows.',
  otherKey: 'It was not signed with the key of this house.',
  notSigned: 'The signature does not fit what the receipt says.',
  otherHouse: 'Its parts come from different houses.',
  notInBatch: 'The message is not among those that were sealed in that hour.',
  notInBook: 'The receipt does not lie in the book where it says.',
  headNotSigned: 'The head of the book in it is not signed by the same house.',
  nothingToCompare: 'This receipt has no place in the book yet, so there is nothing to compare the head with.',
  earlierHeadNotSigned: 'The head is not signed by the house that signed the receipt.',
  consistencyMissing: 'The proof that both heads are of one book is missing.',
  bookRewritten: 'The head and the receipt are not of one book: the book was rewritten.',
};

/** Those that are no forgery: only the file, or the page, is not what is needed. */
const harmless: readonly CheckRefusal['kind'][] = ['tooLarge', 'notAReceipt', 'newerFormat', 'nothingToCompare'];

export const receiptEn = {
  says: (kind: string, of: Facts): string => kinds[kind]?.(of) ?? `A promise of the kind “${kind}”.`,
  fact: (name: string): string => facts[name] ?? name,
  yes: 'yes',
  no: 'no',
  reasons,
  harmless,
  good: 'Good',
  keyUnknown: 'Signed, but compare the key yourself',
  otherHouse: 'Signed, but not by this house',
  forged: 'Forged or damaged',
  notReadable: 'Not a receipt',
  goodWhy: 'Signed by this house and not changed since.',
  keyUnknownWhy:
    'Nothing in it was changed since it was signed. Whose key it is could not be asked: compare the fingerprint with the one you know.',
  otherHouseWhy:
    'Nothing in it was changed since it was signed, but this house signs with another key. If it comes from elsewhere, compare the fingerprint with that house’s.',
  time: 'Time',
  place: 'In the book',
  placeIn: (entry: string, size: string, head: string) => `entry ${entry} of ${size}, head of ${head}`,
  placeWith: (letters: number) =>
    letters === 1 ? 'alone in its hour' : `together with ${letters} messages of its hour`,
  placeNone: 'signed; its place in the book follows',
  hash: 'Hash',
  key: 'Key of the house',
  keyOwn: 'the key of this house',
  keyOther: 'not the key of this house',
  keyAsk: 'offline: compare it yourself',
  compared: (head: string) => `Of one book with the head of ${head}.`,
  needsProof: (from: string, to: string) =>
    `To compare the head, the server is asked for the proof between ${from} and ${to} entries; it learns these two numbers and nothing else.`,
  askProof: 'Ask for the proof',
  noProof: 'The server does not say how the two heads belong together. A book that was cut off cannot say it.',
  check: 'Check',
  fold: 'Fold',
  save: 'Save as a file',
  notYet: (time: string) => `Not yet: the receipt is made when the hour of this message is over, at ${time}.`,
  altered:
    'What is stored now is not what was promised. Keep what you have and ask somebody you trust to look at the server.',
  otherLetter: 'The server gave the receipt of another message.',
  gone: 'There is no receipt for it. Messages written or kept here without passing the door have none.',
  noConnection: 'No connection. The receipt stays where it is; try again later.',
  unavailable: 'The server cannot answer now. Nothing was changed; try again in a minute.',
  listTitle: 'Receipts',
  listLead: 'What this house promised you, signed. A saved receipt can be checked anywhere, also without this house.',
  listNone: 'None yet.',
  listMore: 'Show older ones',
};

export type ReceiptWords = typeof receiptEn;
