// /authorities: to which keys the desk is written to, and its encrypted form; what is posted is sealed in the sender's browser already.

import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { AuthoritiesDesk } from '#formats/auth-wire/authorities-answers.ts';
import { createPeerLimit } from '../accounts/try-limits.ts';
import { joinedArmor } from '../desk/page/published.ts';
import { pageHeaders } from './page-headers.ts';
import { problem } from './problem.ts';

export interface AuthoritiesNeighbours {
  readonly clock: Clock;
  readonly isUnlimitedPeer: (peer: string) => boolean;
  /** An empty roster: nothing can be sent. */
  readonly desk: () => Promise<AuthoritiesDesk>;
  /** `notSealed`: not to exactly the roster; `later`: the desk takes nothing now. */
  readonly arrive: (
    sealed: Uint8Array,
  ) => Promise<Result<{ readonly arrival: string }, { readonly kind: 'notSealed' | 'later' }>>;
}

/** Mounted at /. The page itself is a document of its own. */
export function createAuthoritiesRoutes({ clock, isUnlimitedPeer, desk, arrive }: AuthoritiesNeighbours): Hono {
  const { formsPerMinute } = limits.deskArrival;
  const peers = createPeerLimit(clock, formsPerMinute, isUnlimitedPeer);
  const app = new Hono();
  app.get('/authorities/desk.json', async (context) => {
    context.header('cache-control', 'no-store');
    return context.json(await desk());
  });
  app.get('/authorities/keys.asc', async () => {
    const { roster } = await desk();
    const keys = joinedArmor('PGP PUBLIC KEY BLOCK', roster.map(({ certificate }) => certificate)); // prettier-ignore
    if (keys === undefined || roster.length === 0) return problem('notFound');
    return new Response(keys, {
      headers: { ...pageHeaders, 'content-type': 'application/pgp-keys', 'cache-control': 'no-store' },
    });
  });
  app.use('/authorities/letters', async (context, next) => {
    if (peers.count(getConnInfo(context).remote.address ?? '') > 0) return problem('tooManyRequests');
    await next();
    return undefined;
  });
  const tooLarge = (): Response => problem('bodyTooLarge');
  app.use('/authorities/letters', bodyLimit({ maxSize: limits.deskFiling.caseFileBytes, onError: tooLarge }));
  app.post('/authorities/letters', async (context) => {
    context.header('cache-control', 'no-store');
    const arrived = await arrive(new Uint8Array(await context.req.arrayBuffer()));
    if (arrived.ok) return context.json(arrived.value, 201);
    return problem(arrived.error.kind === 'later' ? 'serverUnavailable' : 'badRequest');
  });
  return app;
}
