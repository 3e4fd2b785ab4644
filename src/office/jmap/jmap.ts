// The JMAP server over HTTP: session, API, upload, download, events (RFC 8620 §§2, 3, 6, 7.3).

import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { AccountId, SessionId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { Mutexes } from '#base/mutexes.ts';
import { limits } from '#base/limits.ts';
import { limitProblem, parseRequest } from '#formats/jmap/request.ts';
import { readHeldAccounts } from '#vault/database/holders-read.ts';
import { readAddresses } from '#vault/database/read-states.ts';
import { isUnavailable } from '#vault/database/session.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { Journal } from '#vault/journal/journal.ts';
import { downloadAnswer } from './blobs/download.ts';
import { uploadAnswer } from './blobs/upload.ts';
import { UploadStore } from './blobs/upload-store.ts';
import type { ChangeDoor } from './change-door.ts';
import { runRequest } from './dispatch.ts';
import { heldAccount } from './held-account.ts';
import { jsonAnswer, problemAnswer, readBody, refusal, unavailable } from './http-answers.ts';
import type { House, Sending } from './method.ts';
import { eventsAnswer } from './push/events-answer.ts';
import { EventStreams } from './push/event-stream.ts';
import { KeyDirectory, type KeySources } from './recipients/key-directory.ts';
import { sessionObject, sessionState, type HeldFacts } from './session.ts';

export interface JmapOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** As clients reach us, `https://mail.example`; undefined: what the request says (plain loopback). */
  readonly publicOrigin: string | undefined;
}

export interface SignedInCaller {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
}

export interface JmapNeighbours {
  /** The live session behind a request's cookie or bearer token. */
  readonly authenticate: (request: Request) => Promise<SignedInCaller | undefined>;
  readonly reader: Reader;
  readonly door: ChangeDoor;
  readonly findJournal: (journal: number) => Journal | undefined;
  readonly ledgerElement: House['ledgerElement'];
  readonly sending?: Sending;
  readonly keys?: KeySources;
}

/** Routes /.well-known/jmap and /jmap/… */
export function createJmap({ log, clock, publicOrigin }: JmapOptions, neighbours: JmapNeighbours): Hono {
  const { authenticate, sending, keys: sources, ...vault } = neighbours;
  const keys = sources && new KeyDirectory(clock, vault.reader, sources);
  const house: House = { log, clock, ...vault, sending, keys, uploads: new UploadStore(clock), queue: new Mutexes() };
  const streams = new EventStreams(house);
  const requests = new Gate(limits.jmap.concurrentRequests);
  const uploads = new Gate(limits.jmap.concurrentUpload);
  const app = new Hono();

  app.use('/jmap/*', async (context, next) => {
    await next();
    if (!context.res.headers.has('Cache-Control')) context.header('Cache-Control', 'no-store');
  });
  app.get('/.well-known/jmap', (context) => context.redirect('/jmap/session', 307));
  app.get('/jmap/session', (context) => signedIn(context.req.raw, (caller) => sessionAnswer(context.req.raw, caller)));
  app.post('/jmap/api', (context) =>
    signedIn(context.req.raw, (caller) =>
      requests.run(caller.accountId, 'maxConcurrentRequests', () => apiAnswer(context.req.raw, caller)),
    ),
  );
  app.post('/jmap/upload/:accountId', (context) =>
    signedIn(context.req.raw, async (caller) => {
      const accountId = await heldAccount(house, caller.accountId, context.req.param('accountId'));
      if (accountId === undefined) return refusal(404, 'There is no such account.');
      const of = { ...caller, accountId };
      return uploads.run(accountId, 'maxConcurrentUpload', () => uploadAnswer(house, of, context.req.raw));
    }),
  );
  app.get('/jmap/download/:accountId/:blobId/:name', (context) =>
    signedIn(context.req.raw, async (caller) => {
      const { blobId, name } = context.req.param();
      const accountId = await heldAccount(house, caller.accountId, context.req.param('accountId'));
      if (accountId === undefined) return refusal(404, 'There is no such account.');
      return downloadAnswer(house, { accountId }, { blobId, name, type: context.req.query('type') });
    }),
  );
  app.get('/jmap/events', (context) =>
    signedIn(context.req.raw, async (caller) => {
      const wanted = context.req.query('account') ?? caller.accountId;
      const accountId = await heldAccount(house, caller.accountId, wanted);
      if (accountId === undefined) return refusal(404, 'There is no such account.');
      const mayGoOn = async (): Promise<boolean> => {
        const living = await authenticate(context.req.raw);
        if (living?.sessionId !== caller.sessionId) return false;
        return (await heldAccount(house, caller.accountId, accountId)) !== undefined;
      };
      return eventsAnswer(streams, { accountId, request: context.req.raw, mayGoOn });
    }),
  );
  return app;

  async function signedIn(
    request: Request,
    answer: (caller: SignedInCaller) => Response | Promise<Response>,
  ): Promise<Response> {
    try {
      const caller = await authenticate(request);
      return caller === undefined ? refusal(401, 'Sign in first.') : await answer(caller);
    } catch (cause) {
      log.fault('jmap.requestFailed', cause);
      return isUnavailable(cause) ? unavailable() : refusal(500, 'Something went wrong here.');
    }
  }

  async function sessionAnswer(request: Request, { accountId }: SignedInCaller): Promise<Response> {
    const addresses = await readAddresses(house.reader.db, accountId);
    const { origin } = new URL(publicOrigin ?? request.url);
    const held = await readHeld(accountId);
    return jsonAnswer(sessionObject({ accountId, addresses, held, origin }));
  }

  async function readHeld(accountId: AccountId): Promise<readonly HeldFacts[]> {
    const ids = await readHeldAccounts(house.reader, accountId);
    return Promise.all(
      ids.map(async (id) => ({ accountId: id, name: (await readAddresses(house.reader.db, id))[0] ?? id })),
    );
  }

  async function apiAnswer(request: Request, caller: SignedInCaller): Promise<Response> {
    if (!/^application\/json\s*(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
      return problemAnswer({ kind: 'notJSON', status: 400, detail: 'The content type is not application/json.' });
    }
    const body = await readBody(request, limits.jmap.sizeRequestBytes);
    if (body === undefined) return problemAnswer(limitProblem('maxSizeRequest'));
    const parsed = parseRequest(body);
    if (!parsed.ok) return problemAnswer(parsed.error);
    const settled = await house.door.settled(caller.accountId);
    if (!settled.ok) return unavailable();
    // before the calls: a database that goes away behind them must not hide what they did
    const addresses = await readAddresses(house.reader.db, caller.accountId);
    const held = await readHeld(caller.accountId);
    const answer = await runRequest(house, caller, parsed.value);
    if (!answer.ok) return problemAnswer(answer.error);
    return jsonAnswer({ ...answer.value, sessionState: sessionState(addresses, held) });
  }
}

/** At most so many at once for each account. */
class Gate {
  readonly #max: number;
  readonly #running = new Map<AccountId, number>();

  constructor(max: number) {
    this.#max = max;
  }

  async run(accountId: AccountId, limit: string, work: () => Promise<Response>): Promise<Response> {
    const running = this.#running.get(accountId) ?? 0;
    if (running >= this.#max) return problemAnswer(limitProblem(limit, 429));
    this.#running.set(accountId, running + 1);
    try {
      return await work();
    } finally {
      const left = (this.#running.get(accountId) ?? 1) - 1;
      if (left === 0) this.#running.delete(accountId);
      else this.#running.set(accountId, left);
    }
  }
}
