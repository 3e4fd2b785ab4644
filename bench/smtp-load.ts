// Sends letters over N connections as fast as the server answers, pipelined (RFC 2920), and measures each from MAIL to 250.

import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { codesOf } from './smtp-replies.ts';

export interface LoadOrder {
  /** TCP port on 127.0.0.1, or a unix socket's path for LMTP. */
  readonly target: number | string;
  readonly protocol: 'smtp' | 'lmtp';
  readonly connections: number;
  readonly letters: number;
  readonly from: string;
  readonly recipients: readonly string[];
  /** Whole letters as they go over the wire: dots doubled, closed by CRLF.CRLF. Used in turn. */
  readonly wire: readonly Uint8Array[];
}

export interface LoadFigures {
  readonly sent: number;
  readonly temporaryRefusals: number;
  readonly permanentRefusals: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One connection: greets once, then takes letters from `next` until there are none. */
async function runConnection(
  order: LoadOrder,
  next: () => number,
  times: number[],
  refusals: { temporary: number; permanent: number },
): Promise<void> {
  const socket = typeof order.target === 'number' ? connect(order.target, '127.0.0.1') : connect(order.target);
  socket.setNoDelay(true);
  const expect = codesOf(socket);
  await expect();
  socket.write(order.protocol === 'smtp' ? 'EHLO bench.example\r\n' : 'LHLO bench.example\r\n');
  await expect();
  for (let index = next(); index >= 0; index = next()) {
    const started = performance.now();
    const recipient = order.recipients[index % order.recipients.length];
    socket.write(`MAIL FROM:<${order.from}>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
    const codes = [await expect(), await expect(), await expect()];
    let final = codes[2] ?? 421;
    if (final === 354) {
      socket.write(order.wire[index % order.wire.length] ?? new Uint8Array());
      final = await expect();
    }
    if (final >= 200 && final < 300) times.push(performance.now() - started);
    else if (final < 500) refusals.temporary += 1;
    else refusals.permanent += 1;
  }
  socket.end('QUIT\r\n');
}

/** Runs the whole order in this thread. */
export async function sendLoad(order: LoadOrder): Promise<LoadFigures> {
  let taken = 0;
  const next = (): number => (taken < order.letters ? taken++ : -1);
  const times: number[] = [];
  const refusals = { temporary: 0, permanent: 0 };
  const started = performance.now();
  await Promise.all(Array.from({ length: order.connections }, () => runConnection(order, next, times, refusals)));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100;
  return {
    sent: times.length,
    temporaryRefusals: refusals.temporary,
    permanentRefusals: refusals.permanent,
    seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
if (parentPort) parentPort.postMessage(await sendLoad(workerData as LoadOrder));
