// GET /jmap/events: reads types, closeafter and ping, and opens the stream (RFC 8620 §7.3).

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { refusal } from '../http-answers.ts';
import type { EventStreams } from './event-stream.ts';

interface EventsRequest {
  readonly accountId: AccountId;
  readonly request: Request;
  /** Whether the session lives and still has the account. */
  readonly mayGoOn: () => Promise<boolean>;
}

export function eventsAnswer(streams: EventStreams, of: EventsRequest): Response {
  const { searchParams } = new URL(of.request.url);
  const types = searchParams.get('types') ?? '*';
  const closeAfter = searchParams.get('closeafter') ?? 'no';
  const ping = searchParams.get('ping') ?? '0';
  if (!/^(\*|[A-Za-z]{1,40}(,[A-Za-z]{1,40}){0,50})$/.test(types))
    return refusal(400, 'types is * or a list of names.');
  if (closeAfter !== 'no' && closeAfter !== 'state') return refusal(400, 'closeafter is no or state.');
  if (!/^\d{1,9}$/.test(ping)) return refusal(400, 'ping is a number of seconds.');
  if (!streams.hasRoomFor(of.accountId)) return refusal(429, 'Too many event streams are open.');
  const stream = streams.open({
    accountId: of.accountId,
    types: types === '*' ? undefined : new Set(types.split(',')),
    closeAfterState: closeAfter === 'state',
    pingSeconds: boundPing(Number(ping)),
    lastEventId: of.request.headers.get('Last-Event-ID') ?? undefined,
    mayGoOn: of.mayGoOn,
  });
  return new Response(stream, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  });
}

function boundPing(seconds: number): number {
  if (seconds === 0) return 0;
  return Math.min(limits.jmap.pingSecondsMax, Math.max(limits.jmap.pingSecondsMin, seconds));
}
