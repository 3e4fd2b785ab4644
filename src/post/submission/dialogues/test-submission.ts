// A submission for tests: real sockets and TLS, two people with app passwords, letters caught where they would be sealed and sent.

import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { newId, type AccountId, type AppPasswordId, type LetterId, type SubmissionId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { formatAddress } from '#formats/smtp/address.ts';
import { requireOne, type DialogueHouse, type DialogueOption } from '../../wire/dialogues/dialogue.ts';
import { testCertificate } from '../../wire/dialogues/test-certificate.ts';
import { openTestDocuments } from '../../wire/dialogues/test-documents.ts';
import type { DoorBounds } from '../../wire/sockets.ts';
import type {
  EarlierTry,
  LeavingLetter,
  LeavingRefusal,
  SentCopy,
  SentRefusal,
  SignedInProgram,
} from '../neighbours.ts';
import type { SeatBounds } from '../seats.ts';
import { createSubmission, type Submission } from '../submission.ts';

export interface TestSubmissionOptions {
  readonly bounds?: Partial<DoorBounds & SeatBounds>;
  /** Without a certificate passwords may come in the clear. */
  readonly isClear?: boolean;
  readonly accepting?: 'diskFull' | 'journalFailed';
  readonly sentRefusal?: SentRefusal['kind'];
  readonly sendRefusal?: LeavingRefusal['kind'];
  readonly signInFails?: boolean;
  /** Every app password is removed as soon as it signed in. */
  readonly isRemoved?: boolean;
  /** Milliseconds that a wrong password waits. */
  readonly wrongWaitMs?: number;
  /** Documents take longer than a mail program waits. */
  readonly areDocumentsSlow?: boolean;
  /** Milliseconds that every sign-in takes. */
  readonly signInMs?: number;
}

/** Anna and ben, as in the dialogues: their secrets are a and b, 24 times. */
export const anna: SignedInProgram = { accountId: newId<AccountId>(), appPasswordId: newId<AppPasswordId>() };
export const ben: SignedInProgram = { accountId: newId<AccountId>(), appPasswordId: newId<AppPasswordId>() };
const people = new Map([
  ['anna@siegel.test', { program: anna, plainSecret: 'a'.repeat(24) }],
  ['ben@siegel.test', { program: ben, plainSecret: 'b'.repeat(24) }],
]);
const own = new Map([
  [anna.accountId, ['anna@siegel.test', 'jürgen@siegel.test']],
  [ben.accountId, ['ben@siegel.test']],
]);

export interface TestSubmission extends AsyncDisposable {
  readonly submission: Submission;
  readonly startTlsPort: number;
  readonly tlsPort: number | undefined;
  /** Sent copies that are there, newest last. */
  readonly copies: readonly SentCopy[];
  readonly left: readonly LeavingLetter[];
  /** What the next letters are told; undefined: they are taken. */
  refuse(next: Pick<TestSubmissionOptions, 'sentRefusal' | 'sendRefusal'>): void;
  /** As after a crash: a new door, the same mailbox and queue. */
  restart(): Promise<TestSubmission>;
}

export interface Kept {
  readonly copies: SentCopy[];
  readonly left: (LeavingLetter & { readonly queuedMs: number })[];
  readonly dropped: Set<LetterId>;
}

export function openTestSubmission(
  options: TestSubmissionOptions = {},
  kept: Kept = { copies: [], left: [], dropped: new Set() },
): Promise<TestSubmission> {
  return open(options, kept);
}

async function open(options: TestSubmissionOptions, kept: Kept): Promise<TestSubmission> {
  let refusals = options;
  const tooLong = { kind: 'transitTooLong', where: 'https://siegel.test/transit' } as const;
  const submission = createSubmission(
    {
      domain: 'siegel.test',
      trustedNetworks: [],
      tls: options.isClear === true ? undefined : testCertificate(),
      host: '127.0.0.1',
      startTlsPort: 0,
      tlsPort: 0,
      idKey: createHash('sha256').update('test').digest(),
      seatBounds: options.bounds ?? {},
      bounds: { sweepMs: 20, closeWaitMs: 500, ...options.bounds },
    },
    {
      places: [openTestDocuments(options.areDocumentsSlow === true ? tooLong : undefined)],
      async signIn(name, plainSecret) {
        if (options.signInFails === true) return err({ kind: 'unavailable' });
        if (options.signInMs !== undefined) await wait(options.signInMs);
        const known = people.get(name.toLowerCase());
        if (known !== undefined && known.plainSecret === plainSecret) return ok(known.program);
        return err({ kind: 'wrong', waitMs: options.wrongWaitMs ?? 0 });
      },
      isLiving: async () => options.isRemoved !== true,
      ownAddresses: async (accountId) => own.get(accountId) ?? [],
      findEarlier: async (_, letterId) => findEarlier(kept, letterId),
      placeOf(address) {
        if (address.domain !== 'siegel.test') return 'elsewhere';
        return ['anna@siegel.test', 'ben@siegel.test'].includes(formatAddress(address)) ? 'here' : 'unknown';
      },
      mayAccept: () => (options.accepting === undefined ? ok(undefined) : err({ kind: options.accepting })),
      async keepSent(copy) {
        if (refusals.sentRefusal !== undefined) return err({ kind: refusals.sentRefusal });
        kept.copies.push({ ...copy, plainLetter: copy.plainLetter.slice() });
        return ok(undefined);
      },
      async dropSent(_, letterId) {
        const at = kept.copies.findIndex((copy) => copy.letterId === letterId);
        if (at >= 0) kept.copies.splice(at, 1);
        kept.dropped.add(letterId);
        return at >= 0;
      },
      async send(letter) {
        if (refusals.sendRefusal !== undefined) return err({ kind: refusals.sendRefusal });
        kept.left.push({ ...letter, queuedMs: Date.now() });
        return ok({ submissionId: newId<SubmissionId>() });
      },
    },
  );
  const { startTlsPort = 0, tlsPort } = await submission.listen();
  return {
    submission,
    startTlsPort,
    tlsPort,
    copies: kept.copies,
    left: kept.left,
    refuse: (next) => void (refusals = { ...options, ...next }),
    async restart() {
      await submission.close();
      return open(options, kept);
    },
    [Symbol.asyncDispose]: () => submission.close(),
  };
}

function findEarlier({ copies, left, dropped }: Kept, letterId: LetterId): EarlierTry {
  const isKept = copies.some((copy) => copy.letterId === letterId);
  const queuedMs = left.find((letter) => letter.letterId === letterId)?.queuedMs;
  return { copy: isKept ? 'kept' : dropped.has(letterId) ? 'removed' : 'none', queuedMs };
}

/** The submission that the first lines of a conversation describe; a letter there is one that left. */
export async function openDialogueHouse(lines: readonly DialogueOption[]): Promise<DialogueHouse> {
  const house = await openTestSubmission(optionsOf(lines));
  const { startTlsPort, tlsPort = 0 } = house;
  return {
    entrances: { connect: startTlsPort, 'connect-tls': tlsPort },
    get letters() {
      return house.left.map(({ plainLetter, recipients }) => ({
        plainText: Buffer.from(plainLetter).toString('latin1'),
        recipients,
      }));
    },
    close: async () => house[Symbol.asyncDispose](),
  };
}

function optionsOf(lines: readonly DialogueOption[]): TestSubmissionOptions {
  let options: TestSubmissionOptions = {};
  const bounds: Record<string, number> = {};
  for (const { name, value } of lines) {
    if (name === 'clear') options = { ...options, isClear: true };
    else if (name === 'documentsSlow') options = { ...options, areDocumentsSlow: true };
    else if (name === 'signInFails') options = { ...options, signInFails: true };
    else if (name === 'removed') options = { ...options, isRemoved: true };
    else if (name === 'wrongWaitMs') options = { ...options, wrongWaitMs: Number(value) };
    else if (name === 'accepting')
      options = { ...options, accepting: requireOne(value, ['diskFull', 'journalFailed']) };
    else if (name === 'sentRefusal')
      options = { ...options, sentRefusal: requireOne(value, ['overQuota', 'notSealed', 'loop']) };
    else if (name === 'sendRefusal')
      options = {
        ...options,
        sendRefusal: requireOne(value, ['tooManyRecipients', 'tooManyToday', 'held', 'diskFull', 'unavailable']),
      };
    else bounds[name] = Number(value);
  }
  return { ...options, bounds };
}
