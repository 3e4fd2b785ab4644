// What the page asks about shared mailboxes; all of it with the person's own session, loaded when first asked.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import type { Sharing } from '../../shared.ts';
import type { OpenSession } from '../open-session.ts';

export function createSharing(session: OpenSession, clock: Clock, own: string, shared: AccountId | undefined): Sharing {
  const reading = () => import('./shared-mailboxes.ts');
  const changing = () => import('./change-holders.ts');
  return {
    async sharedMailboxes() {
      const read = await (await reading()).readShared(session);
      return read.ok ? read.value : [];
    },
    acceptShared: async (accountId) => (await reading()).acceptShared(session, accountId),
    addHolder: async (accountId, address) => (await changing()).addHolder({ session, clock }, accountId, address),
    removeHolder: async (accountId, holder) => (await changing()).removeHolder({ session, clock }, accountId, holder),
    shownMailbox: async () => ({ own, shared }),
  };
}
