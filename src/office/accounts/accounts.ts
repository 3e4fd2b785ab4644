// The door of this room: the routes of /auth/*, who a request comes from, and what the operator's commands may ask.

import type { Hono } from 'hono';
import type { AccountId } from '#base/ids.ts';
import { createAppSignIn, type AppSignIn } from './app-sign-in.ts';
import { createAuthRoutes } from './auth-routes.ts';
import { openCounter } from './counter.ts';
import type { AccountsOptions, House } from './house.ts';
import { makeResetCode } from './operator-reset.ts';
import { readSessionToken } from './session-token.ts';
import type { LiveSession } from './sessions.ts';

export interface Accounts {
  /** To be mounted at /auth. */
  readonly routes: Hono;
  /** The live session a request carries, by cookie or Authorization: Bearer. Throws while the database is away. */
  findSession(headers: Headers): Promise<LiveSession | undefined>;
  /** For mail programs that hand letters in. */
  readonly appSignIn: AppSignIn;
  /** The code of a one-time link where the person sets a new password. */
  makeResetCode(accountId: AccountId): string;
}

/** `isSecure`: served over HTTPS. */
export async function openAccounts(house: House, options: AccountsOptions, isSecure: boolean): Promise<Accounts> {
  const counter = await openCounter(house, options);
  return {
    routes: createAuthRoutes(counter, isSecure),
    async findSession(headers) {
      const token = readSessionToken(headers, isSecure);
      return token === undefined ? undefined : counter.sessions.find(token);
    },
    appSignIn: createAppSignIn(counter),
    makeResetCode: (accountId) => makeResetCode(counter, accountId),
  };
}
