// Who a request to /auth/* comes from: its session, and how often its network address has tried.

import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { problemAnswer } from './auth-edge.ts';
import type { Counter } from './counter.ts';
import { readSessionToken } from './session-token.ts';
import type { LiveSession } from './sessions.ts';
import type { PeerLimit } from './try-limits.ts';

export interface AuthRouting {
  readonly app: Hono;
  readonly counter: Counter;
  readonly isSecure: boolean;
  readonly peerLimit: PeerLimit;
}

export async function findSession(
  { counter, isSecure }: AuthRouting,
  context: Context,
): Promise<LiveSession | undefined> {
  const token = readSessionToken(context.req.raw.headers, isSecure);
  return token === undefined ? undefined : counter.sessions.find(token);
}

/** The answer for a network address with too many tries; the address is in memory for a minute and nowhere else. */
export function refusePeer({ peerLimit }: AuthRouting, context: Context): Response | undefined {
  const retryAfterMs = peerLimit.count(getConnInfo(context).remote.address ?? '');
  return retryAfterMs > 0 ? problemAnswer(context, { kind: 'tooManyTries', retryAfterMs }) : undefined;
}
