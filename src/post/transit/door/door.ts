// The room's own door: SMTP for letters with documents. The 250 is held until the result is taken and everything is erased (RFC 5321 §§4.2.5, 4.5.3.2.6).

import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { formatAddress, normaliseAddress, type Address } from '#formats/smtp/address.ts';
import type { Conduct } from '../../wire/conduct.ts';
import { DoorSockets, type Certificate, type SocketOptions } from '../../wire/sockets.ts';
import { wipe } from '../control/wipe.ts';
import type { TransitNeighbours } from './neighbours.ts';
import { profileOf } from './place.ts';
import { takeDocuments, type TakeOptions } from './take-letter.ts';

export type * from './neighbours.ts';

export interface TransitDoorOptions extends Omit<SocketOptions, 'trustedNetworks'>, TakeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface TransitDoor {
  /** The port. */
  listen(): Promise<number>;
  close(): Promise<void>;
  useCertificate(tls: Certificate): void;
  readonly connections: number;
}

export function createTransitDoor(options: TransitDoorOptions, neighbours: TransitNeighbours): TransitDoor {
  const { host, port, bounds } = options;
  // one recipient for each letter: each has a profile, and one answer
  const socketOptions = { ...options, trustedNetworks: [], bounds: { ...bounds, recipientsMax: 1 } };
  const conduct = conductOf(options, neighbours);
  const sockets = new DoorSockets<Address>(socketOptions, [
    { protocol: 'smtp', where: { host, port }, mayStartTls: true, trustsOurs: false, conduct: () => conduct },
  ]);
  return {
    listen: async () => (await sockets.listen())[0] ?? 0,
    close: () => sockets[Symbol.asyncDispose](),
    useCertificate: (tls) => sockets.useCertificate(tls),
    get connections() {
      return sockets.connections;
    },
  };
}

function conductOf(options: TransitDoorOptions, neighbours: TransitNeighbours): Conduct<Address> {
  return {
    extensions: () => [],
    async checkSender({ sender, sizeBytes }) {
      if (sender === undefined) return 'transitNoSender';
      const registered = await neighbours.maySend(formatAddress(normaliseAddress(sender)));
      if (registered !== 'yes') return registered === 'no' ? 'transitUnregistered' : 'transitClosed';
      const hasRoom = await neighbours.hasRoomFor(sizeBytes ?? limits.smtp.letterBytesUsual);
      return hasRoom ? undefined : 'transitNoRoom';
    },
    findRecipient(recipient) {
      const profile = profileOf(recipient, options.domain);
      if (recipient === 'postmaster' || profile === 'unknown') return err({ kind: 'unknown' });
      if (profile === undefined) return err({ kind: recipient.domain === options.domain ? 'unknown' : 'notOurs' });
      return ok(recipient);
    },
    async takeLetter({ plainLetter, sender, accepted, source, receivedMs }) {
      const [recipient] = accepted;
      if (sender === undefined || recipient === undefined) return err({ kind: 'transitNoSender' });
      const letter = { plainLetter, sender, recipient, source, receivedMs, isSignedIn: false };
      try {
        return await takeDocuments(letter, options, neighbours);
      } finally {
        wipe([plainLetter]);
      }
    },
  };
}
