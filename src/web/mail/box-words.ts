// Word and icon of a mailbox: ours for those with a role, the person's own for folders.

import type { MailboxInfo, MailboxRole } from '../backend.ts';
import type { IconName } from '../look/icons.ts';
import type { Words } from '../words/words.ts';

const icons: Readonly<Record<MailboxRole, IconName>> = {
  inbox: 'inbox',
  drafts: 'file-text',
  sent: 'send',
  archive: 'archive',
  junk: 'shield-alert',
  trash: 'trash-2',
};

/** Order in the navigation; folders follow. */
export const roleOrder: readonly MailboxRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

export function boxWord(box: MailboxInfo, words: Words): string {
  return box.role ? words.places[box.role] : box.name;
}

export function boxIcon(box: MailboxInfo): IconName {
  return box.role ? icons[box.role] : 'folder';
}

export function foldersOf(boxes: readonly MailboxInfo[]): readonly MailboxInfo[] {
  return boxes
    .filter((box) => box.role === undefined)
    .toSorted((a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name));
}
