// The house's own rule that letters to it travel encrypted, at mta-sts.DOMAIN (RFC 8461 §3.2, §3.3).

import { Hono } from 'hono';
import { formatStsPolicy, type StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import { problem } from './problem.ts';
import { hostOf } from './request-host.ts';

export interface StsNeighbours {
  readonly isOwnDomain: (domain: string) => boolean;
  /** undefined: the house asks for nothing, perhaps because it has no certificate. */
  readonly policy: () => StsPolicy | undefined;
}

const PREFIX = 'mta-sts.';

/** Mounted at /: /.well-known/mta-sts.txt, for hosts that are mta-sts. and a domain of the house. */
export function createStsRoute({ isOwnDomain, policy }: StsNeighbours): Hono {
  const app = new Hono();
  app.get('/.well-known/mta-sts.txt', (context) => {
    const host = hostOf(context);
    const isAsked = host.startsWith(PREFIX) && isOwnDomain(host.slice(PREFIX.length));
    const own = isAsked ? policy() : undefined;
    if (own === undefined) return problem('notFound');
    return new Response(formatStsPolicy(own), {
      headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache' },
    });
  });
  return app;
}
