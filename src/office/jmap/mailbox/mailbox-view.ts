// A mailbox as JMAP shows it: a neutral name outside, the sealed name for clients that can open it (decision 0005).

import { toBase64Url } from '#formats/base64/base64.ts';
import type { MailboxRole } from '#vault/journal/commands.ts';
import type { MailboxRow } from '#vault/database/read-mailboxes.ts';

export const mailboxProperties = [
  'id',
  'name',
  'parentId',
  'role',
  'sortOrder',
  'totalEmails',
  'unreadEmails',
  'totalThreads',
  'unreadThreads',
  'myRights',
  'isSubscribed',
] as const;
export const sealedNameProperty = 'siegelSealedName';
export const countProperties = ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads'] as const;

const roleNames: Readonly<Record<MailboxRole, string>> = {
  inbox: 'Inbox',
  drafts: 'Drafts',
  sent: 'Sent',
  archive: 'Archive',
  junk: 'Junk',
  trash: 'Trash',
};

/** The name outside the seal: a word for a role, else one made of the id, so that siblings never share one. */
export function outerName(mailbox: Pick<MailboxRow, 'id' | 'role'>): string {
  return mailbox.role === undefined ? `Sealed folder ${mailbox.id.slice(0, 12)}` : roleNames[mailbox.role];
}

export function mailboxMembers(mailbox: MailboxRow): Record<string, unknown> {
  const isOwn = mailbox.role === undefined;
  return {
    id: mailbox.id,
    name: outerName(mailbox),
    parentId: mailbox.parentId ?? null,
    role: mailbox.role ?? null,
    sortOrder: mailbox.sortOrder,
    totalEmails: mailbox.total,
    unreadEmails: mailbox.unread,
    totalThreads: mailbox.total,
    unreadThreads: mailbox.unread,
    myRights: {
      mayReadItems: true,
      mayAddItems: true,
      mayRemoveItems: true,
      maySetSeen: true,
      maySetKeywords: true,
      mayCreateChild: true,
      mayRename: isOwn,
      mayDelete: isOwn,
      maySubmit: true,
    },
    isSubscribed: true,
    [sealedNameProperty]: isOwn ? toBase64Url(mailbox.sealedName) : null,
  };
}
