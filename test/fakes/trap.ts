// A port that nobody may knock at: listens on an address, counts who does and hangs up.

import { createServer, type AddressInfo } from 'node:net';

export interface Trap extends AsyncDisposable {
  readonly port: number;
  readonly heardCount: number;
}

export async function setTrap(address = '127.0.0.1', port = 0): Promise<Trap> {
  let heardCount = 0;
  const server = createServer((socket) => {
    heardCount += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server on a port
    port: (server.address() as AddressInfo).port,
    get heardCount() {
      return heardCount;
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
