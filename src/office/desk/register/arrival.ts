// What becomes of something that came in by itself: it waits, is taken as a filing or is dismissed. The same rules decide what may be written and verify what was.

import { unreachable } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { ArrivalId, Channel, Digest, Dismissal, FilingNumber, Fingerprint } from '#formats/desk/model.ts';
import type { ArrivalEvent } from './event.ts';

export interface Arrival {
  readonly arrival: ArrivalId;
  readonly receivedMs: number;
  readonly channel: Channel;
  readonly file: Digest;
  readonly bytes: number;
  readonly to: readonly Fingerprint[];
  readonly state: 'WAITING' | 'TAKEN' | 'DISMISSED';
  readonly isAnswered: boolean;
  readonly filing: FilingNumber | null;
  readonly why: Dismissal | null;
}

export interface IllegalArrival {
  readonly kind: 'arrivedTwice' | 'noSuchArrival' | 'arrivalOver' | 'answeredTwice';
  readonly state: Arrival['state'] | null;
}

export function stepArrival(known: Arrival | undefined, event: ArrivalEvent): Result<Arrival, IllegalArrival> {
  if (event.kind === 'ARRIVED') {
    if (known !== undefined) return err({ kind: 'arrivedTwice', state: known.state });
    const { arrival, receivedMs, channel, file, bytes, to } = event;
    return ok({
      arrival,
      receivedMs,
      channel,
      file,
      bytes,
      to,
      state: 'WAITING',
      isAnswered: false,
      filing: null,
      why: null,
    });
  }
  if (known === undefined) return err({ kind: 'noSuchArrival', state: null });
  if (event.kind === 'AUTO_REPLIED') {
    if (known.isAnswered) return err({ kind: 'answeredTwice', state: known.state });
    return ok({ ...known, isAnswered: true });
  }
  if (known.state !== 'WAITING') return err({ kind: 'arrivalOver', state: known.state });
  switch (event.kind) {
    case 'TAKEN':
      return ok({ ...known, state: 'TAKEN', filing: event.filing });
    case 'DISMISSED':
      return ok({ ...known, state: 'DISMISSED', why: event.why });
    default:
      return unreachable(event);
  }
}
