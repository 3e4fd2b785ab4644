// A port that nobody may knock at: listens on an address and counts who does.

import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Trap extends AsyncDisposable {
  readonly port: number;
  readonly heardCount: number;
}

export async function setTrap(address = '127.0.0.1', port = 0): Promise<Trap> {
  const sockets = new Set<Socket>();
  let heardCount = 0;
  const server = createServer((socket) => {
    heardCount += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
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
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
