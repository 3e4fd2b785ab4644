// Where letters lie after a move, an archive or a label: in one mailbox or several, never in none. Pure.

import type { LetterId, MailboxId } from '#base/ids.ts';
import type { ListRow, MailboxInfo, MailboxRole } from '../backend.ts';
import { foldersOf } from './box-words.ts';

type Boxes = readonly MailboxInfo[];
export type Places = ReadonlyMap<LetterId, readonly MailboxId[]>;

/** Folders a letter lies in besides the one that is looked at: the chips of its row. */
export function labelsOf(row: Pick<ListRow, 'mailboxIds'>, boxes: Boxes, here: MailboxId | undefined): Boxes {
  if (row.mailboxIds.length === 1 && row.mailboxIds[0] === here) return [];
  return foldersOf(boxes).filter((box) => box.id !== here && row.mailboxIds.includes(box.id));
}

export interface Move {
  readonly to: MailboxInfo;
  /** The mailbox looked at; undefined in a search or among the starred, where a move puts the letter there and nowhere else. */
  readonly here: MailboxId | undefined;
  readonly boxes: Boxes;
}

/** A move leaves the mailbox looked at and every one with a role; labels stay, except in the trash and in junk. */
export function afterMove(mailboxIds: readonly MailboxId[], { to, here, boxes }: Move): readonly MailboxId[] {
  const keeps = to.role === 'archive' || (here !== undefined && to.role !== 'trash' && to.role !== 'junk');
  if (!keeps) return [to.id];
  const folders = new Set(foldersOf(boxes).map((box) => box.id));
  return [to.id, ...mailboxIds.filter((id) => folders.has(id) && id !== here && id !== to.id)];
}

/** Who labels a letter wants to keep it: it leaves trash and junk, which are emptied. */
export function withLabel(mailboxIds: readonly MailboxId[], label: MailboxId, boxes: Boxes): readonly MailboxId[] {
  const emptied = new Set([idOf(boxes, 'trash'), idOf(boxes, 'junk')]);
  return [...mailboxIds.filter((id) => id !== label && !emptied.has(id)), label];
}

/** Without its last place a letter lies in the archive. */
export function withoutLabel(mailboxIds: readonly MailboxId[], label: MailboxId, boxes: Boxes): readonly MailboxId[] {
  const others = mailboxIds.filter((id) => id !== label);
  const archive = idOf(boxes, 'archive');
  return others.length > 0 || archive === undefined ? (others.length > 0 ? others : mailboxIds) : [archive];
}

function idOf(boxes: Boxes, role: MailboxRole): MailboxId | undefined {
  return boxes.find((box) => box.role === role)?.id;
}

export function sameBoxes(one: readonly MailboxId[], other: readonly MailboxId[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

/** Letters that lie alike, so that each kind is saved in one call. */
export function alike(
  places: Places,
): readonly { readonly ids: readonly LetterId[]; readonly mailboxIds: readonly MailboxId[] }[] {
  const groups = new Map<string, { ids: LetterId[]; mailboxIds: readonly MailboxId[] }>();
  for (const [id, mailboxIds] of places) {
    const key = mailboxIds.toSorted().join(' ');
    const group = groups.get(key) ?? { ids: [], mailboxIds };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** By how much the unread count of each mailbox changes when unread letters move from one place to the other. */
export function unreadShift(
  unread: readonly LetterId[],
  before: Places,
  after: Places,
): ReadonlyMap<MailboxId, number> {
  const by = new Map<MailboxId, number>();
  const add = (boxes: readonly MailboxId[] = [], step: number): void =>
    boxes.forEach((box) => by.set(box, (by.get(box) ?? 0) + step));
  for (const id of unread) {
    add(before.get(id), -1);
    add(after.get(id), 1);
  }
  return by;
}

/** The same for letters that become read or unread where they lie. */
export function seenShift(rows: readonly ListRow[], seen: boolean): ReadonlyMap<MailboxId, number> {
  const changing = rows.filter((row) => row.keywords.includes('$seen') !== seen);
  const lie: Places = new Map(changing.map((row) => [row.id, row.mailboxIds]));
  const none: Places = new Map();
  return unreadShift([...lie.keys()], seen ? lie : none, seen ? none : lie);
}
