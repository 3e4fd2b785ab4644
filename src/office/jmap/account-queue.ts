// One change after the other for each account: a check made in front of a change holds until the change is done.

import type { AccountId } from '#base/ids.ts';

export class AccountQueue {
  readonly #tails = new Map<AccountId, Promise<unknown>>();

  /** Runs `work` when everything queued before it for this account has ended, well or not. */
  async run<T>(accountId: AccountId, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(accountId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine.catch(() => undefined);
    this.#tails.set(accountId, tail);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(accountId) === tail) this.#tails.delete(accountId);
    }
  }
}
