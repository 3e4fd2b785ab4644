// What tests of the transport share: name server, peers and transport on 127.0.0.1, ended with the test.

import type { TestContext } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { createDns } from '#base/dns/dns.ts';
import { startDnsServer, type Zone } from '../../../../test/fakes/dns-server.ts';
import { startHostilePeer, type HostilePeer, type PeerConduct } from '../../../../test/fakes/hostile-peer.ts';
import type { Parcel, RecipientOutcome } from '../transport.ts';
import { createPeerTransport, type PeerTransport, type PeerTransportOptions } from './peer-transport.ts';

export interface TestWorld {
  readonly peer: HostilePeer;
  readonly transport: PeerTransport;
  /** Outcomes that the queue was told of, in order. */
  readonly settled: readonly RecipientOutcome[];
  send(parcel?: Partial<Parcel>): Promise<readonly RecipientOutcome[]>;
}

export const PLAIN_LETTER =
  'From: Anna <anna@siegel.test>\r\nTo: ben@there.test\r\nSubject: A letter\r\nDate: Sun, 17 May 2026 10:00:00 +0000\r\n' +
  'Message-ID: <1@siegel.test>\r\n\r\nHello Ben,\r\n.\r\n..two dots\r\nAnna\r\n';

export const ONE_HOST: Zone = {
  'there.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }] },
  'mx.there.test': { A: ['127.0.0.1'] },
};

export interface WorldOptions extends Partial<Omit<PeerTransportOptions, 'dns'>> {
  readonly zone?: Zone;
}

export async function openWorld(t: TestContext, conduct: PeerConduct, options: WorldOptions = {}): Promise<TestWorld> {
  const { zone = ONE_HOST, ...rest } = options;
  const names = await startDnsServer(zone);
  const peer = await startHostilePeer(conduct);
  const transport = createPeerTransport({
    clock: systemClock,
    dns: createDns(systemClock, { servers: [names], tryWaitMs: 200 }),
    greetingName: 'mx.siegel.test',
    mayPrivate: true,
    port: peer.port,
    ...rest,
    waits: {
      connectMs: 1_000,
      greetingMs: 400,
      commandMs: 400,
      dataStartMs: 400,
      dataBlockMs: 400,
      dataEndMs: 400,
      ...rest.waits,
    },
  });
  t.after(async () => {
    await peer[Symbol.asyncDispose]();
    await transport[Symbol.asyncDispose]();
    await names.close();
  });
  const settled: RecipientOutcome[] = [];
  return {
    peer,
    transport,
    settled,
    send: (parcel = {}) =>
      transport.deliver(parcelOf(parcel), async (outcomes) => {
        settled.push(...outcomes);
      }),
  };
}

export function parcelOf(parcel: Partial<Parcel>): Parcel {
  return {
    mailFrom: 'anna@siegel.test',
    domain: 'there.test',
    recipients: ['ben@there.test'],
    bytes: Buffer.from(PLAIN_LETTER),
    ...parcel,
  };
}

/** `kind code enhanced tls`, in the order of the recipients. */
export function inShort(outcomes: readonly RecipientOutcome[]): readonly string[] {
  return outcomes.map(({ kind, code, enhanced, tls }) => `${kind} ${code} ${enhanced} ${tls}`);
}
