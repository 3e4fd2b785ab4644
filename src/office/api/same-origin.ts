// Only this house's own page, and programs that are no browsers, may change anything or read answers (Fetch Metadata, RFC 6454).

import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

const OPEN_TO_ALL = /^\/\.well-known\/openpgpkey\//;
const READING = new Set(['GET', 'HEAD']);

/** Browsers name where a request comes from; a foreign name is refused. There is no CORS. */
export function refuseOtherOrigins(publicOrigin: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const isReading = READING.has(req.method);
    if (!OPEN_TO_ALL.test(req.path) && !isOwn(req.raw, isReading, publicOrigin)) return problem('otherOrigin');
    await next();
    context.res.headers.set('x-content-type-options', 'nosniff');
    context.res.headers.set('cross-origin-resource-policy', 'same-origin');
    if (!context.res.headers.has('referrer-policy')) context.res.headers.set('referrer-policy', 'no-referrer');
    return undefined;
  };
}

function isOwn({ headers, url }: Request, isReading: boolean, publicOrigin: string | undefined): boolean {
  const site = headers.get('sec-fetch-site');
  // Following a link from elsewhere to a document is reading; scripts and forms of other sites are not let in.
  const isNavigation = isReading && headers.get('sec-fetch-mode') === 'navigate';
  if (site !== null && site !== 'same-origin' && site !== 'none' && !isNavigation) return false;
  const origin = headers.get('origin');
  if (origin === null || origin === publicOrigin) return true;
  return hostOf(origin) === (headers.get('host') ?? new URL(url).host);
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
