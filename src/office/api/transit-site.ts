// The site of a house that has nothing but transit: the drop page, its HTTP and its assets.

import { Hono } from 'hono';
import type { Log } from '#base/log/log.ts';
import { closeAfterUnreadBody } from './http-server.ts';
import { problem } from './problem.ts';
import { refuseOtherOrigins } from './same-origin.ts';
import type { StaticPages } from './static-pages.ts';

export interface TransitSiteParts {
  /** From createTransitRoutes. */
  readonly routes: Hono;
  readonly pages: StaticPages;
  readonly log: Log;
  /** As browsers reach us behind a proxy that changes Host. */
  readonly publicOrigin?: string | undefined;
}

const PAGE = '/transit';
const ASSETS = /^\/assets\//;

/** No sign-in and no mailbox: of the page only what the drop page needs. For serveHttp. */
export function createTransitSite({ routes, pages, log, publicOrigin }: TransitSiteParts): Hono {
  const app = new Hono();
  app.use(closeAfterUnreadBody());
  app.use(refuseOtherOrigins(publicOrigin));
  app.get('/', (context) => context.redirect(PAGE));
  app.route('/', routes);
  app.get('*', ({ req }) => {
    if (req.path !== PAGE && !ASSETS.test(req.path)) return problem('notFound');
    return pages.find(req.path, req.header('accept-encoding') ?? '');
  });
  app.notFound(() => problem('notFound'));
  app.onError((cause) => {
    log.fault('http.requestFailed', cause);
    return problem('serverUnavailable');
  });
  return app;
}
