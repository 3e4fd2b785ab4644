// Brings letters of single accounts back out of a backup while everybody goes on: placed again where they were removed, appended again where they were erased.

import type { AccountId, LetterId, MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { uuids } from '../../database/array-parameter.ts';
import { idToUuid, uuidToId } from '../../database/ids.ts';
import type { Database } from '../../database/open-database.ts';
import type { Session } from '../../database/session.ts';
import type { Command, MailboxState } from '../../journal/commands.ts';
import type { LetterEntry, Place } from '../../journal/journal.ts';
import type { Actor } from '../../journal/record.ts';
import { countBrought, type CountedJournal } from './count-brought.ts';
import type { JournalCopy } from './journal-copy.ts';

/** How changes get into the running house; both journal before they resolve. */
export interface LiveHouse {
  readonly database: Pick<Database, 'connect'>;
  /** Read at the end: what was answered is not believed. */
  readonly journal: CountedJournal;
  commit(accountId: AccountId, command: Command): Promise<Result<unknown, { readonly kind: string }>>;
  keepLetter(entry: LetterEntry): Promise<Result<unknown, { readonly kind: string }>>;
  /** Everything journalled for the account stands in its rows. */
  settled(accountId: AccountId): Promise<Result<void, { readonly kind: string }>>;
}

export interface BringBackOrder {
  readonly backup: { readonly database: Pick<Database, 'connect'>; readonly journal: JournalCopy };
  readonly live: LiveHouse;
  readonly actor: Actor;
  readonly accountId: AccountId;
  /** Only this one letter, or only what lay in this folder. */
  readonly letterId?: LetterId | undefined;
  readonly mailboxId?: MailboxId | undefined;
  readonly isApplied: boolean;
}

export interface BroughtBack {
  /** Living letters of the backup that were looked for. */
  readonly looked: number;
  /** Were removed and not erased yet: placed where they lay. */
  readonly placed: number;
  /** Were erased: their records are appended again, with the same id. */
  readonly appended: number;
  readonly folders: number;
  /** A closure is taken back. */
  readonly isReopened: boolean;
}

export type BringBackRefusal =
  | { readonly kind: 'notInBackup' }
  /** The account was erased for good: nothing single can be put into it. */
  | { readonly kind: 'accountGone' }
  | { readonly kind: 'backupDamaged'; readonly letterId: LetterId }
  | { readonly kind: 'notTaken'; readonly why: string }
  /** The house said yes to each, and the journal holds others. */
  | { readonly kind: 'notAsInBackup'; readonly missing: number; readonly extra: number };

const SQL = {
  letters: `
    SELECT l.letter_id, l.keywords, l.journal, l.key_seq, l.key_segment, l.key_offset, l.body_journal, l.body_seq, l.body_segment,
      l.body_offset, l.summary_version, l.summary_seq, l.summary_segment, l.summary_offset, array_agg(p.mailbox_id ORDER BY p.uid) AS mailboxes
    FROM letter l JOIN placement p ON p.account_id = l.account_id AND p.letter_id = l.letter_id AND p.removed_modseq IS NULL
    WHERE l.account_id = $1 AND l.removed_modseq IS NULL GROUP BY l.account_id, l.letter_id ORDER BY l.key_seq`,
  known: `
    SELECT letter_id, removed_modseq, key_seq, modseq = created_modseq AS is_untouched
    FROM letter WHERE account_id = $1 AND letter_id = ANY($2::uuid[])`,
  account: 'SELECT closed_ms FROM account WHERE account_id = $1',
  folders: `
    SELECT mailbox_id, parent_id, role, sealed_name, sort_order FROM mailbox WHERE account_id = $1 AND removed_modseq IS NULL`,
} as const;

interface BackupLetter {
  readonly letter_id: string;
  readonly keywords: readonly string[];
  readonly journal: number;
  readonly key_seq: number;
  readonly key_segment: number;
  readonly key_offset: number;
  readonly body_journal: number;
  readonly body_seq: number;
  readonly body_segment: number;
  readonly body_offset: number;
  readonly summary_version: number;
  readonly summary_seq: number | null;
  readonly summary_segment: number | null;
  readonly summary_offset: number | null;
  readonly mailboxes: readonly string[];
}

interface KnownLetter {
  readonly letter_id: string;
  readonly removed_modseq: number | null;
  readonly key_seq: number;
  readonly is_untouched: boolean;
}

interface Folder {
  readonly mailbox_id: string;
  readonly parent_id: string | null;
  readonly role: MailboxState['role'];
  readonly sealed_name: Buffer;
  readonly sort_order: number;
}

interface Plan {
  readonly looked: number;
  readonly removed: readonly BackupLetter[];
  readonly erased: readonly BackupLetter[];
  readonly folders: readonly Folder[];
  readonly isClosed: boolean;
}

const AT_ONCE = 250;

/** Asked again after a kill it brings back what is still missing and nothing twice: each time it looks what is there. */
export async function bringBack(order: BringBackOrder): Promise<Result<BroughtBack, BringBackRefusal>> {
  const { accountId, live, isApplied } = order;
  const settled = await live.settled(accountId);
  if (!settled.ok) return err({ kind: 'notTaken', why: settled.error.kind });
  const made = await makePlan(order);
  if (!made.ok) return made;
  const plan = made.value;
  const told: BroughtBack = {
    looked: plan.looked,
    placed: plan.removed.length,
    appended: plan.erased.length,
    folders: plan.folders.length,
    isReopened: plan.isClosed,
  };
  if (!isApplied) return ok(told);
  const done = await apply(order, plan);
  return done.ok ? ok(told) : done;
}

async function makePlan(order: BringBackOrder): Promise<Result<Plan, BringBackRefusal>> {
  const { backup, live, accountId, letterId, mailboxId } = order;
  const account = idToUuid(accountId);
  await using then = await backup.database.connect();
  await using now = await live.database.connect();
  const [before] = await then.rows(SQL.account, [account]);
  if (before === undefined) return err({ kind: 'notInBackup' });
  const [present] = await now.rows<{ closed_ms: number | null }>(SQL.account, [account]);
  if (present === undefined) return err({ kind: 'accountGone' });
  const all = await then.rows<BackupLetter>(SQL.letters, [account]);
  const wanted = all.filter(
    (letter) =>
      (letterId === undefined || letter.letter_id === idToUuid(letterId)) &&
      (mailboxId === undefined || letter.mailboxes.includes(idToUuid(mailboxId))),
  );
  if ((letterId !== undefined || mailboxId !== undefined) && wanted.length === 0) return err({ kind: 'notInBackup' });
  const known = new Map<string, KnownLetter>();
  for (let at = 0; at < wanted.length; at += 10_000) {
    const ids = uuids(wanted.slice(at, at + 10_000).map((letter) => letter.letter_id));
    for (const row of await now.rows<KnownLetter>(SQL.known, [account, ids])) known.set(row.letter_id, row);
  }
  const erased = wanted.filter(({ letter_id: id }) => !known.has(id));
  const removed = wanted.filter((letter) => {
    const there = known.get(letter.letter_id);
    if (there === undefined) return false;
    // appended again by a run that was stopped before it laid it into its further folders
    const isHalfway = there.key_seq !== letter.key_seq && there.is_untouched && letter.mailboxes.length > 1;
    return there.removed_modseq !== null || isHalfway;
  });
  const folders = await missingFolders({ past: then, now }, account, [...removed, ...erased]);
  return ok({ looked: wanted.length, removed, erased, folders, isClosed: present.closed_ms !== null });
}

/** Folders in which those letters lay and that are gone now, each behind the one it lies in. */
async function missingFolders(
  { past, now }: { readonly past: Session; readonly now: Session },
  account: string,
  letters: readonly BackupLetter[],
): Promise<readonly Folder[]> {
  const before = new Map(
    (await past.rows<Folder>(SQL.folders, [account])).map((folder) => [folder.mailbox_id, folder]),
  );
  const living = new Set((await now.rows<Folder>(SQL.folders, [account])).map((folder) => folder.mailbox_id));
  const missing: Folder[] = [];
  const add = (id: string | null): void => {
    const folder = id === null ? undefined : before.get(id);
    if (folder === undefined || living.has(folder.mailbox_id) || missing.includes(folder)) return;
    add(folder.parent_id);
    missing.push(folder);
  };
  for (const { mailboxes } of letters) for (const id of mailboxes) add(id);
  return missing;
}

async function apply(order: BringBackOrder, plan: Plan): Promise<Result<void, BringBackRefusal>> {
  const commands: Command[] = [
    ...(plan.isClosed ? [{ kind: 'accountReopened', effect: {} } as const] : []),
    ...plan.folders.map((folder) => ({ kind: 'mailboxPut', effect: stateOf(folder) }) as const),
    ...placings(plan.removed),
  ];
  for (const command of commands) {
    const done = await order.live.commit(order.accountId, command);
    if (!done.ok) return err({ kind: 'notTaken', why: done.error.kind });
  }
  const again = await appendAll(order, plan.erased);
  if (!again.ok) return again;
  for (const command of placings(plan.erased.filter(({ mailboxes }) => mailboxes.length > 1))) {
    const done = await order.live.commit(order.accountId, command);
    if (!done.ok) return err({ kind: 'notTaken', why: done.error.kind });
  }
  const settled = await order.live.settled(order.accountId);
  return settled.ok ? ok(undefined) : err({ kind: 'notTaken', why: settled.error.kind });
}

async function appendAll(
  order: BringBackOrder,
  letters: readonly BackupLetter[],
): Promise<Result<void, BringBackRefusal>> {
  const { live, actor, accountId } = order;
  const afterSeq = live.journal.durableSeq;
  const expected = new Map<LetterId, string>();
  for (const letter of letters) {
    const appended = await appendAgain(order, letter);
    if (!appended.ok) return appended;
    expected.set(uuidToId<LetterId>(letter.letter_id), appended.value);
  }
  if (letters.length === 0) return ok(undefined);
  const { missing, extra } = await countBrought(live.journal, { afterSeq, actor, accountId, expected });
  if (missing.length + extra.length === 0) return ok(undefined);
  return err({ kind: 'notAsInBackup', missing: missing.length, extra: extra.length });
}

function placings(letters: readonly BackupLetter[]): readonly Command[] {
  const commands: Command[] = [];
  for (let at = 0; at < letters.length; at += AT_ONCE)
    commands.push({
      kind: 'lettersChanged',
      effect: {
        letters: letters.slice(at, at + AT_ONCE).map(({ letter_id: id, keywords, mailboxes }) => ({
          id: uuidToId<LetterId>(id),
          keywords,
          mailboxes: mailboxes.map((mailbox) => uuidToId<MailboxId>(mailbox)),
        })),
      },
    });
  return commands;
}

function stateOf(folder: Folder): MailboxState {
  const { mailbox_id: id, parent_id: parent, role, sealed_name: name, sort_order: sortOrder } = folder;
  const parentId = parent === null ? null : uuidToId<MailboxId>(parent);
  return { id: uuidToId<MailboxId>(id), parentId, role, sealedName: toBase64Url(name), sortOrder };
}

/** The same letter under its old id; the packet and what only its reader opens come out of the backup’s journal. Its packet’s digest, hex. */
async function appendAgain(order: BringBackOrder, letter: BackupLetter): Promise<Result<string, BringBackRefusal>> {
  const { backup, live, accountId, actor } = order;
  const letterId = uuidToId<LetterId>(letter.letter_id);
  const { journal } = backup;
  const record = await journal.readLetterRecord(placeOf(letter.journal, letter, 'key'));
  const body = await journal.readBody(placeOf(letter.body_journal, letter, 'body'));
  const [first] = letter.mailboxes;
  if (!record.ok || !body.ok || record.value.letterId !== letterId || first === undefined)
    return err({ kind: 'backupDamaged', letterId });
  const { bodyJournal: _, bodySeq: __, packetDigest, packetBytes: ___, ...rest } = record.value;
  const again = { ...rest, mailboxId: uuidToId<MailboxId>(first), keywords: letter.keywords };
  const kept = await live.keepLetter({
    packet: body.value,
    packetDigest,
    copies: [{ accountId, actor, record: again }],
  });
  if (!kept.ok) return err({ kind: 'notTaken', why: kept.error.kind });
  const summary = await putSummary(order, letter);
  return summary.ok ? ok(Buffer.from(packetDigest).toString('hex')) : summary;
}

/** What the reader’s own client made of it since. */
async function putSummary(order: BringBackOrder, letter: BackupLetter): Promise<Result<void, BringBackRefusal>> {
  const { summary_seq: seq, summary_segment: segment, summary_offset: offset, journal } = letter;
  if (letter.summary_version === 0 || seq === null) return ok(undefined);
  const found = await order.backup.journal.readCommand({
    journal,
    seq,
    segment: segment ?? 0,
    offset: offset ?? 0,
  });
  if (!found.ok || found.value.kind !== 'summaryPut') return ok(undefined); // a cache: the client makes it again
  const done = await order.live.commit(order.accountId, found.value);
  return done.ok ? ok(undefined) : err({ kind: 'notTaken', why: done.error.kind });
}

function placeOf(journal: number, letter: BackupLetter, lane: 'key' | 'body'): Place {
  return lane === 'key'
    ? { journal, seq: letter.key_seq, segment: letter.key_segment, offset: letter.key_offset }
    : { journal, seq: letter.body_seq, segment: letter.body_segment, offset: letter.body_offset };
}
