// The drop page's HTTP: documents come in with one request, and its answer carries the progress and then everything that goes back.

import { Hono } from 'hono';
import { limits } from '#base/limits.ts';
import type { CountersAnswer, DoorAnswer } from '#formats/transit-wire/drop-frames.ts';
import type { Handed, TransitRoom } from '#post/transit/control/room.ts';
import { pageHeaders } from './page-headers.ts';
import { problem } from './problem.ts';
import { answerStream } from './transit-answer.ts';
import { readOrder } from './transit-order.ts';

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
  readonly papers?: (handed: Handed, language: 'de' | 'en') => Promise<readonly Paper[]>;
}

/** A page of another site cannot send it without being asked first, and we answer no such question. */
export const ORDER_TYPE = 'application/vnd.siegel.documents';
const JOB = /^[0-9A-Za-z_-]{10,64}$/;

/** Mounted at /. Nothing here is kept: who closes the connection gives the work up, and it is erased. */
export function createTransitRoutes(of: TransitNeighbours): Hono {
  const { room } = of;
  const app = new Hono();
  let coming = 0;
  app.get('/transit/door', async ({ req }) => fresh(await describeDoor(of, req.raw)));
  app.get('/transit/self-check', async () => fresh(await room.selfCheck()));
  app.get('/transit/receipts/:job', async (context) => {
    const job = context.req.param('job');
    const receipt = JOB.test(job) ? await room.findReceipt(job) : undefined;
    return receipt === undefined ? problem('notFound') : fresh(receipt);
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

function fresh(answer: object): Response {
  return Response.json(answer, { headers: { ...pageHeaders, 'cache-control': 'no-store' } });
}

/** All documents, and a line before each. */
const bodyBytesMax = limits.transit.letterBytes + (limits.transit.dropFilesMax + 1) * limits.transit.dropLineBytes;

async function describeDoor({ access, mayUse, address }: TransitNeighbours, request: Request): Promise<DoorAnswer> {
  return {
    access,
    isLetIn: await mayUse(request),
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
