// For tests of this room: a journal on real files, a door to a real database, and somebody who does random things with both.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { requireValue } from '#base/assert.ts';
import { clockStartingAt } from '#base/clock.ts';
import {
  idToBytes,
  newId,
  type AccountId,
  type AppPasswordId,
  type InstanceId,
  type ItemId,
  type LetterId,
  type MailboxId,
  type SessionId,
  type SubmissionId,
} from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import type { Command, CommandOf, Credential, MailboxRole } from '../journal/commands.ts';
import { nodeDisk } from '../journal/disk.ts';
import type { KeyRecord, LetterEntry } from '../journal/journal.ts';
import { openJournal, type SingleWriterJournal } from '../journal/open-journal.ts';
import type { QueueOptions } from './apply-queue.ts';
import { openCommitDoor, type CommitDoor } from './commit.ts';
import { openDatabase, type Database } from './open-database.ts';
import type { TestCluster } from './test-cluster.ts';
import { asLogin } from './test-tamper.ts';

export const TEST_LEDGER_KEY = new Uint8Array(32).fill(7);
export const ACTOR = { kind: 'session', id: new Uint8Array(16).fill(1) } as const;
const ROLES: readonly MailboxRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

/** Opens (again) the journal in `directory`; numbers go on where its records end. */
export async function openTestJournal(directory: string, instanceId: InstanceId): Promise<SingleWriterJournal> {
  const numbers = new Map<AccountId, number>();
  const { journal } = await openJournal({
    disk: nodeDisk,
    directory,
    instanceId,
    journal: 0,
    clock: clockStartingAt(1_700_000_000_000),
    build: new Uint8Array(8),
    lastAccountSeq: (id) => numbers.get(id) ?? 0,
  });
  for await (const records of journal.readKeyRecords(0)) {
    for (const { header } of records) {
      if (header.accountId) numbers.set(header.accountId, header.accountSeq + header.span - 1);
    }
  }
  return journal;
}

let databases = 0;

/** A fresh, empty database of the cluster. */
export async function newDatabase(cluster: TestCluster): Promise<Database> {
  const name = `house${++databases}`;
  await asLogin(cluster.url('postgres'), `CREATE DATABASE ${name}`);
  return openDatabase(cluster.url(name), silentLog);
}

export interface TestHouse extends AsyncDisposable {
  readonly instanceId: InstanceId;
  readonly journal: SingleWriterJournal;
  readonly database: Database;
  readonly options: QueueOptions;
  readonly door: CommitDoor;
}

export async function openTestHouse(
  cluster: TestCluster,
  directory: string,
  extra: Partial<QueueOptions> = {},
): Promise<TestHouse> {
  const instanceId = newId<InstanceId>();
  const journal = await openTestJournal(join(directory, instanceId), instanceId);
  const database = extra.database ?? (await newDatabase(cluster));
  const options: QueueOptions = { log: silentLog, database, journal, instanceId, ...extra };
  const opened = await openCommitDoor(options);
  if (!opened.ok) throw new Error(opened.error.kind);
  const door = opened.value;
  await mustCommit(door, undefined, { kind: 'instanceCreated', effect: { instanceId } });
  return {
    instanceId,
    journal,
    database,
    options,
    door,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await journal.close();
      await database.close();
    },
  };
}

/** Commits a command that is expected to succeed. */
export async function mustCommit(
  door: CommitDoor,
  accountId: AccountId | undefined,
  command: Command,
): Promise<KeyRecord> {
  const done = await door.commit(accountId, ACTOR, async () => ({ ok: true, value: command }));
  if (!done.ok) throw new Error(`${command.kind}: ${done.error.kind}`);
  return done.value.record;
}

export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

export function makeCredential(version: number): Credential {
  return {
    version,
    setupId: 'setup',
    record: randomText(192),
    stretching: { suite: 'argon2id', version: 19, iterations: 3, memoryKib: 65_536, parallelism: 1 },
    wrap: randomText(60),
    arkVersion: 1,
  };
}

export interface TestAccount {
  readonly id: AccountId;
  readonly mailboxes: MailboxId[];
  readonly letters: LetterId[];
  readonly removed: LetterId[];
  readonly items: ItemId[];
  readonly sessions: SessionId[];
  readonly submissions: SubmissionId[];
  readonly appPasswords: AppPasswordId[];
  credential: number;
}

export function makeSignUp(address: string): {
  readonly account: TestAccount;
  readonly command: CommandOf<'accountCreated'>;
} {
  const id = newId<AccountId>();
  const mailboxes = ROLES.map((role, sortOrder) => ({
    id: newId<MailboxId>(),
    parentId: null,
    role,
    sealedName: '',
    sortOrder,
  }));
  const command: CommandOf<'accountCreated'> = {
    kind: 'accountCreated',
    effect: {
      role: 'member',
      address,
      inviteId: null,
      keys: { version: 1, certificate: randomText(400), summaryKey: randomText(32), authKey: randomText(32) },
      credential: makeCredential(1),
      wraps: [],
      keyring: { version: 1, sealed: randomText(200) },
      manifest: { version: 1, bytes: randomText(300) },
      mailboxes,
      quotaBytes: 1e9,
    },
  };
  const account = {
    id,
    mailboxes: mailboxes.map((mailbox) => mailbox.id),
    letters: [],
    removed: [],
    items: [],
    sessions: [],
    submissions: [],
    appPasswords: [],
    credential: 1,
  };
  return { account, command };
}

/** One letter for each of `readers`: account and mailbox. */
export function makeLetter(
  readers: readonly {
    readonly accountId: AccountId;
    readonly mailboxId: MailboxId;
    readonly keywords?: readonly string[];
  }[],
  packetBytes = 400,
): LetterEntry {
  const packet = randomBytes(packetBytes);
  const packetDigest = createHash('sha256').update(packet).digest();
  const ids = readers.map(() => newId<LetterId>());
  const elementOf = (id: LetterId): Buffer =>
    createHmac('sha256', TEST_LEDGER_KEY).update(idToBytes(id)).update(packetDigest).digest();
  return {
    packet,
    packetDigest,
    copies: readers.map(({ accountId, mailboxId, keywords }, index) => ({
      accountId,
      actor: { kind: 'door', id: new Uint8Array(16) },
      record: {
        letterId: requireValue(ids[index], 'an id'),
        mailboxId,
        element: elementOf(requireValue(ids[index], 'an id')),
        expiresMs: 0,
        receivedMs: 1_700_000_000_000 + Math.floor(Math.random() * 1e6),
        renderVersion: 1,
        renderSizeBytes: 1000 + Math.floor(Math.random() * 9000),
        wrapping: 0,
        keywords: keywords ?? [],
        keyPacket: randomBytes(94),
        summary: randomBytes(256),
        terms: randomBytes(300),
      },
    })),
  };
}

/** Keeps a letter that is expected to be kept, and remembers it. */
export async function mustKeep(
  door: CommitDoor,
  accounts: readonly TestAccount[],
  keywords: readonly string[] = [],
): Promise<void> {
  const readers = accounts.map((account) => ({
    accountId: account.id,
    mailboxId: requireValue(pick(account.mailboxes), 'a mailbox'),
    keywords,
  }));
  const entry = makeLetter(readers);
  const kept = await door.keepLetter(entry);
  if (!kept.ok) throw new Error(kept.error.kind);
  for (const [index, copy] of entry.copies.entries()) accounts[index]?.letters.push(copy.record.letterId);
}

export function pick<T>(from: readonly T[]): T | undefined {
  return from[Math.floor(Math.random() * from.length)];
}

export function pickSome<T>(from: readonly T[], max: number): T[] {
  const count = Math.min(from.length, 1 + Math.floor(Math.random() * max));
  return from.toSorted(() => Math.random() - 0.5).slice(0, count);
}
