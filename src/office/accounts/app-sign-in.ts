// A mail program signs in: equal work and answers for addresses somebody has and addresses nobody has, slower and slower for wrong passwords.

import { timingSafeEqual } from 'node:crypto';
import { idToBytes, type AccountId, type AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { appSecretVerifier } from '#vault/sealing/app-secret.ts';
import { readAppPasswords, type AppPasswordRow } from '#vault/database/read-app-passwords.ts';
import { hashVerifier } from './app-passwords.ts';
import type { Counter } from './counter.ts';
import { findLiving } from './login-start.ts';
import { createAccountTries, type AccountTries } from './try-limits.ts';

const DAY_MS = 86_400_000;

export interface AppSignedIn {
  readonly accountId: AccountId;
  readonly appPasswordId: AppPasswordId;
}

/** `waitMs`: how long to keep the client waiting for its answer. */
export type AppSignInRefusal = { readonly kind: 'wrong'; readonly waitMs: number } | { readonly kind: 'unavailable' };

export interface AppSignIn {
  /** `plainSecret`: as parseAppSecret gives it; undefined: what the client sent cannot be right, and costs the same. */
  check(address: string, plainSecret: string | undefined): Promise<Result<AppSignedIn, AppSignInRefusal>>;
  /** Whether what signed in may still send. */
  isLiving(signedIn: AppSignedIn): Promise<boolean>;
}

export function createAppSignIn(counter: Counter): AppSignIn {
  const { house } = counter;
  const tries = createAccountTries(house.clock);
  return {
    async check(address, plainSecret) {
      try {
        return await counter.pace(() => check(counter, tries, { address, plainSecret }));
      } catch (cause) {
        house.log.fault('accounts.appSignInFailed', cause);
        return err({ kind: 'unavailable' });
      }
    },
    async isLiving({ accountId, appPasswordId }) {
      return (await readAppPasswords(house.reader, accountId)).some(({ id }) => id === appPasswordId);
    },
  };
}

interface Asked {
  readonly address: string;
  readonly plainSecret: string | undefined;
}

async function check(
  counter: Counter,
  tries: AccountTries,
  { address, plainSecret }: Asked,
): Promise<Result<AppSignedIn, AppSignInRefusal>> {
  const { house } = counter;
  const { accountId, account } = await findLiving(counter, address);
  const rows = await readAppPasswords(house.reader, accountId);
  const hash = hashVerifier(house.kit, accountId, appSecretVerifier(plainSecret ?? ''));
  const found = rows.filter((row) => timingSafeEqual(row.hash, hash)).at(0);
  if (account === undefined || plainSecret === undefined || found === undefined) {
    // A right password is never kept waiting: nobody can guess it, and nobody can lock its owner out by trying.
    const waitMs = tries.begin(accountId);
    const { untilMs } = tries.state(accountId);
    const growingMs = Math.max(waitMs, untilMs - house.clock.nowMs(), 0);
    return err({ kind: 'wrong', waitMs: Math.min(growingMs, limits.submission.wrongWaitMaxMs) });
  }
  tries.succeed(accountId);
  noteUse(counter, accountId, found);
  return ok({ accountId, appPasswordId: found.id });
}

/** The day, not the hour, and no place: enough to see which one is forgotten. Written once a day, behind the answer. */
function noteUse({ house, queue }: Counter, accountId: AccountId, { id, usedDay }: AppPasswordRow): void {
  const today = Math.floor(house.clock.nowMs() / DAY_MS);
  if (usedDay !== undefined && usedDay >= today) return;
  const note = (): Promise<unknown> =>
    house.door.commit(accountId, { kind: 'app', id: idToBytes(id) }, async (reader) => {
      const row = (await readAppPasswords(reader, accountId)).find((one) => one.id === id);
      if (row === undefined || (row.usedDay ?? 0) >= today) return err({ kind: 'gone' });
      const [hash, sealedName] = [row.hash, row.sealedName].map((bytes) => Buffer.from(bytes).toString('base64url'));
      const effect = { id, hash: hash ?? '', sealedName: sealedName ?? '', createdMs: row.createdMs, usedDay: today };
      return ok({ kind: 'appPasswordPut', effect });
    });
  queue.run(accountId, note).catch((cause: unknown) => house.log.fault('accounts.appUseNotKept', cause));
}
