// A free port below those that the system gives to connections: a program that is killed and started again finds it still free.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FROM = 20_000;
const TO = 30_000;
/** Where servers of tests listen. */
const ADDRESSES = ['127.0.0.1', '127.0.0.3'];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    const free = await Promise.all(ADDRESSES.map((address) => isFree(port, address)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number, address: string): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, address, () => resolve(true));
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return listens;
}
