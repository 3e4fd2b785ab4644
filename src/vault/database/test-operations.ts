// For tests of this room: random things that people and letters do, each valid at the moment it is done.

import { randomBytes } from 'node:crypto';
import { requireValue } from '#base/assert.ts';
import {
  newId,
  type AppPasswordId,
  type ItemId,
  type MailboxId,
  type SessionId,
  type SubmissionId,
} from '#base/ids.ts';
import type { Command, LetterChange } from '../journal/commands.ts';
import type { CommitDoor } from './commit.ts';
import {
  makeCredential,
  makeSignUp,
  mustCommit,
  mustKeep,
  pick,
  pickSome,
  randomText,
  type TestAccount,
} from './test-house.ts';

const KEYWORDS = ['$seen', '$draft', '$flagged', '$answered', 'work', 'ä'];

/** Does `count` random things. Some run side by side, as in life. */
export async function doRandomThings(door: CommitDoor, accounts: TestAccount[], count: number): Promise<void> {
  let left = count;
  while (left > 0) {
    const side = Math.min(left, 4);
    left -= side;
    const busy = new Set<TestAccount>();
    await Promise.all(
      Array.from({ length: side }, async () => {
        const account = pick(accounts);
        if (account === undefined || accounts.length < 3) return signUp(door, accounts);
        if (busy.has(account)) return mustKeep(door, pickSome(accounts, 3), pickSome(KEYWORDS, 2));
        busy.add(account);
        return doOneThing(door, accounts, account);
      }),
    );
  }
}

async function signUp(door: CommitDoor, accounts: TestAccount[]): Promise<void> {
  const { account, command } = makeSignUp(`${randomBytes(6).toString('hex')}@siegel.test`);
  await mustCommit(door, account.id, command);
  accounts.push(account);
}

async function doOneThing(door: CommitDoor, accounts: TestAccount[], account: TestAccount): Promise<void> {
  const dice = Math.random();
  if (dice < 0.3) return mustKeep(door, pickSome(accounts, 3), Math.random() < 0.3 ? pickSome(KEYWORDS, 3) : []);
  if (dice < 0.32) return signUp(door, accounts);
  const command = makeCommand(account);
  if (command !== undefined) await mustCommit(door, account.id, command);
}

function makeCommand(account: TestAccount): Command | undefined {
  return requireValue(pick(MAKERS), 'a maker')(account);
}

type Maker = (account: TestAccount) => Command | undefined;

const changeKeywords: Maker = ({ letters }) => {
  const changed = pickSome(letters, 5);
  if (changed.length === 0) return undefined;
  return {
    kind: 'lettersChanged',
    effect: { letters: changed.map((id) => ({ id, keywords: pickSome(KEYWORDS, 3) })) },
  };
};

const moveLetters: Maker = ({ letters, mailboxes }) => {
  const moved = pickSome(letters, 5);
  if (moved.length === 0) return undefined;
  const change = (id: LetterChange['id']): LetterChange => ({
    id,
    mailboxes: pickSome(mailboxes, 2),
    ...(Math.random() < 0.3 ? { keywords: [] } : {}),
  });
  return { kind: 'lettersChanged', effect: { letters: moved.map(change) } };
};

const removeLetters: Maker = ({ letters, removed }) => {
  const ids = pickSome(letters, 3);
  if (ids.length === 0) return undefined;
  for (const id of ids) letters.splice(letters.indexOf(id), 1);
  removed.push(...ids);
  return { kind: 'lettersRemoved', effect: { ids, purgeMs: 1_800_000_000_000, freedBytes: 0 } };
};

const bringBack: Maker = ({ letters, removed, mailboxes }) => {
  const id = removed.pop();
  if (id === undefined) return undefined;
  letters.push(id);
  return { kind: 'lettersChanged', effect: { letters: [{ id, mailboxes: pickSome(mailboxes, 2) }] } };
};

const putMailbox: Maker = ({ mailboxes }) => {
  const isNew = Math.random() < 0.6;
  const id = isNew ? newId<MailboxId>() : pick(mailboxes.slice(6));
  if (id === undefined) return undefined;
  if (isNew) mailboxes.push(id);
  const parentId = (Math.random() < 0.5 ? pick(mailboxes.filter((other) => other !== id)) : null) ?? null;
  return { kind: 'mailboxPut', effect: { id, parentId, role: null, sealedName: randomText(64), sortOrder: 10 } };
};

const removeMailbox: Maker = ({ mailboxes }) => {
  const id = pick(mailboxes.slice(6));
  if (id === undefined) return undefined;
  mailboxes.splice(mailboxes.indexOf(id), 1);
  const to = Math.random() < 0.7 ? (pick(mailboxes) ?? null) : null;
  return { kind: 'mailboxRemoved', effect: { id, to, purgeMs: 1_800_000_000_000, freedBytes: 0 } };
};

const putSummary: Maker = ({ letters }) => {
  const id = pick(letters);
  if (id === undefined) return undefined;
  return { kind: 'summaryPut', effect: { id, version: 1, summary: randomText(256), terms: randomText(300) } };
};

const putItem: Maker = ({ items }) => {
  const isNew = items.length === 0 || Math.random() < 0.5;
  const id = isNew ? newId<ItemId>() : requireValue(pick(items), 'an item');
  if (isNew) items.push(id);
  return { kind: 'itemPut', effect: { collection: 'contacts', id, version: 1, sealed: randomText(100) } };
};

const removeItem: Maker = ({ items }) => {
  const id = pick(items);
  return id === undefined ? undefined : { kind: 'itemRemoved', effect: { collection: 'contacts', id } };
};

const openSession: Maker = ({ sessions }) => {
  const sessionId = newId<SessionId>();
  sessions.push(sessionId);
  return { kind: 'sessionOpened', effect: { sessionId, hash: randomText(32), expiresMs: 1_800_000_000_000 } };
};

const queueSubmission: Maker = ({ letters, submissions }) => {
  const submissionId = newId<SubmissionId>();
  submissions.push(submissionId);
  return {
    kind: 'submissionQueued',
    effect: {
      submissionId,
      letterId: pick(letters) ?? null,
      identity: 'anna@siegel.test',
      dueMs: 1_700_000_000_000,
      recipients: 2,
    },
  };
};

const answerForSubmission: Maker = ({ submissions }) => {
  const submissionId = pick(submissions);
  if (submissionId === undefined) return undefined;
  const outcomes = [{ hash: randomText(32), outcome: 'delivered', code: 250 }] as const;
  return { kind: 'deliveryOutcome', effect: { submissionId, timeMs: 1_700_000_000_000, outcomes } };
};

const endSubmission: Maker = ({ submissions }) => {
  const submissionId = submissions.pop();
  if (submissionId === undefined) return undefined;
  if (Math.random() < 0.3) return { kind: 'submissionCanceled', effect: { submissionId } };
  return { kind: 'submissionDone', effect: { submissionId, result: 'delivered', delivered: 2, failed: 0 } };
};

const waitWithCredential: Maker = (account) => {
  const credential = makeCredential(account.credential + 1);
  return {
    kind: 'credentialPending',
    effect: { credential, manifest: { version: credential.version, bytes: randomText(200) } },
  };
};

const promote: Maker = (account) => {
  // may name a version that never waited: then nothing is promoted, and nothing dropped
  account.credential += 1;
  return {
    kind: 'credentialPromoted',
    effect: { version: account.credential, keepSessions: pickSome(account.sessions, 2) },
  };
};

const putAppPassword: Maker = ({ appPasswords }) => {
  const isNew = appPasswords.length === 0 || Math.random() < 0.5;
  const id = isNew ? newId<AppPasswordId>() : requireValue(pick(appPasswords), 'an app password');
  if (isNew) appPasswords.push(id);
  const kept = { id, hash: randomText(32), sealedName: randomText(64), createdMs: 1_700_000_000_000 };
  return { kind: 'appPasswordPut', effect: isNew ? kept : { ...kept, usedDay: 20_000 } };
};

const removeAppPassword: Maker = ({ appPasswords }) => {
  const id = appPasswords.pop();
  return id === undefined ? undefined : { kind: 'appPasswordRemoved', effect: { id } };
};

const blob = newId<ItemId>();
const MAKERS: readonly Maker[] = [
  changeKeywords,
  changeKeywords,
  moveLetters,
  moveLetters,
  removeLetters,
  bringBack,
  putMailbox,
  removeMailbox,
  putSummary,
  putItem,
  removeItem,
  openSession,
  waitWithCredential,
  promote,
  queueSubmission,
  answerForSubmission,
  endSubmission,
  putAppPassword,
  removeAppPassword,
  () => ({
    kind: 'blobPut',
    effect: { kind: 'page', id: Math.random() < 0.5 ? blob : newId<ItemId>(), sealed: randomText(500) },
  }),
  () => ({ kind: 'blobRemoved', effect: { kind: 'page', id: blob } }),
  () => ({ kind: 'cacheManifestPut', effect: { counter: 1, sealed: randomText(100) } }),
  () => ({ kind: 'addressAdded', effect: { address: `${randomText(9).toLowerCase()}@siegel.test`, kind: 'alias' } }),
  () => ({ kind: 'rulesPut', effect: { sealed: randomText(100) } }),
  () => ({ kind: 'loginCounted', effect: { failures: 2, untilMs: 5 } }),
  () => ({ kind: 'quotaPut', effect: { quotaBytes: 1e9 } }),
  () => ({ kind: 'secondFactorPut', effect: { sealed: randomText(60), step: Math.floor(Math.random() * 1e6) } }),
];
