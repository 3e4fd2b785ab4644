// A door for tests: real sockets, a directory of a few names, letters caught before they are sealed.

import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type AccountId, type MailboxId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { formatAddress, type Address } from '#formats/smtp/address.ts';
import type { Found, KeepRefusal, Recipient } from '../neighbours.ts';
import { requireOne, type DialogueHouse, type DialogueOption } from '../../wire/dialogues/dialogue.ts';
import { openTestDesk } from '../../wire/dialogues/test-desk.ts';
import { openTestDocuments } from '../../wire/dialogues/test-documents.ts';
import type { DoorBounds } from '../../wire/sockets.ts';
import { createDoor, type Door } from '../wire/door.ts';
import type { IncomingLetter, LetterRefusal } from '../wire/incoming-letter.ts';
import { testCertificate } from '../../wire/dialogues/test-certificate.ts';

/** What a dialogue may change about the house. */
export interface TestDoorOptions {
  readonly bounds?: Partial<DoorBounds>;
  readonly isTrusted?: boolean;
  readonly hasTls?: boolean;
  /** What MAIL is told. */
  readonly accepting?: KeepRefusal['kind'];
  /** What each letter is told. */
  readonly letterRefusal?: LetterRefusal['kind'];
  readonly takeWaitMs?: number;
}

export interface TestDoor {
  readonly door: Door;
  readonly smtpPort: number;
  readonly lmtpSocket: string;
  /** Letters as they came, newest last. */
  readonly letters: readonly CaughtLetter[];
  close(): Promise<void>;
}

export interface CaughtLetter extends Omit<IncomingLetter, 'plainLetter'> {
  readonly plainText: string;
}

/** anna, ben, postmaster, jürgen and "a b" live here; full, slow, stale are what they say; *@all.test takes everything. */
function findRecipients(address: Address): Found | Promise<Found> {
  const known = directory.get(formatAddress(address));
  if (known !== undefined) return known;
  if (address.local === 'slow') return new Promise((resolve) => setTimeout(() => resolve(ok([anna])), 20));
  if (address.local === 'full') return err({ kind: 'overQuota' });
  if (address.local === 'stale') return err({ kind: 'stale' });
  return err({ kind: ['siegel.test', 'all.test'].includes(address.domain) ? 'unknown' : 'notOurs' });
}

const anna = account();
const ben = account();
const directory = new Map<string, Found>([
  ['anna@siegel.test', ok([anna])],
  ['anna.alias@siegel.test', ok([anna])],
  ['ben@siegel.test', ok([ben])],
  ['"a b"@siegel.test', ok([ben])],
  ['jürgen@siegel.test', ok([ben])],
  ['postmaster@siegel.test', ok([anna, ben])],
  ['*@all.test', ok([ben])],
]);

function account(): Recipient {
  const empty = new Uint8Array(32);
  const openpgp = { fingerprint: empty, keyId: empty, point: empty, kdfHash: 8, kdfCipher: 9 };
  const keys = { openpgp, summaryKey: empty, version: 1 };
  return { accountId: newId<AccountId>(), keys, rules: [], inbox: newId<MailboxId>(), junk: newId<MailboxId>() };
}

export async function openTestDoor(options: TestDoorOptions = {}): Promise<TestDoor> {
  const letters: CaughtLetter[] = [];
  const door = createDoor(
    {
      domain: 'siegel.test',
      smtpPort: 0,
      lmtpSocket: join(tmpdir(), `siegel-${randomUUID().slice(0, 8)}.sock`),
      trustedNetworks: options.isTrusted === true ? [{ address: '127.0.0.0', prefixBits: 8 }] : [],
      tls: options.hasTls === true ? testCertificate() : undefined,
      bounds: { sweepMs: 20, closeWaitMs: 500, ...options.bounds },
    },
    {
      findRecipients,
      places: [openTestDocuments(undefined), openTestDesk()],
      mayAccept: () => (options.accepting === undefined ? ok(undefined) : err({ kind: options.accepting })),
      async takeLetter({ plainLetter, ...rest }) {
        if (options.takeWaitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.takeWaitMs));
        if (options.letterRefusal !== undefined) return err({ kind: options.letterRefusal });
        letters.push({ ...rest, plainText: Buffer.from(plainLetter).toString('latin1') });
        return ok(undefined);
      },
    },
  );
  const { smtpPort = 0, lmtpSocket = '' } = await door.listen();
  return { door, smtpPort, lmtpSocket, letters, close: () => door.close() };
}

/** The door that the first lines of a conversation describe. */
export async function openDialogueHouse(lines: readonly DialogueOption[]): Promise<DialogueHouse> {
  const house = await openTestDoor(optionsOf(lines));
  const { letters, smtpPort, lmtpSocket } = house;
  return { entrances: { connect: smtpPort, 'connect-lmtp': lmtpSocket }, letters, close: () => house.close() };
}

function optionsOf(lines: readonly DialogueOption[]): TestDoorOptions {
  let options: TestDoorOptions = {};
  const bounds: Record<string, number> = {};
  for (const { name, value } of lines) {
    if (name === 'tls') options = { ...options, hasTls: true };
    else if (name === 'trusted') options = { ...options, isTrusted: true };
    else if (name === 'accepting')
      options = { ...options, accepting: requireOne(value, ['diskFull', 'journalFailed']) };
    else if (name === 'letterRefusal')
      options = {
        ...options,
        letterRefusal: requireOne(value, [
          'loop',
          'dmarcReject',
          'filterRefuse',
          'filterLater',
          'notSealed',
          'diskFull',
          'journalFailed',
        ]),
      };
    else if (name === 'takeWaitMs') options = { ...options, takeWaitMs: Number(value) };
    else bounds[name] = Number(value);
  }
  return { ...options, bounds };
}
