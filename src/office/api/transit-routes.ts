// The drop page's HTTP: documents come in with one request, and its answer carries the progress and then everything that goes back.

import { Hono, type Context } from 'hono';
import { limits } from '#base/limits.ts';
import type { CountersAnswer, DoorAnswer } from '#formats/transit-wire/drop-frames.ts';
import type { Handed, TransitRoom } from '#post/transit/control/room.ts';
import { isOpen } from '#post/transit/report/self-check.ts';
import { pageHeaders } from './page-headers.ts';
import { BARE_FRAME } from '../trust/plain-frame.ts';
import { answerPlainPage } from './plain-page.ts';
import { problem } from './problem.ts';
import { answerStream } from './transit-answer.ts';
import { readOrder } from './transit-order.ts';
import { receiptDocument, selfCheckDocument } from './transit-pages.ts';

/** The report as files of its own, beside what is shown. */
export interface Paper {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface TransitNeighbours {
  readonly room: TransitRoom;
  /** How one gets in: a session of the house, a code, or whoever stands before this machine. */
  readonly access: DoorAnswer['access'];
  readonly mayUse: (request: Request) => Promise<boolean>;
  /** To mail documents to; undefined: there is no door for letters. */
  readonly address: string | undefined;
  /** The built frame of pages without script; undefined: not built. */
  readonly frame?: string | undefined;
  readonly papers?: (handed: Handed, language: 'de' | 'en') => Promise<readonly Paper[]>;
}

/** A page of another site cannot send it without being asked first, and we answer no such question. */
export const ORDER_TYPE = 'application/vnd.siegel.documents';
const JOB = /^[0-9A-Za-z_-]{10,64}$/;

/** Mounted at /. Nothing here is kept: who closes the connection gives the work up, and it is erased. */
export function createTransitRoutes(of: TransitNeighbours): Hono {
  const { room } = of;
  const app = new Hono();
  const page = (context: Context, draw: Parameters<typeof answerPlainPage>[2]): Promise<Response> =>
    answerPlainPage(context, of.frame ?? BARE_FRAME, draw);
  let coming = 0;
  app.get('/transit/door', async ({ req }) => fresh(await describeDoor(of, req.raw)));
  app.get('/transit/self-check', async (context) => {
    const check = await room.selfCheck();
    return isPerson(context) ? page(context, (language) => selfCheckDocument(check, language)) : fresh(check);
  });
  app.get('/transit/receipts/:job', async (context) => {
    const job = context.req.param('job');
    const receipt = JOB.test(job) ? await room.findReceipt(job) : undefined;
    if (receipt === undefined) return problem('notFound');
    return isPerson(context) ? page(context, (language) => receiptDocument(receipt, language)) : fresh(receipt);
  });
  app.get('/transit/counters', async (context) => {
    if (!(await of.mayUse(context.req.raw))) return problem('signedOut');
    return fresh(await count(room));
  });
  app.post('/transit/jobs', async (context) => {
    const { raw } = context.req;
    if (!(await of.mayUse(raw))) return problem('signedOut');
    if (raw.headers.get('content-type') !== ORDER_TYPE) return problem('badRequest');
    if (Number(raw.headers.get('content-length') ?? 0) > bodyBytesMax) return problem('bodyTooLarge');
    if (coming >= limits.transit.dropsMax) return problem('tooManyRequests');
    coming += 1;
    const order = await readOrder(raw).finally(() => (coming -= 1));
    if (!order.ok) return problem(order.error.kind === 'tooLarge' ? 'bodyTooLarge' : 'badRequest');
    return answerStream(of, order.value, raw.signal);
  });
  return app;
}

/** A browser asks for a page, a program takes whatever comes. */
function isPerson({ req }: Context): boolean {
  return /^[^*]*text\/html/.test(req.header('accept') ?? '');
}

function fresh(answer: object): Response {
  return Response.json(answer, { headers: { ...pageHeaders, 'cache-control': 'no-store' } });
}

/** All documents, and a line before each. */
const bodyBytesMax = limits.transit.letterBytes + (limits.transit.dropFilesMax + 1) * limits.transit.dropLineBytes;

async function describeDoor(
  { room, access, mayUse, address }: TransitNeighbours,
  request: Request,
): Promise<DoorAnswer> {
  const check = await room.selfCheck();
  return {
    access,
    isLetIn: await mayUse(request),
    isShut: !isOpen(check),
    hasOffice: check.office !== undefined && 'version' in check.office,
    address: address ?? null,
    bytesMax: limits.transit.letterBytes,
    filesMax: limits.transit.dropFilesMax,
  };
}

async function count(room: TransitRoom): Promise<CountersAnswer> {
  const { jobs, pages, atWork, waiting, objects, bytes, oldestMs, alarms } = await room.counters();
  const step = limits.transit.countedBytes;
  return { jobs, pages, atWork, waiting, objects, bytes: Math.ceil(bytes / step) * step, oldestMs, alarms };
}
