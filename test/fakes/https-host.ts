// Somebody else's web servers on 127.0.0.1: HTTPS for any number of names, answers by name and path; remembers what was asked.

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Answer =
  | { readonly type: string; readonly body: string | Uint8Array }
  /** Sends the asker there. */
  | { readonly location: string };

export interface HttpsHost extends AsyncDisposable {
  readonly port: number;
  /** `name/path?query`, of every question. */
  readonly asked: readonly string[];
  /** `name/path`, without a query, to what is answered; everything else is 404. */
  serve(pages: Readonly<Record<string, Answer>>): void;
}

export interface HttpsHostOptions {
  readonly certificate: { readonly keyPem: string; readonly certificatePem: string };
  readonly address?: string;
  readonly port?: number;
}

export async function startHttpsHost({ certificate, address, port }: HttpsHostOptions): Promise<HttpsHost> {
  let pages: Readonly<Record<string, Answer>> = {};
  const asked: string[] = [];
  const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, (request, response) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '');
    asked.push(`${name}${request.url ?? ''}`);
    const answer = pages[`${name}${(request.url ?? '').replace(/\?.*$/, '')}`];
    if (answer === undefined) response.writeHead(404).end();
    else if ('location' in answer) response.writeHead(302, { location: answer.location }).end();
    else response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port ?? 0, address ?? '127.0.0.1', resolve);
  });
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server on a port
    port: (server.address() as AddressInfo).port,
    asked,
    serve: (next) => {
      pages = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
