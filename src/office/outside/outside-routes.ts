// POST /outside/image and /outside/unsubscribe: what a signed-in reader pressed for, done by the server in its own name.

import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createAccountTurns, type AccountTurns } from './account-turns.ts';
import { fetchPicture, type Picture } from './fetch-picture.ts';
import { answerRefusal, type OutsideRefusal } from './outside-refusals.ts';
import { PictureShelf } from './picture-shelf.ts';
import { unsubscribe } from './unsubscribe.ts';

export interface OutsideNeighbours {
  readonly clock: Clock;
  readonly outgoing: Pick<Outgoing, 'request'>;
  readonly authenticate: (request: Request) => Promise<{ readonly accountId: AccountId } | undefined>;
}

const asked = v.object({ url: v.pipe(v.string(), v.maxLength(limits.outgoing.urlCharacters)) });

/** Mounted at /outside. */
export function createOutsideRoutes({ clock, outgoing, authenticate }: OutsideNeighbours): Hono {
  const { requestBytes, picturesPerAccountMax, unsubscribesPerAccountMax } = limits.outside;
  const shelf = new PictureShelf(clock);
  const pictures = createAccountTurns(clock, picturesPerAccountMax);
  const unsubscribes = createAccountTurns(clock, unsubscribesPerAccountMax);
  const app = new Hono();

  const begin = async (context: Context): Promise<Result<Question, OutsideRefusal>> => {
    const caller = await authenticate(context.req.raw);
    if (caller === undefined) return err({ kind: 'signedOut' });
    const url = await readUrl(context);
    return url === undefined ? err({ kind: 'badRequest' }) : ok({ accountId: caller.accountId, url });
  };
  const picture = async ({ accountId, url }: Question): Promise<Result<Picture, OutsideRefusal>> => {
    const known = shelf.find(accountId, url);
    if (known !== undefined) return ok(known);
    const fetched = await inTurn(pictures, accountId, () => fetchPicture(outgoing, url));
    if (fetched.ok) shelf.put(accountId, url, fetched.value);
    return fetched;
  };

  app.use(bodyLimit({ maxSize: requestBytes, onError: () => answerRefusal({ kind: 'badRequest' }) }));
  app.post('/image', async (context) => {
    const question = await begin(context);
    const found = question.ok ? await picture(question.value) : question;
    return found.ok ? answerPicture(found.value) : answerRefusal(found.error);
  });
  app.post('/unsubscribe', async (context) => {
    const question = await begin(context);
    if (!question.ok) return answerRefusal(question.error);
    const { accountId, url } = question.value;
    const told = await inTurn(unsubscribes, accountId, () => unsubscribe(outgoing, url));
    return told.ok ? context.body(null, 204, { 'cache-control': 'no-store' }) : answerRefusal(told.error);
  });
  return app;
}

interface Question {
  readonly accountId: AccountId;
  readonly url: string;
}

async function inTurn<T>(
  turns: AccountTurns,
  accountId: AccountId,
  work: () => Promise<Result<T, OutsideRefusal>>,
): Promise<Result<T, OutsideRefusal>> {
  const end = turns.begin(accountId);
  if (end === undefined) return err({ kind: 'tooManyRequests' });
  try {
    return await work();
  } finally {
    end();
  }
}

async function readUrl({ req }: Context): Promise<string | undefined> {
  if (!/^application\/json\s*(;|$)/i.test(req.header('content-type') ?? '')) return undefined;
  const text = await req.text();
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), asked), text);
  return read.success ? read.output.url : undefined;
}

/** Whatever these bytes are, a browser that is led here shows and runs nothing of them. */
function answerPicture({ type, bytes }: Picture): Response {
  return new Response(bytes, {
    headers: {
      'content-type': type,
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
