// HTTP for sealed reports: exactly their bytes in, exactly an answer’s bytes out, or a refusal that says nothing (RFC 9458 §§5, 6).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ANSWER_TYPE, REQUEST_TYPE } from '#formats/ohttp/ohttp.ts';
import { SEALED_REPORT_BYTES } from '../report/envelope.ts';

/** Bytes: a sealed answer. Numbers: 400 no report, 429 too many from there, 502 the other side fails, 503 no room. */
export type Taken = Uint8Array | 400 | 429 | 502 | 503;

export interface ReportDoorOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: { readonly keyPem: string; readonly certificatePem: string } | undefined;
  /** A proxy stands in front on this machine: it says for whom it asks (X-Forwarded-For). */
  readonly isProxied: boolean;
  readonly log: Log;
  /** The bytes are overwritten once this is over. */
  readonly take: (bytes: Uint8Array, addressOf: () => string) => Promise<Taken>;
  /** For tests: other bounds. */
  readonly bounds?: Partial<Record<keyof typeof limits.reportDoor, number>>;
  /** All other requests; undefined: there is nothing else. */
  readonly rest?: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface ReportDoor {
  listen(): Promise<Result<{ readonly port: number }, { readonly kind: 'cannotListen'; readonly code: string }>>;
  /** Takes no more connections; those under way have their answers first, for a short while. */
  close(): Promise<void>;
}

const PATHS: ReadonlySet<string | undefined> = new Set(['/report', '/']);
const PLAIN = 'text/plain; charset=utf-8';
const SAID: Readonly<Record<number, string>> = {
  400: 'This is no sealed report.\n',
  404: 'There is nothing here.\n',
  429: 'Too many reports from there. Try again in an hour.\n',
  502: 'The collector does not answer.\n',
  503: 'There is no room now. Try again in a minute.\n',
};

export function createReportDoor(options: ReportDoorOptions): ReportDoor {
  const { tls, host, port } = options;
  const held = { ...limits.reportDoor, ...options.bounds };
  const { headerWaitMs, requestWaitMs, keepAliveMs, connectionsMax, lookMs } = held;
  const bounds = {
    headersTimeout: headerWaitMs,
    requestTimeout: requestWaitMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: lookMs,
    maxHeaderSize: held.headerBytes,
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => route(options, request, response);
  const server: Server = tls
    ? createSecureServer({ ...bounds, key: tls.keyPem, cert: tls.certificatePem, minVersion: 'TLSv1.2' }, answer)
    : createServer(bounds, answer);
  server.maxConnections = connectionsMax;
  // what is no HTTP is answered by nobody: the runtime's own words would be another kind of answer
  server.on('clientError', (_, socket) => socket.destroy());
  return {
    listen: () =>
      new Promise((resolve) => {
        server.once('error', (cause: Error & { code?: string }) =>
          resolve(err({ kind: 'cannotListen', code: cause.code ?? 'unknown' })),
        );
        server.listen(port, host, () => {
          const address = server.address();
          resolve(ok({ port: typeof address === 'object' && address !== null ? address.port : port }));
        });
      }),
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const overdue = setTimeout(() => server.closeAllConnections(), held.closeWaitMs);
      await closed;
      clearTimeout(overdue);
    },
  };
}

function route(options: ReportDoorOptions, request: IncomingMessage, response: ServerResponse): void {
  const isReport = request.method === 'POST' && PATHS.has(request.url);
  if (isReport && isReportLike(request)) void takeReport(options, request, response);
  else if (isReport) refuse(response, 400);
  else if (options.rest !== undefined && (request.method === 'GET' || request.method === 'HEAD'))
    options.rest(request, response);
  else refuse(response, 404);
}

/** By its length, which the parser holds the caller to: a body without end, or in chunks, is none. */
function isReportLike({ headers }: IncomingMessage): boolean {
  return (
    headers['content-type'] === REQUEST_TYPE &&
    headers['content-length'] === String(SEALED_REPORT_BYTES) &&
    headers['content-encoding'] === undefined
  );
}

async function takeReport(
  options: ReportDoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const bytes = await readReport(request);
    if (bytes === undefined) return;
    try {
      const taken = await options.take(bytes, () => addressOf(request, options.isProxied));
      if (typeof taken === 'number') refuse(response, taken);
      else response.writeHead(200, { 'content-type': ANSWER_TYPE, 'content-length': taken.length }).end(taken);
    } finally {
      bytes.fill(0);
    }
  } catch (cause) {
    options.log.fault('telemetry.reportFailed', cause);
    refuse(response, 503);
  }
}

/** Undefined: the caller went away, or was too slow and was cut off. */
function readReport(request: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const bytes = new Uint8Array(SEALED_REPORT_BYTES);
    let at = 0;
    request.on('data', (part: Buffer) => {
      bytes.set(part, at);
      at += part.length;
      part.fill(0);
    });
    request.on('end', () => resolve(at === SEALED_REPORT_BYTES ? bytes : undefined));
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}

/** An unread body would be taken for the next request: the connection ends with the answer. */
function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  const body = SAID[status] ?? '';
  response
    .writeHead(status, { 'content-type': PLAIN, 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}

/** What the proxy itself added stands last; whatever stands before it, the caller may have written. */
function addressOf(request: IncomingMessage, isProxied: boolean): string {
  const direct = request.socket.remoteAddress ?? '';
  if (!isProxied) return direct;
  const named = [request.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',').at(-1)?.trim();
  return named === undefined || named === '' ? direct : named;
}
