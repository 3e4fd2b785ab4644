// Shared mailboxes of a backend made for pages: one held, one offered, in memory.

import { newId, type AccountId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import type { Backend } from '#web/backend.ts';
import type { Holder, SharedMailbox } from '#web/shared.ts';
import { FakeSecurity } from './fake-security.ts';

const house = 'kanzlei.test';

function holder(name: string, isSelf = false): Holder {
  return { accountId: newId<AccountId>(), address: `${name}@${house}`, addedMs: Date.now(), isSelf, hasLeft: false };
}

export class FakeSharing extends FakeSecurity {
  #boxes: readonly SharedMailbox[] = [
    {
      accountId: newId<AccountId>(),
      address: `kanzlei@${house}`,
      isAccepted: true,
      holders: [holder('leyla.yildiz', true), holder('jonas.brandt')],
    },
    { accountId: newId<AccountId>(), address: `fristen@${house}`, isAccepted: false, holders: [holder('sekretariat')] },
  ];

  #put(id: AccountId, change: (box: SharedMailbox) => SharedMailbox): void {
    this.#boxes = this.#boxes.map((box) => (box.accountId === id ? change(box) : box));
  }

  async sharedMailboxes(): ReturnType<Backend['sharedMailboxes']> {
    return this.#boxes;
  }
  async shownMailbox(): ReturnType<Backend['shownMailbox']> {
    return { own: `leyla.yildiz@${house}`, shared: undefined };
  }
  async makeShared({ code, localPart }: Parameters<Backend['makeShared']>[0]): ReturnType<Backend['makeShared']> {
    if (code !== 'k3f9-q7') return err({ kind: 'invitation-unknown' });
    const address = `${localPart}@${house}`;
    if (this.#boxes.some((box) => box.address === address)) return err({ kind: 'address-taken' });
    const accountId = newId<AccountId>();
    this.#boxes = [...this.#boxes, { accountId, address, isAccepted: true, holders: [holder('leyla.yildiz', true)] }];
    return ok({ accountId, address });
  }
  async acceptShared(id: AccountId): ReturnType<Backend['acceptShared']> {
    this.#put(id, (box) => ({ ...box, isAccepted: true }));
    return ok(undefined);
  }
  async addHolder(id: AccountId, address: string): ReturnType<Backend['addHolder']> {
    if (!address.endsWith(`@${house}`)) return err({ kind: 'no-key' });
    this.#put(id, (box) => ({ ...box, holders: [...box.holders, holder(address.split('@')[0] ?? '')] }));
    return ok(undefined);
  }
  async removeHolder(id: AccountId, gone: AccountId): ReturnType<Backend['removeHolder']> {
    this.#put(id, (box) => ({ ...box, holders: box.holders.filter((one) => one.accountId !== gone) }));
    return ok(undefined);
  }
  async leaveShared(id: AccountId): ReturnType<Backend['leaveShared']> {
    if (this.#boxes.find((box) => box.accountId === id)?.holders.length === 1) return err({ kind: 'last-holder' });
    this.#boxes = this.#boxes.filter((box) => box.accountId !== id);
    return ok(undefined);
  }
}
