// GET /status and /status.json: whether the house works and what went wrong in the last 90 days; public, without any script, without any name.

import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { PublicIncident } from '#vault/safeguards/incident/public-view.ts';
import { answerPlainPage } from './plain-page.ts';
import { BARE_FRAME } from '../trust/plain-frame.ts';
import { statusDocument, type StatusFacts } from '../trust/status/status-document.ts';

export interface StatusNeighbours {
  readonly clock: Clock;
  readonly domain: string;
  /** Whether letters are taken, and whether people can read. */
  readonly works: () => StatusFacts['works'];
  readonly incidents: () => readonly PublicIncident[];
  /** The built frame; undefined: not built. */
  readonly frame: string | undefined;
}

/** Mounted at /. */
export function createStatusRoutes({ clock, domain, works, incidents, frame = BARE_FRAME }: StatusNeighbours): Hono {
  const app = new Hono();
  const facts = (): StatusFacts => ({ domain, nowMs: clock.nowMs(), works: works(), incidents: incidents() });
  app.get('/status.json', (context) => {
    const { nowMs, works: now, incidents: known } = facts();
    context.header('cache-control', 'no-store');
    return context.json({
      v: 1,
      domain,
      atMs: nowMs,
      takesMail: now.takesMail,
      showsMail: now.showsMail,
      incidents: known,
    });
  });
  app.get('/status', (context) => answerPlainPage(context, frame, (language) => statusDocument(facts(), language)));
  return app;
}
