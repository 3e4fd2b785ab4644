// The site of a collector: its page without script, the same figures for programs, receipts, its card.

import { Hono } from 'hono';
import type { Log } from '#base/log/log.ts';
import { formatReceiptFile, type ReceiptFile } from '#vault/book/check/receipt.ts';
import type { CollectorCard } from '../telemetry/catalogue/card.ts';
import type { Question } from '../telemetry/catalogue/question.ts';
import { figuresDocument, type PublishedQuarter } from '../telemetry/collector/figures-document.ts';
import { languageLinks } from '../trust/language-links.ts';
import { BARE_FRAME } from '../trust/plain-frame.ts';
import { pageHeaders } from './page-headers.ts';
import { answerPlainPage } from './plain-page.ts';
import { problem } from './problem.ts';
import type { StaticPages } from './static-pages.ts';

export interface PublishedEntry extends PublishedQuarter {
  readonly receipt: ReceiptFile;
}

export interface CollectorSiteParts {
  readonly log: Log;
  readonly pages: StaticPages;
  /** Newest first. */
  readonly published: () => readonly PublishedEntry[];
  readonly card: () => CollectorCard | undefined;
  readonly questions: readonly Question[];
}

const ASSETS = /^\/assets\//;
const RECEIPT = /^\/receipts\/(\d{4}-Q[1-4])\.json$/;

export function createCollectorSite({ log, pages, published, card, questions }: CollectorSiteParts): Hono {
  const app = new Hono();
  app.get('/', (context) =>
    answerPlainPage(context, pages.frame ?? BARE_FRAME, async (language) => {
      const document = await figuresDocument({ published: published(), card: card(), questions }, language);
      return { ...document, languages: String(await languageLinks(document.languages, language)) };
    }),
  );
  app.get('/figures.json', () => json({ v: 1, quarters: published().map(({ publication }) => publication) }));
  app.get('/card.json', () => {
    const known = card();
    return known === undefined ? problem('notFound') : json(known);
  });
  app.get('/receipts/*', ({ req }) => {
    const quarter = RECEIPT.exec(req.path)?.[1];
    const found = published().find(({ publication }) => publication.quarter === quarter);
    return found === undefined ? problem('notFound') : answer(formatReceiptFile(found.receipt));
  });
  app.get('*', ({ req }) =>
    ASSETS.test(req.path) ? pages.find(req.path, req.header('accept-encoding') ?? '') : problem('notFound'),
  );
  app.notFound(() => problem('notFound'));
  app.onError((cause) => {
    log.fault('http.requestFailed', cause);
    return problem('serverUnavailable');
  });
  return app;
}

function json(value: unknown): Response {
  return answer(`${JSON.stringify(value, undefined, 2)}\n`);
}

function answer(text: string): Response {
  return new Response(text, {
    headers: { ...pageHeaders, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
