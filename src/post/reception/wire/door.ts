// The door: SMTP on a port and LMTP on a unix socket, from greeting to the answer that a letter is safe.

import { chmod, unlink } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Network } from '#base/config/values.ts';
import { createSecureContext, type SecureContext } from 'node:tls';
import { systemClock, type Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { silentLog, type Log } from '#base/log/log.ts';
import { formatReply } from '#formats/smtp/smtp-reply.ts';
import { createLettersInFlight, type LettersInFlight } from '../checks/letters-in-flight.ts';
import { createPeerLimits, type PeerLimits } from '../checks/peer-limits.ts';
import { plainPeer, trustNetworks, type TrustedNetworks } from '../checks/trusted-networks.ts';
import type { ReceptionNeighbours } from '../neighbours.ts';
import { replyToRefusal } from '../refusals.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { LetterSource, TakeLetter } from './incoming-letter.ts';
import { Session, type SessionOptions } from './session.ts';

export interface DoorOptions {
  /** The name in greetings and in what we write into letters. */
  readonly domain: string;
  readonly smtpHost?: string;
  /** 0: any free port; undefined: no SMTP. */
  readonly smtpPort: number | undefined;
  readonly lmtpSocket?: string | undefined;
  readonly trustedNetworks: readonly Network[];
  readonly tls?: { readonly keyPem: string; readonly certificatePem: string } | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Tests turn single bounds down. */
  readonly bounds?: Partial<DoorBounds>;
}

export type DoorBounds = { readonly [K in keyof typeof limits.smtp]: number };

export interface DoorNeighbours extends Pick<ReceptionNeighbours, 'findRecipients' | 'mayAccept'> {
  readonly takeLetter: TakeLetter;
}

export interface Door {
  listen(): Promise<{ readonly smtpPort: number | undefined; readonly lmtpSocket: string | undefined }>;
  /** Idle clients are told at once; letters under way get some seconds; then all is cut. */
  close(): Promise<void>;
  /** A renewed certificate, for connections from now on. */
  useCertificate(tls: { readonly keyPem: string; readonly certificatePem: string }): void;
  readonly inFlight: LettersInFlight;
  readonly connections: number;
}

/** The sockets alone; `createReception` puts the letter's way behind them. */
export function createDoor(options: DoorOptions, neighbours: DoorNeighbours): Door {
  return new SocketDoor(options, neighbours);
}

class SocketDoor implements Door {
  readonly inFlight: LettersInFlight;
  readonly #options: DoorOptions;
  readonly #neighbours: DoorNeighbours;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds: DoorBounds;
  readonly #ourNetworks: TrustedNetworks;
  readonly #peers: PeerLimits;
  readonly #open = new Set<Connection>();
  // a client that has sent everything may close its half and still wait for the answer
  readonly #smtp = createServer({ allowHalfOpen: true }, (socket) => this.#welcome(socket, 'smtp'));
  readonly #lmtp = createServer({ allowHalfOpen: true }, (socket) => this.#welcome(socket, 'lmtp'));
  #secureContext: SecureContext | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: DoorOptions, neighbours: DoorNeighbours) {
    this.#options = options;
    this.#neighbours = neighbours;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#bounds = { ...limits.smtp, ...options.bounds };
    this.#ourNetworks = trustNetworks(options.trustedNetworks);
    this.#peers = createPeerLimits(this.#clock, this.#bounds);
    this.#secureContext = contextOf(options.tls);
    this.inFlight = createLettersInFlight(this.#bounds.lettersInFlightBytes);
  }

  get connections(): number {
    return this.#open.size;
  }

  async listen(): Promise<{ readonly smtpPort: number | undefined; readonly lmtpSocket: string | undefined }> {
    this.#sweep = setInterval(() => {
      const nowMs = this.#clock.monotonicMs();
      for (const connection of this.#open) connection.checkDeadline(nowMs);
    }, this.#bounds.sweepMs);
    const { smtpHost = '127.0.0.1', smtpPort, lmtpSocket } = this.#options;
    if (smtpPort !== undefined) await listenOn(this.#smtp, { host: smtpHost, port: smtpPort });
    if (lmtpSocket !== undefined) await listenOnPath(this.#lmtp, lmtpSocket);
    const address = this.#smtp.address();
    return { smtpPort: isInet(address) ? address.port : undefined, lmtpSocket };
  }

  async close(): Promise<void> {
    const closed = [this.#smtp, this.#lmtp].filter((server) => server.listening).map(closeServer);
    for (const connection of this.#open) connection.closeSoon();
    const cutAll = (): void => {
      for (const connection of this.#open) connection.destroy();
    };
    const giveUp = setTimeout(cutAll, this.#bounds.closeWaitMs);
    await Promise.all(closed);
    clearTimeout(giveUp);
    cutAll();
    clearInterval(this.#sweep);
  }

  useCertificate(tls: NonNullable<DoorOptions['tls']>): void {
    this.#secureContext = contextOf(tls);
  }

  #welcome(socket: Socket, protocol: 'smtp' | 'lmtp'): void {
    const bounds = this.#bounds;
    const peer = plainPeer(socket.remoteAddress);
    const exempt = protocol === 'lmtp' || this.#ourNetworks.has(peer);
    const admitted = this.#peers.admit(peer, exempt);
    if (!admitted.ok) return turnAway(socket, formatReply(replyToRefusal(admitted.error.kind)), bounds.writeWaitMs);
    const seat = admitted.value;
    const source: LetterSource = { protocol, peer, greetingName: '', tlsVersion: undefined, trusted: exempt };
    const tlsOffered = this.#secureContext !== undefined && protocol === 'smtp';
    const options = { ...bounds, ...sizes(bounds), domain: this.#options.domain, tlsOffered };
    const neighbours = { ...this.#neighbours, inFlight: this.inFlight, noteError: () => seat.noteError() };
    const connection = new Connection(this.#clock, this.#log, connectionOptions(bounds, this.#secureContext), {
      socket,
      session: new Session(this.#clock, options, neighbours, source),
      onClose: () => {
        this.#open.delete(connection);
        seat.leave();
      },
    });
    this.#open.add(connection);
    connection.start();
  }
}

function sizes(bounds: DoorBounds): Pick<SessionOptions, 'letterBytesMax'> {
  return { letterBytesMax: bounds.letterBytes };
}

function connectionOptions(bounds: DoorBounds, secureContext: SecureContext | undefined): ConnectionOptions {
  return { ...bounds, lineBytesMax: bounds.commandLineBytes, secureContext };
}

function contextOf(tls: DoorOptions['tls']): SecureContext | undefined {
  if (tls === undefined) return undefined;
  return createSecureContext({ key: tls.keyPem, cert: tls.certificatePem, minVersion: 'TLSv1.2' });
}

function turnAway(socket: Socket, text: string, waitMs: number): void {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(waitMs, () => socket.destroy());
  socket.end(text);
  socket.resume();
  socket.on('end', () => socket.destroy());
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

function isInet(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
