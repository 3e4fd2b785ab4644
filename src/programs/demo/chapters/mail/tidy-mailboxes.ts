// What people do with their mail once it is there: folders under sealed names, reading, stars, the archive. Done by each one's own client.

import { setTimeout as wait } from 'node:timers/promises';
import type { LetterId, MailboxId } from '#base/ids.ts';
import type { LetterPatch, MailboxInfo, MailboxRole } from '#web/backend.ts';
import { requireDone, type Member } from '../../demo-office.ts';
import { findPerson } from '../../persons.ts';
import type { DatedLetter } from './arrival-times.ts';

/** Older than this many working days, what was read is put away. */
const INBOX_DAYS = 6;
const FOLDER_DAYS = 3;
const LISTS_DAYS = 10;
const UNREAD_DAYS = 1;
const ARRIVAL_WAIT_MS = 30_000;
const ASK_AGAIN_MS = 50;

export interface OwnLetter {
  readonly dated: DatedLetter;
  /** Its reader wrote it: a copy of what was sent. */
  readonly isOwn: boolean;
}

/** The copies that a member gets, in the order of arrival. */
export function lettersOf({ person }: Member, letters: readonly DatedLetter[]): readonly OwnLetter[] {
  return letters.flatMap((dated): readonly OwnLetter[] => {
    const { from, to, cc = [] } = dated.letter;
    if (findPerson(from.address) === person) return [{ dated, isOwn: true }];
    return [...to, ...cc].some(({ address }) => findPerson(address) === person) ? [{ dated, isOwn: false }] : [];
  });
}

export async function tidyMailbox(member: Member, letters: readonly DatedLetter[]): Promise<void> {
  const { mailbox } = member;
  const own = lettersOf(member, letters);
  const ids = await waitForLetters(member, own.length);
  const boxes = await makeFolders(member, own);
  const changes = new Map<string, { patch: LetterPatch; ids: LetterId[] }>();
  for (const [at, one] of own.entries()) {
    const id = ids[at];
    if (id === undefined) continue;
    // A letter that came encrypted says nothing in the list until its reader has opened it once.
    if (one.dated.letter.seal !== undefined) requireDone(await mailbox.open(id), 'an opened letter');
    const patch = patchOf(one, boxes);
    const key = JSON.stringify(patch);
    const known = changes.get(key);
    if (known) known.ids.push(id);
    else if (key !== '{}') changes.set(key, { patch, ids: [id] });
  }
  for (const { patch, ids: changed } of changes.values()) requireDone(await mailbox.change(changed, patch), 'a change');
}

/** Every letter that was answered with 250, oldest first; rows follow a moment later. */
async function waitForLetters({ mailbox, person }: Member, count: number): Promise<readonly LetterId[]> {
  for (let waitedMs = 0; waitedMs < ARRIVAL_WAIT_MS; waitedMs += ASK_AGAIN_MS) {
    const boxes = await mailbox.mailboxes();
    if (boxes.reduce((sum, box) => sum + box.total, 0) >= count) return oldestFirst(mailbox, boxes);
    await wait(ASK_AGAIN_MS);
  }
  throw new Error(`the mailbox of ${person.key} does not show its ${count} letters`);
}

async function oldestFirst(mailbox: Member['mailbox'], boxes: readonly MailboxInfo[]): Promise<readonly LetterId[]> {
  const ids: LetterId[] = [];
  for (const box of boxes) if (box.total > 0) ids.push(...(await mailbox.list(box.id)));
  const rows = await mailbox.rows(ids);
  return rows.toSorted((a, b) => a.receivedMs - b.receivedMs).map((row) => row.id);
}

interface Boxes {
  readonly roles: ReadonlyMap<MailboxRole, MailboxId>;
  readonly folders: ReadonlyMap<string, MailboxId>;
}

async function makeFolders({ mailbox }: Member, own: readonly OwnLetter[]): Promise<Boxes> {
  const roles = new Map<MailboxRole, MailboxId>();
  for (const { role, id } of await mailbox.mailboxes()) if (role) roles.set(role, id);
  const folders = new Map<string, MailboxId>();
  const names = new Set(own.filter(({ isOwn }) => !isOwn).flatMap(({ dated }) => dated.letter.folder ?? []));
  for (const name of [...names].toSorted((a, b) => a.localeCompare(b, 'de'))) {
    const { id } = requireDone(await mailbox.createMailbox(name, undefined), 'a folder');
    folders.set(name, id);
  }
  return { roles, folders };
}

function patchOf({ dated, isOwn }: OwnLetter, { roles, folders }: Boxes): LetterPatch {
  const { letter } = dated;
  const folder = letter.folder === undefined ? undefined : folders.get(letter.folder);
  const isRead = isOwn || (letter.isUnread !== true && (letter.day >= UNREAD_DAYS || letter.isList !== true));
  const keywords = [...(isRead ? ['$seen'] : []), ...(letter.isStarred === true && !isOwn ? ['$flagged'] : [])];
  const isPutAway = isRead && letter.day >= (folder ? FOLDER_DAYS : INBOX_DAYS);
  const archive = letter.isList === true && letter.day >= LISTS_DAYS ? roles.get('trash') : roles.get('archive');
  const place = isOwn
    ? roles.get('sent')
    : letter.isJunk === true
      ? roles.get('junk')
      : isPutAway
        ? ((letter.isList === true && letter.day >= LISTS_DAYS ? undefined : folder) ?? archive)
        : roles.get('inbox');
  return { ...(keywords.length > 0 ? { addKeywords: keywords } : {}), ...(place ? { mailboxIds: [place] } : {}) };
}
