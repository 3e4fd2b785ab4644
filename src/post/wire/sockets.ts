// The sockets of a door: who is let in, a dialogue for each, certificates that change, and an end that lets letters finish.

import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { systemClock, type Clock } from '#base/clock.ts';
import type { Network } from '#base/config/values.ts';
import { limits } from '#base/limits.ts';
import { silentLog, type Log } from '#base/log/log.ts';
import { formatReply } from '#formats/smtp/smtp-reply.ts';
import type { Conduct, LetterSource } from './conduct.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { createLettersInFlight, type LettersInFlight } from './letters-in-flight.ts';
import { createPeerLimits, type PeerLimits } from './peer-limits.ts';
import { replyToRefusal, type RefusalKind } from './refusals.ts';
import { Session } from './session.ts';
import { plainPeer, trustNetworks, type TrustedNetworks } from './trusted-networks.ts';

export type DoorBounds = { readonly [K in keyof typeof limits.smtp]: number };

/** PEM, key and chain. */
export interface Certificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface SocketOptions {
  /** The name in greetings. */
  readonly domain: string;
  /** No limits by address for these. */
  readonly trustedNetworks: readonly Network[];
  readonly tls?: Certificate | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Tests turn single bounds down. */
  readonly bounds?: Partial<DoorBounds>;
}

/** One place to knock at. */
export interface Entrance<R> {
  readonly protocol: LetterSource['protocol'];
  readonly where: { readonly host: string; readonly port: number } | { readonly path: string };
  /** TLS from the first byte; else STARTTLS where there is a certificate and `mayStartTls`. */
  readonly isTlsFirst?: boolean;
  readonly mayStartTls: boolean;
  /** Whether letters of our own networks skip checks and limits of errors. */
  readonly trustsOurs: boolean;
  /** Called for each connection. */
  readonly conduct: (guest: Guest) => Conduct<R>;
}

/** What the conduct of a connection may do with it. */
export interface Guest {
  /** Tells it why and hangs up, as soon as no letter is under way. */
  end(kind: RefusalKind): void;
  onLeave(listener: () => void): void;
}

interface Open<R> {
  readonly entrance: Entrance<R>;
  readonly server: Server;
}

export class DoorSockets<R> implements AsyncDisposable {
  readonly inFlight: LettersInFlight;
  readonly #options: SocketOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds: DoorBounds;
  readonly #ourNetworks: TrustedNetworks;
  readonly #peers: PeerLimits;
  readonly #connections = new Set<Connection>();
  readonly #open: readonly Open<R>[];
  #secureContext: SecureContext | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: SocketOptions, entrances: readonly Entrance<R>[]) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#bounds = { ...limits.smtp, ...options.bounds };
    this.#ourNetworks = trustNetworks(options.trustedNetworks);
    this.#peers = createPeerLimits(this.#clock, this.#bounds);
    this.#secureContext = contextOf(options.tls);
    this.inFlight = createLettersInFlight(this.#bounds.lettersInFlightBytes);
    // a client that has sent everything may close its half and still wait for the answer
    this.#open = entrances.map((entrance) => ({
      entrance,
      server: createServer({ allowHalfOpen: true }, (socket) => this.#welcome(socket, entrance)),
    }));
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** The port of each entrance, in order; undefined for a unix socket. */
  async listen(): Promise<readonly (number | undefined)[]> {
    this.#sweep ??= setInterval(() => {
      const nowMs = this.#clock.monotonicMs();
      for (const connection of this.#connections) connection.checkDeadline(nowMs);
    }, this.#bounds.sweepMs);
    for (const { entrance, server } of this.#open) {
      const { where } = entrance;
      await ('path' in where ? listenOnPath(server, where.path) : listenOn(server, where));
    }
    return this.#open.map(({ server }) => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : undefined;
    });
  }

  /** Idle clients are told at once; letters under way get some seconds; then all is cut. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#open.filter(({ server }) => server.listening).map(({ server }) => closeServer(server));
    for (const connection of this.#connections) connection.closeSoon('closing');
    const cutAll = (): void => {
      for (const connection of this.#connections) connection.destroy();
    };
    const giveUp = setTimeout(cutAll, this.#bounds.closeWaitMs);
    await Promise.all(closed);
    clearTimeout(giveUp);
    cutAll();
    clearInterval(this.#sweep);
  }

  /** A renewed certificate, for connections from now on. */
  useCertificate(tls: Certificate): void {
    this.#secureContext = contextOf(tls);
  }

  #welcome(socket: Socket, entrance: Entrance<R>): void {
    const { protocol } = entrance;
    const bounds = this.#bounds;
    const peer = plainPeer(socket.remoteAddress);
    const isOurs = protocol === 'lmtp' || this.#ourNetworks.has(peer);
    const admitted = this.#peers.admit(peer, isOurs);
    if (!admitted.ok) return this.#turnAway(socket, entrance, admitted.error.kind);
    const seat = admitted.value;
    const trusted = isOurs && entrance.trustsOurs;
    const source: LetterSource = { protocol, peer, greetingName: '', tlsVersion: undefined, trusted };
    const tlsOffered = entrance.mayStartTls && this.#secureContext !== undefined;
    const leaving: (() => void)[] = [];
    const guest: Guest = {
      end: (kind) => connection.closeSoon(kind),
      onLeave: (listener) => void leaving.push(listener),
    };
    const options = { ...bounds, letterBytesMax: bounds.letterBytes, domain: this.#options.domain, tlsOffered };
    const neighbours = {
      conduct: entrance.conduct(guest),
      inFlight: this.inFlight,
      noteError: () => seat.noteError(),
    };
    const connection = new Connection(this.#clock, this.#log, this.#connectionOptions(entrance), {
      socket,
      session: new Session(this.#clock, options, neighbours, source),
      onClose: () => {
        this.#connections.delete(connection);
        seat.leave();
        for (const listener of leaving) listener();
      },
    });
    this.#connections.add(connection);
    connection.start();
  }

  #connectionOptions({ isTlsFirst = false }: Entrance<R>): ConnectionOptions {
    const bounds = this.#bounds;
    return { ...bounds, lineBytesMax: bounds.commandLineBytes, secureContext: this.#secureContext, isTlsFirst };
  }

  /** Where TLS comes first there is nobody to read a sentence yet. */
  #turnAway(socket: Socket, { isTlsFirst = false }: Entrance<R>, kind: RefusalKind): void {
    socket.on('error', () => socket.destroy());
    if (isTlsFirst) return void socket.destroy();
    socket.setTimeout(this.#bounds.writeWaitMs, () => socket.destroy());
    socket.end(formatReply(replyToRefusal(kind)));
    socket.resume();
    socket.on('end', () => socket.destroy());
  }
}

function contextOf(tls: Certificate | undefined): SecureContext | undefined {
  if (tls === undefined) return undefined;
  return createSecureContext({ key: tls.keyPem, cert: tls.certificatePem, minVersion: 'TLSv1.2' });
}

function listenOn(server: Server, where: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog: 1_024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A socket file left by a process that was killed is replaced; only owner and group may connect. */
async function listenOnPath(server: Server, path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
  await listenOn(server, { path });
  await chmod(path, 0o660);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
