// The whole program, with a door of its own through which a test hands letters to the queue; started by delivery-house.ts.

import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { clockOf, readConfig } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import { parseId, type AccountId } from '#base/ids.ts';
import { createLog } from '#base/log/log.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { createResolveName } from '#base/outgoing/resolve-name.ts';
import type { PeerTransportOptions } from '#post/delivery/peer/peer-transport.ts';
import type { QueueRows } from '#post/delivery/queue/neighbours.ts';
import { startServer, type Server } from '../src/programs/server.ts';
import type { DeliveryOrder, HandedIn } from './delivery-house.ts';

const order = JSON.parse(process.env['DELIVERY_ORDER'] ?? '') as DeliveryOrder;
const config = readConfig();
if (!config.ok) throw new Error(config.error.sentence);
/** For the twin: rows that remember no more than its live store does. */
const known: QueueRows['known'] = async (ids) =>
  new Map(ids.map(({ submissionId }) => [submissionId, { isOver: false, delivered: 0 }] as const));
const started = await startServer(config.value, createLog(config.value.log), undefined, {
  delivery: {
    transport: { port: order.peerPort, mayPrivate: true, ...policiesOnLoopback() },
    live: { forgetsProgress: order.forgetsProgress ?? false },
    ...(order.forgetsProgress ? { rows: { known } } : {}),
    isUnlimited: order.isUnlimited ?? false,
    ...(order.retriesMs ? { retriesMs: order.retriesMs } : {}),
  },
});
if (!started.ok) throw new Error(started.error.sentence);
const server: Server = started.value;
const door = createServer((socket) => serve(socket)).listen(order.doorPort, '127.0.0.1');
process.once('SIGTERM', () => {
  door.close();
  void server[Symbol.asyncDispose]().then(() => process.exit(0));
});

/** The program's own door outside, that trusts the authority of the test too. */
function policiesOnLoopback(): Partial<PeerTransportOptions> {
  const { trustPem, policyPort } = order;
  if (trustPem === undefined || policyPort === undefined || !config.ok) return {};
  const resolve = createResolveName(createDns(clockOf(config.value), { servers: config.value.dns }));
  return { trustPem, policyPort, outgoing: createOutgoing({ resolve, mayPrivate: true, trustPem }) };
}

function serve(socket: Socket): void {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    void take(JSON.parse(line) as HandedIn).then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
  });
}

async function take(letter: HandedIn): Promise<unknown> {
  const accountId = parseId<AccountId>(letter.accountId);
  if (accountId === undefined) throw new Error('not an account');
  if (letter.trust) await server.delivery.queue.release(accountId);
  if (letter.recipients.length === 0) return { token: letter.token, ok: true };
  const taken = await server.delivery.queue.submit({
    accountId,
    actor: { kind: 'session', id: new Uint8Array(16) },
    letterId: null,
    identity: letter.from,
    mailFrom: letter.mailFrom ?? letter.from,
    recipients: letter.recipients,
    plainLetter: Buffer.from(letter.letter, 'base64'),
    dueMs: letter.dueMs ?? 0,
  });
  const told = taken.ok ? { submissionId: taken.value.submissionId } : { kind: taken.error.kind };
  return { token: letter.token, ok: taken.ok, ...told };
}
