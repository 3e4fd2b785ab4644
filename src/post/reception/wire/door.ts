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
import { createPeerLimits } from '../checks/peer-limits.ts';
import { trustNetworks, plainPeer } from '../checks/trusted-networks.ts';
import type { ReceptionNeighbours } from '../neighbours.ts';
import { replyToRefusal } from '../refusals.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { LetterSource, TakeLetter } from './incoming-letter.ts';
import { Session, type SessionNeighbours, type SessionOptions } from './session.ts';

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
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const bounds: DoorBounds = { ...limits.smtp, ...options.bounds };
  const ourNetworks = trustNetworks(options.trustedNetworks);
  const inFlight = createLettersInFlight(bounds.lettersInFlightBytes);
  const peers = createPeerLimits(clock, bounds);
  const open = new Set<Connection>();
  let secureContext = contextOf(options.tls);
  let sweep: NodeJS.Timeout | undefined;

  function welcome(socket: Socket, protocol: 'smtp' | 'lmtp'): void {
    const peer = plainPeer(socket.remoteAddress);
    const exempt = protocol === 'lmtp' || ourNetworks.has(peer);
    const seat = peers.admit(peer, exempt);
    if (!seat.ok) return turnAway(socket, formatReply(replyToRefusal(seat.error.kind)), bounds.writeWaitMs);
    const source: LetterSource = { protocol, peer, greetingName: '', tlsVersion: undefined, trusted: exempt };
    const tlsOffered = secureContext !== undefined && protocol === 'smtp';
    const sessionOptions: SessionOptions = { ...bounds, ...sizes(bounds), domain: options.domain, tlsOffered };
    const sessionNeighbours: SessionNeighbours = { ...neighbours, inFlight, noteError: () => seat.value.noteError() };
    const connection = new Connection(clock, log, connectionOptions(bounds, secureContext), {
      socket,
      session: new Session(clock, sessionOptions, sessionNeighbours, source),
      onClose: () => {
        open.delete(connection);
        seat.value.leave();
      },
    });
    open.add(connection);
    connection.start();
  }

  // a client that has sent everything may close its half and still wait for the answer
  const smtp = createServer({ allowHalfOpen: true }, (socket) => welcome(socket, 'smtp'));
  const lmtp = createServer({ allowHalfOpen: true }, (socket) => welcome(socket, 'lmtp'));

  return {
    async listen() {
      sweep = setInterval(() => {
        const nowMs = clock.monotonicMs();
        for (const connection of open) connection.checkDeadline(nowMs);
      }, bounds.sweepMs);
      const { smtpPort, lmtpSocket } = options;
      if (smtpPort !== undefined) await listenOn(smtp, { host: options.smtpHost ?? '127.0.0.1', port: smtpPort });
      if (lmtpSocket !== undefined) await listenOnPath(lmtp, lmtpSocket);
      const address = smtp.address();
      return { smtpPort: isInet(address) ? address.port : undefined, lmtpSocket };
    },
    async close() {
      const closed = [smtp, lmtp].filter((server) => server.listening).map(closeServer);
      for (const connection of open) connection.closeSoon();
      const giveUp = setTimeout(() => {
        for (const connection of open) connection.destroy();
      }, bounds.closeWaitMs);
      await Promise.all(closed);
      clearTimeout(giveUp);
      for (const connection of open) connection.destroy();
      clearInterval(sweep);
    },
    useCertificate(tls) {
      secureContext = contextOf(tls);
    },
    inFlight,
    get connections() {
      return open.size;
    },
  };
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
