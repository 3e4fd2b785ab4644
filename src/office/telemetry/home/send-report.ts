// One report, one request, one answer; never again.

import type { Outgoing, OutgoingRequest } from '#base/outgoing/outgoing.ts';
import { limits } from '#base/limits.ts';
import { ANSWER_TYPE, REQUEST_TYPE } from '#formats/ohttp/ohttp.ts';
import type { KnownCollector } from '../catalogue/card.ts';
import type { Way } from '../catalogue/catalogue.ts';
import { openAnswer, SEALED_ANSWER_BYTES, type SealedReport } from '../report/envelope.ts';
import type { Outcome } from './memory.ts';

export type Send = (request: OutgoingRequest) => ReturnType<Outgoing['request']>;

/** The collector's status is sealed to us: a relay can drop a report, not say that it was taken. */
export async function sendReport(
  send: Send,
  { bytes, exchange }: SealedReport,
  { way, collector }: { readonly way: Way; readonly collector: KnownCollector },
): Promise<Outcome> {
  const answer = await send({
    url: way.kind === 'relay' ? way.url : `${collector.card.url}/report`,
    method: 'POST',
    headers: { 'content-type': REQUEST_TYPE, accept: ANSWER_TYPE },
    body: bytes,
    bytesMax: SEALED_ANSWER_BYTES,
    redirectsMax: 0,
    timeoutMs: limits.telemetry.sendWaitMs,
  });
  if (!answer.ok || answer.value.status !== 200) return 'noAnswer';
  const status = openAnswer(exchange, answer.value.body);
  if (status === undefined) return 'noAnswer';
  return status === 204 ? 'taken' : 'refused';
}
