// What the sample office adds to the page: a mark in every document, its people under /api/demo, and a word while it is being filled.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programDir } from '#base/config/read.ts';
import { pageHeaders } from '#office/api/page-headers.ts';
import type { StaticPages } from '#office/api/static-pages.ts';
import { crookedPhoto } from './crooked-photo.ts';
import { persons } from './persons.ts';

export const PEOPLE_PATH = '/api/demo';
/** Its policy allows no style in the document, and nobody is signed in there. */
const PUBLIC_PATH = '/check';
const TRANSIT_PATH = '/transit';
/** The photo that the drop page offers. */
const PHOTO_PATH = `${PEOPLE_PATH}/photo`;

const FILLING = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Siegel</title>
<body style="font:16px/26px system-ui,sans-serif;max-width:560px;margin:20vh auto;padding:0 24px;color-scheme:light dark">
<p>The sample office is being filled. This page opens by itself.</p>
<p lang="de">Die Beispielkanzlei wird gefüllt. Diese Seite öffnet sich von selbst.</p>`;

/** What the two buttons do. */
export interface DemoWreck {
  readonly isBroken: boolean;
  break(): Promise<boolean>;
  undo(): Promise<boolean>;
}

/** Nothing of this is in a program that was not started as the sample office. `isFilled` is asked at every document. */
export function createDemoPages(pages: StaticPages, isFilled: () => boolean, wreck: DemoWreck): StaticPages {
  const style = readFileSync(join(programDir, 'src/web/demo/demo.css'), 'utf8');
  // only who was told the path can take it: no other page can, and no link
  const secret = randomBytes(16).toString('base64url');
  const ways = { break: `${PEOPLE_PATH}/break/${secret}`, undo: `${PEOPLE_PATH}/undo/${secret}` };
  const people = persons.map(({ key, name, address, plainPassword }) => ({ key, name, address, plainPassword }));
  return {
    isBuilt: pages.isBuilt,
    frame: pages.frame,
    find(path, acceptEncoding) {
      if (path === PEOPLE_PATH) {
        const told = { persons: people, wreck: { ...ways, isBroken: wreck.isBroken } };
        return Response.json(told, { headers: { ...pageHeaders, 'cache-control': 'no-store' } });
      }
      if (path === ways.break) return afterwards('application/json', () => doneText(wreck.break()));
      if (path === ways.undo) return afterwards('application/json', () => doneText(wreck.undo()));
      if (path === PHOTO_PATH) return afterwards('image/jpeg', crookedPhoto);
      const found = pages.find(path, acceptEncoding);
      if (path === TRANSIT_PATH) return withSample(found);
      const isDocument = found.status === 200 && found.headers.get('content-type')?.startsWith('text/html') === true;
      if (!isDocument || path === PUBLIC_PATH) return found;
      return isFilled() ? markDocument(found, style) : beingFilled();
    },
  };
}

async function doneText(work: Promise<boolean>): Promise<Uint8Array<ArrayBuffer>> {
  const isDone = await work.catch(() => false);
  return new TextEncoder().encode(JSON.stringify({ isDone }));
}

/** Answers when it is done. */
function afterwards(type: string, work: () => Promise<Uint8Array<ArrayBuffer>>): Response {
  const answer = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(await work());
      controller.close();
    },
  });
  return new Response(answer, { headers: { ...pageHeaders, 'content-type': type, 'cache-control': 'no-store' } });
}

/** Its policy allows no style in the document: it is only told where the sample is. */
function withSample(document: Response): Response {
  return changed(document, (text) =>
    text.replace('</head>', () => `<meta name="siegel-sample" content="${PHOTO_PATH}">\n</head>`),
  );
}

/** The place for the ribbon is kept from the first paint on: nothing moves when it comes. */
function markDocument(document: Response, style: string): Response {
  return changed(document, (text) =>
    text
      .replace('</head>', () => `<meta name="siegel-demo" content="${PEOPLE_PATH}">\n<style>${style}</style>\n</head>`)
      .replace('<body>', '<body>\n<div id="demo"></div>'),
  );
}

function changed(document: Response, change: (text: string) => string): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(change(await document.text())));
      controller.close();
    },
  });
  return new Response(body, { headers: document.headers });
}

function beingFilled(): Response {
  const headers = {
    ...pageHeaders,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'retry-after': '1',
  };
  return new Response(FILLING, { status: 503, headers });
}
