// What an authority looks for: a file by its token (RFC 8555 §8.3), on the house's own port and on one for this alone.

import { createServer } from 'node:http';
import { Hono } from 'hono';
import { limits } from '#base/limits.ts';

const PATH = '/.well-known/acme-challenge/';
const TEXT = { 'content-type': 'application/octet-stream' };

export interface Challenges {
  readonly offered: Map<string, string>;
  /** Mounted at /. */
  readonly routes: Hono;
}

export function createChallenges(): Challenges {
  const offered = new Map<string, string>();
  const routes = new Hono();
  routes.get(`${PATH}:token`, (context) => {
    const found = offered.get(context.req.param('token'));
    return found === undefined ? context.notFound() : new Response(found, { headers: TEXT });
  });
  return { offered, routes };
}

export interface ChallengePort extends AsyncDisposable {
  readonly port: number;
}

/** Everything else is led to the page. Rejects when the port cannot be had. */
export function openChallengePort(
  challenges: Challenges,
  where: { readonly host: string; readonly port: number; readonly leadsTo: string },
): Promise<ChallengePort> {
  const bounds = { requestTimeout: limits.http.headerWaitMs, maxHeaderSize: limits.http.headerBytes };
  const server = createServer(bounds, (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const found = path.startsWith(PATH) ? challenges.offered.get(path.slice(PATH.length)) : undefined;
    if (found !== undefined) response.writeHead(200, TEXT).end(found);
    else if (path.startsWith(PATH)) response.writeHead(404).end();
    else response.writeHead(308, { location: where.leadsTo }).end();
  });
  server.maxConnections = limits.acme.connectionsMax;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : where.port,
        [Symbol.asyncDispose]: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
