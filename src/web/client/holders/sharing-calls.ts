// Shared mailboxes as the page asks about them: listed, taken up; made and changed by what is loaded only then.

import type { Sharing } from '../../shared.ts';
import type { HolderParts } from './change-holders.ts';
import { acceptShared, readShared } from './shared-mailboxes.ts';

export function sharingCalls(parts: HolderParts): Omit<Sharing, 'shownMailbox'> {
  const changing = () => import('./change-holders.ts');
  return {
    async sharedMailboxes() {
      const read = await readShared(parts.session);
      return read.ok ? read.value : [];
    },
    makeShared: async (of) => (await import('./make-from-page.ts')).makeFromPage(parts, of),
    acceptShared: (accountId) => acceptShared(parts.session, accountId),
    addHolder: async (accountId, address) => (await changing()).addHolder(parts, accountId, address),
    leaveShared: async (accountId) => (await changing()).leaveShared(parts, accountId),
    removeHolder: async (accountId, holder) => (await changing()).removeHolder(parts, accountId, holder),
  };
}
