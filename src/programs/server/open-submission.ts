// The door for mail programs: its ports are bound early, what it needs is handed to it when everything is open.

import { hkdfSync } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { AccountId, AppPasswordId, LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AppSignIn } from '#office/accounts/app-sign-in.ts';
import type { Outbox } from '#post/delivery/outbox.ts';
import type { Reception, SubmitOutcome } from '#post/reception/reception.ts';
import {
  createSubmission,
  type EarlierTry,
  type SentCopy,
  type SentRefusal,
  type Submission,
  type SubmissionNeighbours,
} from '#post/submission/submission.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import { readLetters, readTakenLetterIds } from '#vault/database/read-letters.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import { readAddresses } from '#vault/database/read-states.ts';
import { findQueuedMs } from '#vault/database/read-submissions.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { CommandRefusal } from '../command.ts';
import type { Vault } from './open-vault.ts';
import type { TlsPair } from './read-tls.ts';

const USUAL_PORTS = { startTls: 2587, tls: 2465 };

export interface SubmissionParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly kit: KeyKit;
  readonly reception: Reception;
  readonly tls: TlsPair | undefined;
  /** Letters to their addresses go there and not through the queue. */
  readonly places: readonly LetterPlace[];
}

/** What is there only once the house stands. */
export interface SubmissionHouse {
  readonly vault: Vault;
  readonly appSignIn: AppSignIn;
  readonly outbox: Pick<Outbox, 'submit'>;
}

export interface SubmissionDoor extends AsyncDisposable {
  /** From now on letters are taken. */
  open(house: SubmissionHouse): void;
  endSessions(accountId: AccountId, id: AppPasswordId | undefined): void;
  /** A renewed certificate, for connections from now on. */
  useCertificate(pair: TlsPair): void;
  readonly connections: number;
  /** As people type them; empty where nothing listens. */
  readonly places: readonly string[];
  readonly warnings: readonly string[];
}

/** Binds the ports; before rights are dropped. */
export async function bindSubmission(parts: SubmissionParts): Promise<Result<SubmissionDoor, CommandRefusal>> {
  const { config, clock, log, kit, tls } = parts;
  const startTlsPort = portOf(config.submissionPort, USUAL_PORTS.startTls, tls !== undefined);
  const tlsPort = portOf(config.submissionsPort, USUAL_PORTS.tls, tls !== undefined);
  if (tls === undefined && tlsPort !== undefined) {
    const sentence = 'submissions-port needs a certificate: give tls-cert and tls-key, or set it to none.';
    return err({ kind: 'refused', reason: 'needs-certificate', sentence });
  }
  const host = tls === undefined ? loopbackOf(config.bind) : config.bind;
  let house: SubmissionHouse | undefined;
  const idKey = new Uint8Array(hkdfSync('sha256', kit.settingsKey, '', 'siegel/submission/letter-id/v1', 32));
  const { domain, trustedNetworks } = config;
  const submission = createSubmission(
    { domain, trustedNetworks, clock, log, tls, host, startTlsPort, tlsPort, idKey },
    createNeighbours(parts, () => house),
  );
  const listening = await listen(submission, host, tls !== undefined);
  if (!listening.ok) return listening;
  return ok({
    open: (opened) => void (house = opened),
    endSessions: (accountId, id) => submission.endSessions(accountId, id),
    useCertificate: (pair) => submission.useCertificate(pair),
    get connections() {
      return submission.connections;
    },
    places: listening.value,
    warnings:
      tls === undefined && startTlsPort !== undefined
        ? ['Without a certificate mail programs can hand letters in from this machine only, and unencrypted.']
        : [],
    [Symbol.asyncDispose]: () => submission.close(),
  });
}

function portOf(setting: number | 'none' | undefined, usual: number, hasTls: boolean): number | undefined {
  if (setting === 'none') return undefined;
  return setting ?? (hasTls ? usual : undefined);
}

/** Without a certificate app passwords would cross the network in the clear. */
function loopbackOf(bind: string): string {
  return bind.includes(':') ? '::1' : '127.0.0.1';
}

async function listen(
  submission: Submission,
  host: string,
  hasTls: boolean,
): Promise<Result<readonly string[], CommandRefusal>> {
  try {
    const { startTlsPort, tlsPort } = await submission.listen();
    return ok([
      ...(startTlsPort === undefined
        ? []
        : [`${host}:${startTlsPort} ${hasTls ? '(STARTTLS)' : '(not encrypted, this machine only)'}`]),
      ...(tlsPort === undefined ? [] : [`${host}:${tlsPort} (TLS)`]),
    ]);
  } catch (cause) {
    await submission.close();
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const sentence = `The ports for mail programs cannot be opened on ${host} (${code}). Choose others with SIEGEL_SUBMISSION_PORT and SIEGEL_SUBMISSIONS_PORT, or set them to none.`;
    return err({ kind: 'refused', reason: 'cannot-listen', sentence });
  }
}

/** Where the rows cannot be asked, these reject: the client is told to come again. */
function createNeighbours(parts: SubmissionParts, find: () => SubmissionHouse | undefined): SubmissionNeighbours {
  const { reception, clock } = parts;
  const open = (): SubmissionHouse => {
    const house = find();
    if (house === undefined) throw new Error('the house is not open yet');
    return house;
  };
  const settled = async (accountId: AccountId): Promise<SubmissionHouse['vault']> => {
    const { vault } = open();
    const rows = await vault.door.settled(accountId);
    if (!rows.ok) throw new Error('the rows are behind');
    return vault;
  };
  return {
    places: parts.places,
    signIn: async (name, plainSecret) =>
      find()?.appSignIn.check(name, plainSecret) ?? err({ kind: 'unavailable' } as const),
    isLiving: (program) => open().appSignIn.isLiving(program),
    ownAddresses: async (accountId) => readAddresses((await settled(accountId)).database.reader.db, accountId),
    findEarlier: async (accountId, letterId) =>
      findEarlier(await settled(accountId), accountId, letterId, clock.nowMs() - limits.submission.repeatMs),
    async placeOf(recipient) {
      const found = await reception.findRecipients(recipient);
      if (found.ok) return 'here';
      return found.error.kind === 'unknown' || found.error.kind === 'notOurs' ? places[found.error.kind] : 'here';
    },
    mayAccept: () => find()?.vault.journal.mayAccept() ?? err({ kind: 'journalFailed' }),
    keepSent: async (copy) => keepSent(reception, await settled(copy.accountId), copy),
    dropSent: async (accountId, letterId, actor) => {
      const vault = find()?.vault;
      if (vault === undefined) return false;
      const dropped = await vault.door.commit(accountId, actor, async ({ db }) => {
        const [row] = await readLetters(db, accountId, [letterId]);
        if (row === undefined) return err({ kind: 'gone' });
        const purgeMs = clock.nowMs() + limits.letters.undoMs;
        return ok({ kind: 'lettersRemoved', effect: { ids: [letterId], purgeMs, freedBytes: row.sizeBytes } });
      });
      return dropped.ok;
    },
    send: (letter) => open().outbox.submit(letter),
  };
}

const places = { unknown: 'unknown', notOurs: 'elsewhere' } as const;

async function findEarlier(
  { database }: Vault,
  accountId: AccountId,
  letterId: LetterId,
  sinceMs: number,
): Promise<EarlierTry> {
  const { db } = database.reader;
  const [taken] = await readTakenLetterIds(db, accountId, [letterId]);
  const [there] = taken === undefined ? [] : await readLetters(db, accountId, [letterId]);
  const queuedMs = await findQueuedMs(db, accountId, letterId, sinceMs);
  return { copy: taken === undefined ? 'none' : there === undefined ? 'removed' : 'kept', queuedMs };
}

async function keepSent(reception: Reception, vault: Vault, copy: SentCopy): Promise<Result<void, SentRefusal>> {
  const mailboxes = await readMailboxes(vault.database.reader.db, copy.accountId);
  const sent = mailboxes.find(({ role }) => role === 'sent');
  if (sent === undefined) throw new Error('an account has a Sent mailbox');
  const outcome = await reception.keepOwnCopy({ ...copy, mailboxId: sent.id, keywords: ['$seen'] });
  return outcome === 'kept' ? ok(undefined) : err({ kind: REFUSALS[outcome] ?? 'journalFailed' });
}

/** What else can happen to an own copy passes: the directory is behind, or a worker died. */
const REFUSALS: { readonly [K in SubmitOutcome['outcome']]?: SentRefusal['kind'] } = {
  overQuota: 'overQuota',
  loop: 'loop',
  notSealed: 'notSealed',
  diskFull: 'diskFull',
  tooLarge: 'tooLarge',
};
