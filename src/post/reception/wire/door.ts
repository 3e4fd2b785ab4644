// The door for letters from other servers: SMTP on a port and LMTP on a unix socket.

import { ok, type Result } from '#base/result.ts';
import { findRecipient, mergeRecipients } from '../checks/recipient.ts';
import type { ReceptionNeighbours, Recipient } from '../neighbours.ts';
import type { Conduct, WireRefusal } from '../../wire/conduct.ts';
import { createPlaceGate, type LetterPlace } from '../../wire/letter-place.ts';
import type { LettersInFlight } from '../../wire/letters-in-flight.ts';
import { DoorSockets, type Certificate, type Entrance, type SocketOptions } from '../../wire/sockets.ts';
import type { LetterRefusal, TakeLetter } from './incoming-letter.ts';

export interface DoorOptions extends SocketOptions {
  readonly smtpHost?: string;
  /** 0: any free port; undefined: no SMTP. */
  readonly smtpPort: number | undefined;
  readonly lmtpSocket?: string | undefined;
}

export interface DoorNeighbours extends Pick<ReceptionNeighbours, 'findRecipients' | 'mayAccept'> {
  readonly takeLetter: TakeLetter;
  readonly places?: readonly LetterPlace[];
}

export interface Door {
  listen(): Promise<{ readonly smtpPort: number | undefined; readonly lmtpSocket: string | undefined }>;
  /** Idle clients are told at once; letters under way get some seconds; then all is cut. */
  close(): Promise<void>;
  /** A renewed certificate, for connections from now on. */
  useCertificate(tls: Certificate): void;
  readonly inFlight: LettersInFlight;
  readonly connections: number;
}

/** The sockets alone; `createReception` puts the letter's way behind them. */
export function createDoor(options: DoorOptions, neighbours: DoorNeighbours): Door {
  const { smtpHost = '127.0.0.1', smtpPort, lmtpSocket } = options;
  const both = { conduct: () => conductOf(options.domain, neighbours), trustsOurs: true };
  const smtp: Entrance<readonly Recipient[]>[] =
    smtpPort === undefined
      ? []
      : [{ ...both, protocol: 'smtp', where: { host: smtpHost, port: smtpPort }, mayStartTls: true }];
  const lmtp: Entrance<readonly Recipient[]>[] =
    lmtpSocket === undefined ? [] : [{ ...both, protocol: 'lmtp', where: { path: lmtpSocket }, mayStartTls: false }];
  const sockets = new DoorSockets(options, [...smtp, ...lmtp]);
  return {
    async listen() {
      const [port] = await sockets.listen();
      return { smtpPort: smtpPort === undefined ? undefined : port, lmtpSocket };
    },
    close: () => sockets[Symbol.asyncDispose](),
    useCertificate: (tls) => sockets.useCertificate(tls),
    inFlight: sockets.inFlight,
    get connections() {
      return sockets.connections;
    },
  };
}

/** Of one connection: it remembers only for which place the letter at hand is. */
function conductOf(domain: string, neighbours: DoorNeighbours): Conduct<readonly Recipient[]> {
  const gate = createPlaceGate(neighbours.places ?? [], false);
  return {
    extensions: () => [],
    checkSender({ sender, sizeBytes }) {
      gate.begin(sender, sizeBytes);
      const accepting = neighbours.mayAccept();
      return accepting.ok ? undefined : accepting.error.kind;
    },
    findRecipient(recipient) {
      const found = gate.find(recipient);
      if (found === undefined) return findRecipient((address) => neighbours.findRecipients(address), recipient, domain);
      return found instanceof Promise ? found.then(withoutReaders) : withoutReaders(found);
    },
    async takeLetter({ accepted, ...letter }) {
      if (gate.place !== undefined) return gate.place.take(letter, false);
      const taken: Result<void, LetterRefusal> = await neighbours.takeLetter({
        ...letter,
        recipients: mergeRecipients(accepted),
      });
      return taken.ok ? { ok: true, value: `sealed, id=${letter.traceId}` } : taken;
    },
  };
}

/** The place reads it, and no mailbox gets it. */
function withoutReaders(found: Result<void, WireRefusal>): Result<readonly Recipient[], WireRefusal> {
  return found.ok ? ok([]) : found;
}
