// A house whose letters leave to peers on loopback: the whole program, names from a fake name server, letters handed in by a test.

import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startDnsServer, type DnsServerFake, type Zone } from './fakes/dns-server.ts';
import { freePort, startProgram, type RunningProgram } from './running-program.ts';

/** What delivery-program.ts is told. */
export interface DeliveryOrder {
  readonly peerPort: number;
  readonly doorPort: number;
  readonly retriesMs?: readonly number[];
  readonly isUnlimited?: boolean;
  /** Certificates to trust, and where policies are served: other people's servers on loopback. */
  readonly trustPem?: string;
  readonly policyPort?: number;
  /** The twin: progress is not noted and ends are not erased. */
  readonly forgetsProgress?: boolean;
}

export interface HandedIn {
  readonly token: string;
  readonly accountId: string;
  readonly from: string;
  readonly recipients: readonly string[];
  /** The envelope's sender where it is another than `from`: '' for a notice. */
  readonly mailFrom?: string;
  readonly dueMs?: number;
  readonly letter: string;
  /** An operator has looked at the account: no brake. */
  readonly trust?: boolean;
}

export interface DeliveryHouse extends AsyncDisposable {
  readonly names: DnsServerFake;
  program: RunningProgram;
  /** A connection to the test's door; ends when the program does. */
  open(): Promise<HandInDoor>;
}

export interface HandInAnswer {
  readonly ok: boolean;
  readonly kind?: string;
  readonly submissionId?: string;
}

export interface HandInDoor {
  /** What the queue said; rejects when the program ended before it did. */
  handIn(letter: HandedIn): Promise<HandInAnswer>;
  close(): void;
}

/** Domains named `*.test` lead to these hosts; each host listens on `peerPort` of an own loopback address. */
export function zoneOf(domains: Readonly<Record<string, string>>): Zone {
  return Object.fromEntries(
    Object.entries(domains).flatMap(([domain, address]) => [
      [domain, { MX: [{ priority: 10, exchange: `mx.${domain}` }] }],
      [`mx.${domain}`, { A: [address] }],
    ]),
  );
}

export async function openDeliveryHouse(
  order: Omit<DeliveryOrder, 'doorPort'>,
  zone: Zone,
  env: Readonly<Record<string, string>> = {},
): Promise<DeliveryHouse> {
  const names = await startDnsServer(zone);
  const doorPort = await freePort();
  const program = await startProgram({
    script: fileURLToPath(new URL('delivery-program.ts', import.meta.url)),
    env: {
      ...env,
      SIEGEL_DNS: names.endpoint,
      SIEGEL_OUTBOUND_PRIVATE: '1',
      DELIVERY_ORDER: JSON.stringify({ ...order, doorPort }),
    },
  });
  const house: DeliveryHouse = {
    names,
    program,
    open: () => openHandIn(doorPort),
    async [Symbol.asyncDispose]() {
      await house.program.stop();
      await names.close();
    },
  };
  return house;
}

function openHandIn(port: number): Promise<HandInDoor> {
  const waiting = new Map<string, { resolve: (answer: HandInAnswer) => void; reject: (cause: Error) => void }>();
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const lose = (): void => {
      for (const { reject: refuse } of waiting.values()) refuse(new Error('the program ended'));
      waiting.clear();
    };
    socket.once('error', reject);
    socket.on('error', lose);
    socket.on('close', lose);
    createInterface({ input: socket })
      .on('line', (line) => {
        const answer = JSON.parse(line) as HandInAnswer & { token: string };
        waiting.get(answer.token)?.resolve(answer);
        waiting.delete(answer.token);
      })
      .on('error', lose);
    socket.once('connect', () =>
      resolve({
        handIn: (letter) =>
          new Promise((answered, refused) => {
            if (socket.destroyed) return refused(new Error('the program ended'));
            waiting.set(letter.token, { resolve: answered, reject: refused });
            socket.write(`${JSON.stringify(letter)}\n`);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

export function letterText(from: string, to: string, token: string, words = 60): string {
  const text = [`From: <${from}>`, `To: <${to}>`, `Subject: ${token}`, 'Date: Sun, 17 May 2026 10:20:00 +0000'];
  return `${text.join('\r\n')}\r\nMessage-ID: <${token}@siegel.test>\r\n\r\n${'some words '.repeat(words)}\r\n`;
}

/** How many letters wait, as the operator sees it. */
export async function countWaiting(program: RunningProgram): Promise<number> {
  const listed = await program.siegel(['queue', 'list', '--json']);
  if (listed.code !== 0) throw new Error(listed.stdout + listed.stderr);
  return (JSON.parse(listed.stdout) as { waiting: number }).waiting;
}
