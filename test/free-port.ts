// A free port below those that the system gives to connections: a program that is killed and started again finds it still free.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FROM = 20_000;
const TO = 30_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (isFree) return port;
  }
}
