// What the page asks about shared mailboxes; all of it with the person's own session, loaded when first asked.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import type { Sharing } from '../../shared.ts';
import type { OpenSession } from '../open-session.ts';

export function createSharing(session: OpenSession, clock: Clock, own: string, shared: AccountId | undefined): Sharing {
  const part = async () => (await import('./sharing-calls.ts')).sharingCalls({ session, clock });
  return {
    sharedMailboxes: async () => (await part()).sharedMailboxes(),
    makeShared: async (...args) => (await part()).makeShared(...args),
    acceptShared: async (...args) => (await part()).acceptShared(...args),
    addHolder: async (...args) => (await part()).addHolder(...args),
    removeHolder: async (...args) => (await part()).removeHolder(...args),
    leaveShared: async (...args) => (await part()).leaveShared(...args),
    shownMailbox: async () => ({ own, shared }),
  };
}
