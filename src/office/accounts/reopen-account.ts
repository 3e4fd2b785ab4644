// A closure taken back: a login whose password and code were right may reopen the account within its grace.

import { err, type Result } from '#base/result.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { readAccount } from '#vault/database/accounts-read.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, LoginStep } from './counter.ts';
import { keep, SYSTEM } from './house.ts';
import { afterCode } from './login-finish.ts';
import { mayReturn } from './login-start.ts';

export async function reopenAccount(
  counter: Counter,
  { handle }: RequestBody<'loginReopen'>,
): Promise<Result<LoginStep, AuthRefusal>> {
  const kept = counter.handles.take(handle, 'reopen');
  if (!kept) return err({ kind: 'handleExpired' });
  const { accountId, opened } = kept;
  return counter.queue.run(accountId, async () => {
    const closed = await readAccount(counter.house.reader, accountId);
    if (!closed || !mayReturn(counter, closed)) return err({ kind: 'gone' });
    if (closed.closed) {
      const done = await keep(counter.house, accountId, { kind: 'accountReopened', effect: {} }, SYSTEM);
      if (!done.ok) return err({ kind: 'serverUnavailable' });
    }
    const account = await readAccount(counter.house.reader, accountId);
    return account && !account.closed ? afterCode(counter, account, opened) : err({ kind: 'serverUnavailable' });
  });
}
