// Takes letters as fast as it can and forgets them: where both sides of the delivery bench send. Runs in a thread of its own.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { parentPort, Worker } from 'node:worker_threads';

const END = Buffer.from('\r\n.\r\n');

export interface Sink {
  readonly port: number;
  /** Resolves when so many letters came since the last call; rejects after `waitMs`. */
  count(letters: number, waitMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** In a thread, so that it takes no time from who hands letters in. */
export async function startSink(): Promise<Sink> {
  const worker = new Worker(new URL(import.meta.url));
  const count = { seen: 0, told: 0 };
  let listening: (port: number) => void = () => undefined;
  let arrived: () => void = () => undefined;
  const port = new Promise<number>((resolve) => (listening = resolve));
  worker.on('message', (message: { readonly port?: number; readonly letters?: number }) => {
    if (message.port !== undefined) listening(message.port);
    count.seen = message.letters ?? count.seen;
    arrived();
  });
  return {
    port: await port,
    async count(letters, waitMs) {
      const wanted = count.told + letters;
      const until = performance.now() + waitMs;
      while (count.seen < wanted) {
        const leftMs = until - performance.now();
        if (leftMs <= 0) throw new Error(`only ${count.seen - count.told} of ${letters} letters came`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          arrived = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      count.told = wanted;
    },
    stop: async () => void (await worker.terminate()),
  };
}

let letters = 0;

function serve(socket: Socket): void {
  let isData = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 sink.test ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answer = '';
    for (;;) {
      const end = isData ? rest.indexOf(END) : rest.indexOf('\r\n');
      if (end < 0) break;
      if (isData) {
        rest = rest.subarray(end + END.length);
        isData = false;
        letters += 1;
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
        parentPort?.postMessage({ letters });
        answer += '250 2.0.0 taken\r\n';
        continue;
      }
      const verb = rest.toString('latin1', 0, 4).toUpperCase();
      rest = rest.subarray(end + 2);
      if (verb === 'EHLO') answer += '250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n';
      else if (verb === 'DATA') {
        isData = true;
        answer += '354 go on\r\n';
      } else if (verb === 'QUIT') {
        socket.end(`${answer}221 bye\r\n`);
        return;
      } else answer += '250 2.0.0 ok\r\n';
    }
    if (answer !== '') socket.write(answer);
    // a line end that closes the header of the letter's end must stay until the rest of it is there
    if (isData && rest.length > END.length) rest = Buffer.from(rest.subarray(rest.length - END.length));
  });
}

const thread = parentPort;
if (thread !== null) {
  const server = createServer(serve).listen(0, '127.0.0.1', () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
    thread.postMessage({ port: (server.address() as AddressInfo).port });
  });
}
