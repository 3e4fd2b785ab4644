// One report on its way through: its bytes to the collector and nothing of its sender, the collector's sealed answer back (RFC 9458 §6.2).

import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { ANSWER_TYPE, REQUEST_TYPE } from '#formats/ohttp/ohttp.ts';
import type { Taken } from '../door/report-door.ts';
import { SEALED_ANSWER_BYTES } from '../report/envelope.ts';
import type { AddressCounts } from './address-counts.ts';

export interface RelayParts {
  readonly outgoing: Pick<Outgoing, 'request'>;
  /** https://host[:port] of the collector. */
  readonly collector: string;
  readonly counts: AddressCounts;
}

export function createRelay({
  outgoing,
  collector,
  counts,
}: RelayParts): (bytes: Uint8Array, addressOf: () => string) => Promise<Taken> {
  let underWay = 0;
  return async (bytes, addressOf) => {
    if (!counts.mayPass(addressOf())) return 429;
    if (underWay >= limits.relay.atOnce) return 503;
    underWay += 1;
    try {
      const answer = await outgoing.request('relay', {
        url: `${collector}/report`,
        method: 'POST',
        headers: { 'content-type': REQUEST_TYPE },
        body: bytes,
        bytesMax: SEALED_ANSWER_BYTES,
        timeoutMs: limits.relay.waitMs,
      });
      if (!answer.ok) return 502;
      const { status, headers, body } = answer.value;
      if (status === 400 || status === 503) return status;
      const isAnswer = status === 200 && headers['content-type'] === ANSWER_TYPE && body.length === SEALED_ANSWER_BYTES;
      return isAnswer ? body : 502;
    } finally {
      underWay -= 1;
    }
  };
}
