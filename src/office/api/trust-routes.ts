// GET /trust and GET /api/disclosure: public answers, drawn at each question from live figures, without any script.

import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { ConnectionKind } from '#base/outgoing/egress.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import type { Book } from '#vault/book/open-book.ts';
import { hourly } from '../trust/hourly.ts';
import { BARE_FRAME } from '../trust/plain-frame.ts';
import { trustDocument } from '../trust/trust-document.ts';
import type { BookFacts, CountedConnections, KeptFacts, OperatorWords, RequestFacts } from '../trust/trust-facts.ts';
import { disclosureOf } from './disclosure.ts';
import { answerPlainPage } from './plain-page.ts';

export interface TrustNeighbours {
  readonly clock: Clock;
  readonly domain: string;
  readonly operator: OperatorWords;
  readonly book: Pick<Book, 'key' | 'counts' | 'newestHead'> | undefined;
  /** Connections outward since the start, of the kinds that are counted. */
  readonly connections: () => ReadonlyMap<ConnectionKind, number>;
  readonly isOn: (kind: ConnectionKind) => boolean;
  readonly hasTransit: boolean;
  /** How old backup and ledger are. */
  readonly kept: () => Omit<KeptFacts, 'atMs'>;
  /** Of the newest transparency report; undefined: none is published. */
  readonly requests: () => Promise<RequestFacts | undefined>;
  /** The built frame with %LANG%, %TITLE%, %LANGUAGES% and %CONTENT%; undefined: not built. */
  readonly frame: string | undefined;
}

/** Mounted at /. */
export function createTrustRoutes(neighbours: TrustNeighbours): Hono {
  const { clock, domain, operator, book, isOn, frame = BARE_FRAME } = neighbours;
  const app = new Hono();
  const disclosure = disclosureOf({ hasRspamd: isOn('rspamd'), hasTransit: neighbours.hasTransit });
  const sinceMs = clock.nowMs();
  const counted = hourly(clock, (): CountedConnections => {
    return { atMs: clock.nowMs(), sinceMs, made: new Map(neighbours.connections()) };
  });
  const kept = hourly(clock, (): KeptFacts => ({ atMs: clock.nowMs(), ...neighbours.kept() }));
  app.get('/api/disclosure', (context) => context.json(disclosure));
  const facts = async () => ({
    domain,
    operator,
    nowMs: clock.nowMs(),
    book: book && bookFacts(book),
    told: disclosure.rows,
    connections: counted(),
    kept: kept(),
    requests: await neighbours.requests(),
    isOn,
  });
  app.get('/trust', (context) =>
    answerPlainPage(context, frame, async (language) => trustDocument(await facts(), language)),
  );
  return app;
}

function bookFacts(book: NonNullable<TrustNeighbours['book']>): BookFacts {
  const { heads, letters, lettersUntilMs } = book.counts();
  const fingerprint = createHash('sha256')
    .update(fromBase64(book.key) ?? '')
    .digest('hex');
  return { key: book.key, fingerprint, heads, newestHeadMs: book.newestHead().timeMs, letters, lettersUntilMs };
}
