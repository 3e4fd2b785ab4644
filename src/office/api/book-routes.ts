// The book over HTTP: heads and consistency for everybody, receipts for their account (decision 0012).

import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { unreachable } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { parseId, type AccountId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import { formatReceiptFile, type ReceiptFile } from '#vault/book/check/receipt.ts';
import type { Book } from '#vault/book/open-book.ts';
import type { ReceiptRefusal } from '#vault/book/receipt-maker.ts';
import { findLetterFacts, findPromise, readPromises, type PromiseName } from '#vault/database/read-receipts.ts';
import type { Reader } from '#vault/database/reader.ts';
import { createPeerLimit } from '../accounts/try-limits.ts';
import { problem } from './problem.ts';

export interface BookNeighbours {
  /** Undefined: the book is damaged and closed. */
  readonly book: Book | undefined;
  readonly clock: Clock;
  readonly reader: Reader;
  readonly authenticate: (request: Request) => Promise<{ readonly accountId: AccountId } | undefined>;
  /** Resolves when what is durable of this account is in the rows. */
  readonly settled: (accountId: AccountId) => Promise<Result<void, { readonly kind: 'unavailable' }>>;
  readonly isUnlimitedPeer: (peer: string) => boolean;
}

/** Mounted at /: /book/…, /receipts…, /.well-known/siegel-book. */
export function createBookRoutes(neighbours: BookNeighbours): Hono {
  const { book } = neighbours;
  const app = new Hono();
  const paths = ['/book/*', '/receipts', '/receipts/*', '/.well-known/siegel-book'];
  if (book === undefined) {
    for (const path of paths) app.all(path, () => problem('serverUnavailable'));
    return app;
  }
  for (const path of paths) app.use(path, fresh());
  addPublicRoutes(app, book, neighbours);
  const receipts = new Receipts(book, neighbours);
  app.get('/receipts', (context) => receipts.signedIn(context, (accountId) => receipts.list(context, accountId)));
  app.get('/receipts/letter/:letterId', (context) =>
    receipts.signedIn(context, (accountId) => receipts.letter(accountId, context.req.param('letterId'))),
  );
  app.get('/receipts/:id', (context) =>
    receipts.signedIn(context, (accountId) => receipts.promise(accountId, context.req.param('id'))),
  );
  return app;
}

function addPublicRoutes(app: Hono, book: Book, { clock, isUnlimitedPeer }: BookNeighbours): void {
  const peers = createPeerLimit(clock, limits.book.requestsPerMinute, isUnlimitedPeer);
  const open =
    (answer: (context: Context) => Response | Promise<Response>) =>
    (context: Context): Response | Promise<Response> =>
      peers.count(getConnInfo(context).remote.address ?? '') > 0 ? problem('tooManyRequests') : answer(context);
  const { house, key } = book;
  app.get(
    '/.well-known/siegel-book',
    open((context) => context.json({ v: 1, house, key, head: book.newestHead() })),
  );
  app.get(
    '/book/head',
    open((context) => context.json(book.newestHead())),
  );
  app.get(
    '/book/heads',
    open(async (context) => {
      const fromMs = countOf(context.req.query('from') ?? '0');
      if (fromMs === undefined) return problem('badRequest');
      const heads = await book.headsFrom(fromMs);
      const last = heads.length < limits.book.headsInAnswer ? undefined : heads.at(-1);
      return context.json({ heads, next: last === undefined ? null : last.timeMs + 1 });
    }),
  );
  app.get(
    '/book/consistency',
    open(async (context) => {
      const from = countOf(context.req.query('from'));
      const to = countOf(context.req.query('to') ?? String(book.newestHead().size));
      if (from === undefined || to === undefined) return problem('badRequest');
      const proof = await book.consistency(from, to);
      return proof.ok ? context.json(proof.value) : refuse(proof.error);
    }),
  );
}

class Receipts {
  readonly #book: Book;
  readonly #neighbours: BookNeighbours;

  constructor(book: Book, neighbours: BookNeighbours) {
    this.#book = book;
    this.#neighbours = neighbours;
  }

  async signedIn(context: Context, answer: (accountId: AccountId) => Promise<Response>): Promise<Response> {
    const caller = await this.#neighbours.authenticate(context.req.raw);
    if (caller === undefined) return problem('signedOut');
    const settled = await this.#neighbours.settled(caller.accountId);
    return settled.ok ? answer(caller.accountId) : problem('serverUnavailable');
  }

  async list(context: Context, accountId: AccountId): Promise<Response> {
    const { limit = String(limits.book.pageMax), before } = context.req.query();
    const [count, name] = [countOf(limit), before === undefined ? undefined : parseName(before)];
    if (count === undefined || count < 1 || (before !== undefined && name === undefined)) return problem('badRequest');
    const max = Math.min(count, limits.book.pageMax);
    const rows = await readPromises(this.#neighbours.reader.db, accountId, name, max);
    const receipts = rows.map((row) => ({
      id: formatName(row),
      kind: row.kind,
      timeMs: row.timeMs,
      facts: row.facts,
    }));
    return context.json({ receipts, next: rows.length < max ? null : (receipts.at(-1)?.id ?? null) });
  }

  async promise(accountId: AccountId, id: string): Promise<Response> {
    const name = parseName(id);
    const row = name && (await findPromise(this.#neighbours.reader.db, accountId, name));
    return row === undefined ? problem('notFound') : answerFile(await this.#book.promiseReceipt(row));
  }

  async letter(accountId: AccountId, text: string): Promise<Response> {
    const letterId = parseId<LetterId>(text);
    const facts = letterId && (await findLetterFacts(this.#neighbours.reader.db, accountId, letterId));
    if (letterId === undefined || facts === undefined) return problem('notFound');
    return answerFile(await this.#book.letterReceipt({ letterId, ...facts }));
  }
}

function answerFile(made: Result<ReceiptFile, ReceiptRefusal>): Response {
  if (!made.ok) return refuse(made.error);
  return new Response(formatReceiptFile(made.value), { headers: { 'content-type': 'application/json' } });
}

function refuse(refusal: ReceiptRefusal): Response {
  switch (refusal.kind) {
    case 'waiting':
      return Response.json({ waiting: true, closesMs: refusal.closesMs }, { status: 202 });
    case 'altered':
      return problem('altered');
    case 'notThere':
      return problem('notFound');
    case 'logDamaged':
      return problem('serverUnavailable');
    default:
      return unreachable(refusal);
  }
}

/** `journal-seq-nth` */
function formatName({ journal, seq, nth }: PromiseName): string {
  return `${journal}-${seq}-${nth}`;
}

function parseName(text: string): PromiseName | undefined {
  const [, journal, seq, nth] = /^(\d{1,5})-(\d{1,15})-(\d{1,4})$/.exec(text) ?? [];
  return journal === undefined ? undefined : { journal: Number(journal), seq: Number(seq), nth: Number(nth) };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Nothing here is kept by anybody in between. */
function fresh(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    context.res.headers.set('cache-control', 'no-store');
  };
}
