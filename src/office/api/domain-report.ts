// What the world sees of the house's domains, for the operator's page; nobody else may ask.

import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { HouseReport } from '#formats/zone/house-report.ts';
import type { Role } from '#vault/journal/commands.ts';
import { problem } from './problem.ts';

export interface DomainNeighbours {
  readonly clock: Clock;
  readonly authenticate: (request: Request) => Promise<{ readonly role: Role } | undefined>;
  readonly domains: () => Promise<readonly string[]>;
  readonly report: (domain: string) => Promise<HouseReport>;
}

/** Mounted at /: /api/domains, /api/domains/DOMAIN. */
export function createDomainRoutes({ clock, authenticate, domains, report }: DomainNeighbours): Hono {
  const app = new Hono();
  const running = new Map<string, { readonly report: Promise<HouseReport>; readonly untilMs: number }>();
  app.use('/api/domains/*', async (context, next) => {
    context.header('cache-control', 'no-store');
    const caller = await authenticate(context.req.raw);
    if (caller === undefined) return problem('signedOut');
    if (caller.role !== 'operator') return problem('notAllowed');
    await next();
    return undefined;
  });
  app.get('/api/domains/', async (context) => context.json({ domains: await domains() }));
  app.get('/api/domains/:domain', async (context) => {
    const domain = context.req.param('domain').toLowerCase();
    if (!(await domains()).includes(domain)) return problem('notFound');
    const nowMs = clock.monotonicMs();
    const known = running.get(domain);
    const asked = known !== undefined && nowMs < known.untilMs ? known.report : report(domain);
    if (asked !== known?.report) running.set(domain, { report: asked, untilMs: nowMs + limits.http.domainReportMs });
    return context.json(await asked);
  });
  return app;
}
