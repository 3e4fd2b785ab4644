// Serves a built page with the headers of the house, and nothing behind it: for journeys over the sample letters.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { assetHeaders, documentHeaders, findPageRoute, type PageAsset } from '#office/api/page-headers.ts';
import { quietDay } from './sample-safety.ts';

export interface PageServer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** What pages ask besides the client: an account that was promised nothing yet, in a house where all is well. */
const answers: Readonly<Record<string, unknown>> = {
  '/receipts': { receipts: [], next: null },
  '/safety': quietDay,
};

export async function servePage(outDir: string): Promise<PageServer> {
  const manifest: unknown = JSON.parse(await readFile(path.join(outDir, 'manifest.json'), 'utf8'));
  const assets = new Map((manifest as { assets: PageAsset[] }).assets.map((asset) => [`/${asset.path}`, asset]));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page.test');
    asked.push(pathname);
    const answer = answers[pathname];
    if (answer) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    const route = findPageRoute(pathname);
    const asset = assets.get(pathname);
    const file = route ? route.document : asset ? pathname.slice(1) : undefined;
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const packed = file.endsWith('.woff2') ? '' : '.gz';
    void readFile(path.join(outDir, file + packed)).then((bytes) => {
      const headers = route ? documentHeaders(route) : asset ? assetHeaders(asset) : {};
      response.writeHead(200, { ...headers, ...(packed ? { 'content-encoding': 'gzip' } : {}) }).end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
