// Somebody between two mail servers who holds the receiving one's certificate: passes everything on and keeps what both say, STARTTLS or not.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';

export interface ListeningRelay extends AsyncDisposable {
  readonly port: number;
  /** What both sides said, as it was before it was encrypted. */
  heard(): Buffer;
  /** Connections that went over to TLS. */
  readonly secureCount: number;
}

export interface RelayOptions {
  readonly certificate: { readonly keyPem: string; readonly certificatePem: string };
  /** The true server's. */
  readonly targetPort: number;
}

export async function startListeningRelay({ certificate, targetPort }: RelayOptions): Promise<ListeningRelay> {
  const parts: Buffer[] = [];
  const sockets = new Set<Socket>();
  const secureContext = createSecureContext({ key: certificate.keyPem, cert: certificate.certificatePem });
  let secureCount = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    }
    client.once('close', () => target.destroy());
    target.once('close', () => client.end());
    passClear({ client, target, heard: (part) => parts.push(part) }, () => {
      secureCount += 1;
      const toClient = new TLSSocket(client, { isServer: true, secureContext });
      const toTarget = connectTls({ socket: target, rejectUnauthorized: false });
      passOn(toClient, toTarget, (part) => parts.push(part));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server on a port
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(parts),
    get secureCount() {
      return secureCount;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

interface Line {
  readonly client: Socket;
  readonly target: Socket;
  readonly heard: (part: Buffer) => void;
}

/** Until the server has said 220 to STARTTLS. */
function passClear({ client, target, heard }: Line, onSecure: () => void): void {
  let isAsked = false;
  client.on('data', (part: Buffer) => {
    heard(part);
    isAsked ||= /^STARTTLS\r\n/im.test(part.toString('latin1'));
    target.write(part);
  });
  target.on('data', (part: Buffer) => {
    heard(part);
    client.write(part);
    if (!isAsked || !part.toString('latin1').startsWith('220')) return;
    client.removeAllListeners('data');
    target.removeAllListeners('data');
    onSecure();
  });
}

function passOn(one: Socket, other: Socket, heard: (part: Buffer) => void): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('data', heard);
    from.pipe(to);
  }
}
