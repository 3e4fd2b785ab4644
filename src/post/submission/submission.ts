// The door for mail programs: STARTTLS on one port, TLS from the first byte on the other (RFC 6409, RFC 8314).

import { systemClock } from '#base/clock.ts';
import type { AccountId, AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import type { Address } from '#formats/smtp/address.ts';
import { DoorSockets, type Certificate, type Entrance, type SocketOptions } from '../wire/sockets.ts';
import { createConduct, type ConductParts } from './conduct.ts';
import { HandOver } from './hand-over.ts';
import type { SubmissionNeighbours } from './neighbours.ts';
import { createSeats, type SeatBounds } from './seats.ts';

export type * from './neighbours.ts';

export interface SubmissionOptions extends SocketOptions {
  /** Loopback where there is no certificate: the caller sees to it. */
  readonly host: string;
  /** 0: any free port; undefined: none. */
  readonly startTlsPort: number | undefined;
  /** Only with a certificate. */
  readonly tlsPort: number | undefined;
  /** Tests turn these down. */
  readonly seatBounds?: Partial<SeatBounds>;
  /** Names Sent copies; the same after a restart. */
  readonly idKey: Uint8Array;
}

export interface Submission {
  listen(): Promise<{ readonly startTlsPort: number | undefined; readonly tlsPort: number | undefined }>;
  close(): Promise<void>;
  useCertificate(tls: Certificate): void;
  /** Ends what signed in with this app password, or (undefined) with any of the account. */
  endSessions(accountId: AccountId, id: AppPasswordId | undefined): void;
  readonly connections: number;
}

export function createSubmission(options: SubmissionOptions, neighbours: SubmissionNeighbours): Submission {
  const { clock = systemClock, log = silentLog, domain, tls, host } = options;
  const seats = createSeats(clock, { ...limits.submission, ...options.seatBounds });
  const handOver = new HandOver(clock, neighbours, options.idKey);
  const parts: ConductParts = { clock, log, domain, mayBeClear: tls === undefined, neighbours, seats, handOver };
  const entrance = (port: number | undefined, isTlsFirst: boolean): readonly Entrance<Address>[] =>
    port === undefined
      ? []
      : [
          {
            protocol: 'submission',
            where: { host, port },
            isTlsFirst,
            mayStartTls: !isTlsFirst,
            trustsOurs: false,
            conduct: (guest) => createConduct(parts, guest),
          },
        ];
  const { startTlsPort } = options;
  const tlsPort = tls === undefined ? undefined : options.tlsPort;
  const sockets = new DoorSockets(options, [...entrance(startTlsPort, false), ...entrance(tlsPort, true)]);
  return {
    async listen() {
      const ports = [...(await sockets.listen())];
      const take = (asked: number | undefined): number | undefined => (asked === undefined ? undefined : ports.shift());
      return { startTlsPort: take(startTlsPort), tlsPort: take(tlsPort) };
    },
    close: () => sockets[Symbol.asyncDispose](),
    useCertificate: (certificate) => sockets.useCertificate(certificate),
    endSessions: (accountId, id) => seats.end(accountId, id),
    get connections() {
      return sockets.connections;
    },
  };
}
