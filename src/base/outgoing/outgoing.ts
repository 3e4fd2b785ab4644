// The one door for HTTP to the outside: a kind from the list of destinations, a checked address, bounds, and a count.

import { channel } from 'node:diagnostics_channel';
import { assert } from '../assert.ts';
import { limits } from '../limits.ts';
import { err, type Result } from '../result.ts';
import { destinations, type DestinationKind, type Destinations } from './destinations.ts';
import { exchange, type ExchangeRefusal, type OutgoingAnswer, type Sending } from './exchange.ts';
import type { ResolveName } from './resolve-name.ts';
import { findAddresses, readTarget, type AddressRefusal, type Target, type TargetRefusal } from './target.ts';

export type { OutgoingAnswer } from './exchange.ts';

export interface OutgoingRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Must not change or be handed to a thread before the answer is there. */
  readonly body?: Uint8Array;
  /** Of the answer's body. */
  readonly bytesMax?: number;
  /** For everything: name, connection, redirects, answer. */
  readonly timeoutMs?: number;
  /** Fewer than the kind allows. */
  readonly redirectsMax?: number;
  /** For local kinds: a unix socket instead of the URL's host, which must be a loopback address all the same. */
  readonly socketPath?: string;
}

export type OutgoingRefusal =
  | TargetRefusal
  | AddressRefusal
  | ExchangeRefusal
  /** Off the host, too often, or where none is followed. */
  | { readonly kind: 'redirected' };

export interface OutgoingOptions {
  readonly resolve: ResolveName;
  /** SIEGEL_OUTBOUND_PRIVATE: private addresses, any port, plain HTTP to private addresses. */
  readonly mayPrivate: boolean;
  /** For the sample office: the same for these kinds alone. */
  readonly mayPrivateKinds?: ReadonlySet<DestinationKind>;
  /** Told before each connection; for counters in memory, never for a log. */
  readonly onConnection?: (kind: DestinationKind, host: string) => void;
  /** Certificates to trust beside those of the runtime, in PEM. */
  readonly trustPem?: string;
  /** For tests: the port of every HTTPS URL that names none, instead of 443. */
  readonly securePort?: number;
  /** The house's list unless a test brings its own. */
  readonly destinations?: Destinations;
}

export interface Outgoing {
  /** An answer of any status is an answer. Never rejects for anything that comes from outside. */
  request(kind: DestinationKind, request: OutgoingRequest): Promise<Result<OutgoingAnswer, OutgoingRefusal>>;
  /** Connections since the start, by kind. */
  readonly connections: ReadonlyMap<DestinationKind, number>;
}

/** Who listens learns what each connection is for: a test run compares all of them with the public list. */
const purposes = channel('siegel:outgoing');
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Set by us or by nobody. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
  'cookie',
  'referer',
  'origin',
]);

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const connections = new Map<DestinationKind, number>();
  const table = options.destinations ?? destinations;

  /** Follows redirects on the host that was resolved at first. */
  async function follow(kind: DestinationKind, request: OutgoingRequest, signal: AbortSignal): Promise<Answered> {
    const destination = table[kind];
    const mayPrivate = options.mayPrivate || options.mayPrivateKinds?.has(kind) === true;
    const target = readTarget(request.url, destination, mayPrivate);
    if (!target.ok) return target;
    const addresses = await orTimeout(
      findAddresses(target.value, destination, { resolve: options.resolve, mayPrivate }),
      signal,
    );
    if (!addresses.ok) return addresses;
    const sending = sendingOf(request, target.value, {
      addresses: addresses.value,
      signal,
      trustPem: options.trustPem,
      securePort: options.securePort,
    });
    const redirectsMax = Math.min(destination.redirectsMax, request.redirectsMax ?? limits.outgoing.redirectsMax);
    for (let hop = 0, at = target.value; ; hop++) {
      connections.set(kind, (connections.get(kind) ?? 0) + 1);
      options.onConnection?.(kind, at.hostname);
      const asked = { ...sending, target: at };
      const answer = await purposes.runStores({ kind }, () => exchange(asked));
      const location = answer.ok && REDIRECTS.has(answer.value.status) ? answer.value.headers['location'] : undefined;
      if (location === undefined) return answer;
      const next = hop < redirectsMax && request.method === 'GET' ? URL.parse(location, at.url) : null;
      if (next === null || next.origin !== at.url.origin) return err({ kind: 'redirected' });
      const checked = readTarget(next.href, destination, mayPrivate);
      if (!checked.ok) return checked;
      at = checked.value;
    }
  }

  return {
    connections,
    async request(kind, request) {
      assert(table[kind].inUse, 'a kind of request that the public list calls unused');
      assert(request.socketPath === undefined || table[kind].reach === 'local', 'a unix socket is local');
      const overdue = new AbortController();
      const timer = setTimeout(() => overdue.abort(), request.timeoutMs ?? limits.outgoing.waitMs);
      try {
        return await follow(kind, request, overdue.signal);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

type Answered = Result<OutgoingAnswer, OutgoingRefusal>;

function sendingOf(
  { method, headers = {}, body, bytesMax, socketPath }: OutgoingRequest,
  target: Target,
  rest: Pick<Sending, 'addresses' | 'signal' | 'trustPem' | 'securePort'>,
): Sending {
  const asked = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  assert(
    asked.every(([name]) => !OWN_HEADERS.has(name)),
    'a header that only the door sets',
  );
  return {
    ...rest,
    target,
    method,
    body,
    socketPath,
    bytesMax: bytesMax ?? limits.outgoing.answerBytes,
    headers: {
      ...Object.fromEntries(asked),
      host: target.url.host,
      'user-agent': 'Siegel',
      'accept-encoding': 'identity',
      connection: 'close',
      ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
    },
  };
}

/** A name server that does not answer takes no more than the request's own time. */
function orTimeout<T, E extends { readonly kind: string }>(
  work: Promise<Result<T, E>>,
  signal: AbortSignal,
): Promise<Result<T, E | { readonly kind: 'timeout' }>> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(err({ kind: 'timeout' })), { once: true });
    work.then(resolve, reject);
  });
}
