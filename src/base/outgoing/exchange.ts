// One HTTP request to addresses that were checked before, and its answer, within bounds of bytes and time.

import { request as requestClear, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { limits } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';
import type { Target } from './target.ts';

export interface OutgoingAnswer {
  readonly status: number;
  /** Names in lower case; cookies are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type ExchangeRefusal =
  | { readonly kind: 'unreachable' }
  /** The certificate is not valid for the name. */
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'tooLarge' }
  /** Not HTTP, broken off, or packed although we asked for plain bytes. */
  | { readonly kind: 'badAnswer' };

export interface Sending {
  readonly target: Target;
  /** Where the connection goes, whatever the name resolves to by now. */
  readonly addresses: readonly string[];
  /** Instead of a connection to an address. */
  readonly socketPath: string | undefined;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | undefined;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  /** Certificates to trust beside those of the runtime. */
  readonly trustPem: string | undefined;
  /** Instead of 443. */
  readonly securePort?: number | undefined;
}

/**
 * Resolves when the connection is closed: from then on nothing reads `body` any more, whose buffer may go to a thread.
 * Never rejects for anything that comes from outside.
 */
export function exchange(sending: Sending): Promise<Result<OutgoingAnswer, ExchangeRefusal>> {
  return new Promise((resolve) => {
    const { body, bytesMax, signal } = sending;
    let outcome: Result<OutgoingAnswer, ExchangeRefusal> | undefined;
    const asked = openRequest(sending);
    const settle = (found: Result<OutgoingAnswer, ExchangeRefusal>): void => {
      outcome ??= found;
      asked.destroy();
    };
    asked.on('response', (answer) => readAnswer(answer, bytesMax, settle));
    asked.on('error', (cause) => settle(err({ kind: signal.aborted ? 'timeout' : kindOf(cause) })));
    asked.on('close', () => resolve(outcome ?? err({ kind: 'badAnswer' })));
    asked.end(body && Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  });
}

function openRequest(sending: Sending): ClientRequest {
  const { target, addresses, socketPath, method, headers, signal, trustPem, securePort } = sending;
  const { url, hostname, isSecure } = target;
  const port = url.port === '' && isSecure ? securePort : url.port;
  const options: RequestOptions = {
    method,
    hostname,
    path: `${url.pathname}${url.search}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, copyOf(value)])),
    agent: false, // a connection of its own: nothing is shared between kinds, hosts or letters
    lookup: pinnedTo(addresses),
    maxHeaderSize: limits.outgoing.headerBytes,
    signal,
    ...(port === undefined || port === '' ? {} : { port }),
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  if (!isSecure) return requestClear(options);
  return requestSecure({
    ...options,
    rejectUnauthorized: true,
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(trustPem === undefined ? {} : { ca: [...rootCertificates, trustPem] }),
  });
}

function copyOf(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}

/** Answers every question about a name with the addresses that were checked. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, answer) => {
    const [first] = pinned;
    if (all === true || first === undefined) answer(null, pinned);
    else answer(null, first.address, first.family);
  };
}

function readAnswer(
  answer: IncomingMessage,
  bytesMax: number,
  settle: (found: Result<OutgoingAnswer, ExchangeRefusal>) => void,
): void {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') return settle(err({ kind: 'badAnswer' }));
  if (Number(answer.headers['content-length'] ?? 0) > bytesMax) return settle(err({ kind: 'tooLarge' }));
  const parts: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > bytesMax) settle(err({ kind: 'tooLarge' }));
    else parts.push(part);
  });
  answer.on('error', () => settle(err({ kind: 'badAnswer' })));
  answer.on('end', () => {
    const whole = { status: answer.statusCode ?? 0, headers: headersOf(answer), body: Buffer.concat(parts) };
    settle(answer.complete ? ok(whole) : err({ kind: 'badAnswer' }));
  });
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name, value]) => name !== 'set-cookie' && typeof value === 'string');
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

const UNTRUSTED = /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH|PATH_LENGTH)/;

function kindOf(cause: Error): 'unreachable' | 'untrusted' | 'tooLarge' | 'badAnswer' {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (UNTRUSTED.test(code)) return 'untrusted';
  if (code === 'HPE_HEADER_OVERFLOW') return 'tooLarge';
  return code.startsWith('HPE_') ? 'badAnswer' : 'unreachable';
}
