// A result on its way: to a mailbox of this house, or to the sender's server directly, whose answer is awaited; never through a queue.

import type { HandOver, OutgoingAnswer } from '#post/transit/control/transit-letter.ts';
import type { Transport } from '#post/delivery/transport.ts';

const HOW = { delivered: 'taken', deferred: 'later', failed: 'refused' } as const;

export interface HandOverWays {
  readonly transport: Transport;
  /** Undefined: no mailbox of this house has the address. */
  readonly deliverHere?: (answer: OutgoingAnswer) => Promise<HandOver | undefined>;
}

/** From the null sender (RFC 3834 §3.3): nobody answers it, and a bounce would have nowhere to go. */
export function createHandOver({
  transport,
  deliverHere,
}: HandOverWays): (answer: OutgoingAnswer) => Promise<HandOver> {
  return async (answer) => {
    const here = await deliverHere?.(answer);
    if (here !== undefined) return here;
    const { to, plainLetter } = answer;
    const domain = to.slice(to.lastIndexOf('@') + 1);
    const parcel = { mailFrom: '', domain, recipients: [to], bytes: plainLetter };
    const [outcome] = await transport.deliver(parcel, () => Promise.resolve());
    plainLetter.fill(0);
    return outcome === undefined ? 'later' : HOW[outcome.kind];
  };
}
