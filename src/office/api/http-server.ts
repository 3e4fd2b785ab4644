// The HTTP server: puts the house's routes together, refuses what comes from other origins, listens; without a certificate on loopback only.

import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { isIPv4 } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { problem } from './problem.ts';
import { refuseOtherOrigins } from './same-origin.ts';
import type { StaticPages } from './static-pages.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  readonly log: Log;
  /** As browsers reach us behind a proxy that changes Host: https://mail.example.org. */
  readonly publicOrigin?: string | undefined;
}

export interface HttpNeighbours {
  /** Mounted at /auth. */
  readonly auth: Hono;
  /** Mounted at /: brings its own paths (/.well-known/jmap, /jmap/…) and its own body limits. */
  readonly jmap: Hono;
  /** Mounted at /: /.well-known/openpgpkey/…. */
  readonly wkd: Hono;
  /** Mounted at /: /book/…, /receipts…, /.well-known/siegel-book. */
  readonly book: Hono;
  /** Mounted at /outside: what a reader pressed for. */
  readonly outside: Hono;
  /** Mounted at /: /trust, /api/disclosure. */
  readonly trust: Hono;
  readonly pages: StaticPages;
  /** Mounted at / before the page: policies, autoconfig, health, the operator's routes. */
  readonly more: readonly Hono[];
}

export type HttpRefusal =
  | { readonly kind: 'needsCertificate'; readonly host: string }
  | { readonly kind: 'cannotListen'; readonly code: string };

export interface HttpServer {
  listen(): Promise<Result<{ readonly port: number; readonly url: string }, HttpRefusal>>;
  /** A renewed certificate, for connections from now on. */
  useCertificate(pair: { readonly keyPem: string; readonly certificatePem: string }): void;
  /** Ends idle connections at once and the others after their answer, streams included. */
  close(): Promise<void>;
}

export function createHttp(options: HttpOptions, neighbours: HttpNeighbours): HttpServer {
  return serveHttp(options, assemble(options, neighbours));
}

/** Serves what somebody else put together. */
export function serveHttp(options: HttpOptions, app: Hono): HttpServer {
  let server: Server | undefined;
  return {
    async listen() {
      if (!options.tls && !isLoopback(options.host)) return err({ kind: 'needsCertificate', host: options.host });
      server = makeServer(app, options);
      return listenOn(server, options);
    },
    useCertificate: ({ keyPem, certificatePem }) => {
      if (server && isSecure(server))
        server.setSecureContext({ key: keyPem, cert: certificatePem, minVersion: 'TLSv1.2' });
    },
    async close() {
      if (!server) return;
      const closed = new Promise((resolve) => server?.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function assemble({ log, publicOrigin }: HttpOptions, neighbours: HttpNeighbours): Hono {
  const { auth, jmap, wkd, book, outside, trust, pages, more } = neighbours;
  const app = new Hono();
  app.use(closeAfterUnreadBody());
  app.use(refuseOtherOrigins(publicOrigin));
  app.use('/auth/*', bodyLimit({ maxSize: limits.http.bodyBytes, onError: () => problem('bodyTooLarge') }));
  app.route('/auth', auth);
  app.all('/auth/*', () => problem('notFound'));
  app.route('/outside', outside);
  app.all('/outside/*', () => problem('notFound'));
  app.route('/', jmap);
  app.route('/', wkd);
  app.route('/', book);
  for (const routes of more) app.route('/', routes);
  app.route('/', trust);
  app.get('*', (context) => pages.find(context.req.path, context.req.header('accept-encoding') ?? ''));
  app.notFound(() => problem('notFound'));
  app.onError((cause) => {
    log.fault('http.requestFailed', cause);
    return problem('serverUnavailable');
  });
  return app;
}

/** What is left of an unread body would be taken for the next request: the connection ends with the answer (RFC 9112 §9.3). */
export function closeAfterUnreadBody(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { raw } = context.req;
    const hasBody = raw.headers.has('transfer-encoding') || Number(raw.headers.get('content-length') ?? 0) > 0;
    if (hasBody && !raw.bodyUsed) context.res.headers.set('connection', 'close');
  };
}

function makeServer(app: Hono, { tls }: HttpOptions): Server {
  const bounds = {
    headersTimeout: limits.http.headerWaitMs,
    requestTimeout: limits.http.requestWaitMs,
    maxHeaderSize: limits.http.headerBytes,
  };
  const server = tls
    ? createAdaptorServer({
        fetch: app.fetch,
        createServer: createSecureServer,
        serverOptions: { ...tls, ...bounds, minVersion: 'TLSv1.2' },
        overrideGlobalObjects: false,
      })
    : createAdaptorServer({ fetch: app.fetch, createServer, serverOptions: bounds, overrideGlobalObjects: false });
  if (!('closeAllConnections' in server)) throw new Error('HTTP/2 is not served here');
  return server;
}

function isSecure(server: Server): server is Server & SecureServer {
  return 'setSecureContext' in server;
}

function listenOn(server: Server, { host, port, tls }: HttpOptions): ReturnType<HttpServer['listen']> {
  return new Promise((resolve) => {
    server.once('error', (cause: Error & { code?: string }) =>
      resolve(err({ kind: 'cannotListen', code: cause.code ?? 'unknown' })),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve(ok({ port: bound, url: `${tls ? 'https' : 'http'}://${name}:${bound}` }));
    });
  });
}

export function isLoopback(host: string): boolean {
  return host === '::1' || host === 'localhost' || (isIPv4(host) && host.startsWith('127.'));
}
