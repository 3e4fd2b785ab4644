// GET /trust and GET /api/disclosure: public answers, drawn at each question from live figures, without any script.

import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { ConnectionKind } from '#base/outgoing/egress.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import type { Book } from '#vault/book/open-book.ts';
import { hourly } from '../trust/hourly.ts';
import { trustDocument, type TrustDocument } from '../trust/trust-document.ts';
import type { BookFacts, CountedConnections, Language, OperatorWords } from '../trust/trust-facts.ts';
import { disclosureOf } from './disclosure.ts';
import { pageHeaders, plainPolicy } from './page-headers.ts';

export interface TrustNeighbours {
  readonly clock: Clock;
  readonly domain: string;
  readonly operator: OperatorWords;
  readonly book: Pick<Book, 'key' | 'counts' | 'newestHead'> | undefined;
  /** Connections outward since the start, of the kinds that are counted. */
  readonly connections: () => ReadonlyMap<ConnectionKind, number>;
  readonly isOn: (kind: ConnectionKind) => boolean;
  /** The built frame with %LANG%, %TITLE%, %LANGUAGES% and %CONTENT%; undefined: not built. */
  readonly frame: string | undefined;
}

/** Without the built page the answers stand there unadorned. */
const BARE_FRAME =
  '<!doctype html><html lang="%LANG%"><head><meta charset="utf-8"><title>%TITLE%</title></head><body>%LANGUAGES%<main>%CONTENT%</main></body></html>';

/** Mounted at /. */
export function createTrustRoutes(neighbours: TrustNeighbours): Hono {
  const { clock, domain, operator, book, isOn, frame = BARE_FRAME } = neighbours;
  const app = new Hono();
  const disclosure = disclosureOf({ hasRspamd: isOn('rspamd') });
  const sinceMs = clock.nowMs();
  const counted = hourly(clock, (): CountedConnections => {
    return { atMs: clock.nowMs(), sinceMs, made: new Map(neighbours.connections()) };
  });
  app.get('/api/disclosure', (context) => context.json(disclosure));
  app.get('/trust', async (context) => {
    const language = languageOf(context.req.query('lang'), context.req.header('accept-language') ?? '');
    const facts = {
      domain,
      operator,
      nowMs: clock.nowMs(),
      book: book && bookFacts(book),
      told: disclosure.rows,
      connections: counted(),
      isOn,
    };
    const text = fill(frame, await trustDocument(facts, language), language);
    return new Response(text, {
      headers: {
        ...pageHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-language': language,
        'cache-control': 'no-store',
        'content-security-policy': plainPolicy,
        vary: 'accept-language',
      },
    });
  });
  return app;
}

function bookFacts(book: NonNullable<TrustNeighbours['book']>): BookFacts {
  const { heads, letters, lettersUntilMs } = book.counts();
  const fingerprint = createHash('sha256')
    .update(fromBase64(book.key) ?? '')
    .digest('hex');
  return { key: book.key, fingerprint, heads, newestHeadMs: book.newestHead().timeMs, letters, lettersUntilMs };
}

function fill(frame: string, { title, languages, content }: TrustDocument, language: Language): string {
  const parts: Readonly<Record<string, string>> = {
    LANG: language,
    TITLE: title,
    LANGUAGES: languages,
    CONTENT: content,
  };
  return frame.replaceAll(/%(LANG|TITLE|LANGUAGES|CONTENT)%/g, (_, name: string) => parts[name] ?? '');
}

/** What is asked for, else the first wish of the browser that is spoken here, else English. */
function languageOf(asked: string | undefined, wishes: string): Language {
  const tongues = [asked ?? '', ...wishes.split(',')].map((wish) => wish.trim().toLowerCase().slice(0, 2));
  return tongues.find((tongue): tongue is Language => tongue === 'de' || tongue === 'en') ?? 'en';
}
