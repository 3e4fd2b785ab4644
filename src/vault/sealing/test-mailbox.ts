// For tests: an account with real keys, and letters sealed for it.

import { newId, type AccountId, type LetterId } from '#base/ids.ts';
import { requireValue } from '#base/assert.ts';
import { doorKeyFromSeed, type DoorKey } from './door-key.ts';
import { growKeys, makeRootKey, makeUserKeys, type AccountKeys, type Keyring, type NewKeys } from './keys.ts';
import { openSummary, summaryKeysOf, type OpenedSummary, type SummaryKeys, type Trusted } from './open.ts';
import { readerKeysFromPublic, type ReaderKeys } from './reader-keys.ts';
import { sealLetter, type LetterToSeal, type SealedCopy, type SealedLetter } from './seal.ts';

export const NOW_MS = Date.UTC(2026, 4, 17, 12, 34, 56);

export interface TestMailbox {
  readonly accountId: AccountId;
  readonly address: string;
  readonly made: NewKeys;
  readonly keyring: Keyring;
  readonly readerKeys: ReaderKeys;
  readonly accountKeys: AccountKeys;
  readonly summaryKeys: SummaryKeys;
}

export async function makeMailbox(address = 'anna@siegel.test'): Promise<TestMailbox> {
  const accountId = newId<AccountId>();
  const made = await makeUserKeys(address, NOW_MS);
  const readerKeys = readerKeysFromPublic(made.certificate, made.summaryKey, { version: 1, nowMs: NOW_MS });
  if (!readerKeys.ok) throw new Error(readerKeys.error.kind);
  return {
    accountId,
    address,
    made,
    keyring: made.keyring,
    readerKeys: readerKeys.value,
    accountKeys: await growKeys(makeRootKey(accountId)),
    summaryKeys: await summaryKeysOf(made.keyring),
  };
}

export function makeDoorKey(): DoorKey {
  return doorKeyFromSeed(crypto.getRandomValues(new Uint8Array(32)));
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export const PLAIN_LETTER =
  'From: Carl <carl@example.org>\r\nTo: anna@siegel.test\r\nSubject: The vineyard\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n' +
  'Message-ID: <1@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe papers are ready.\r\n';
const BLOCK = 'Return-Path: <carl@example.org>\r\nReceived: by siegel.test; Sun, 17 May 2026 12:34:56 +0000\r\n';

/** A letter ready to be sealed for these mailboxes. */
export function letterFor(mailboxes: readonly TestMailbox[], changes: Partial<LetterToSeal> = {}): LetterToSeal {
  return {
    plainBlock: bytesOf(BLOCK),
    plainOriginal: bytesOf(PLAIN_LETTER),
    insertions: [{ offset: PLAIN_LETTER.indexOf('; charset'), bytes: bytesOf('; hp="cipher"') }],
    receivedMs: NOW_MS,
    verdict: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    provenance: { tls: 'TLSv1.3' },
    facts: { subject: 'The vineyard', from: 'carl@example.org' },
    terms: { tokeniser: 1, words: ['papers', 'ready', 'vineyard'] },
    kind: 'door',
    readers: mailboxes.map(({ accountId, readerKeys }) => ({
      accountId,
      letterId: newId<LetterId>(),
      keys: readerKeys,
    })),
    ...changes,
  };
}

export interface Delivered {
  readonly sealed: SealedLetter;
  readonly copy: SealedCopy;
  readonly opened: OpenedSummary;
  readonly trusted: Trusted;
}

/** Seals a letter for one mailbox and opens its summary there. */
export async function deliver(
  mailbox: TestMailbox,
  doorKey: DoorKey,
  changes: Partial<LetterToSeal> = {},
): Promise<Delivered> {
  const sealed = sealLetter(letterFor([mailbox], changes), doorKey);
  const copy = requireValue(sealed.copies[0], 'copy');
  const opened = await openSummary(copy.summary, copy, mailbox.summaryKeys);
  if (!opened.ok) throw new Error(opened.error.kind);
  return { sealed, copy, opened: opened.value, trusted: trust(mailbox, doorKey) };
}

export function trust(mailbox: TestMailbox, doorKey: DoorKey): Trusted {
  return { doorKeys: new Map([[doorKey.keyId, doorKey.publicKey]]), accountKeys: mailbox.accountKeys };
}
