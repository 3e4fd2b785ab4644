// What came in by itself, as it becomes a filing: how and when it came stands already.

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { BASE32 } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { arrivalField } from '#formats/desk/fields.ts';
import type { ArrivalId, Digest, Fingerprint } from '#formats/desk/model.ts';
import type { Register } from './desk-book.ts';
import type { DeskRefusal } from './desk.ts';
import type { NewFiling } from './new-filing.ts';

/** 60 random bits. */
export function newArrivalId(): ArrivalId {
  const text = Array.from(randomBytes(12), (byte) => BASE32[byte % BASE32.length]).join('');
  return v.parse(arrivalField, `arrival-${text}`);
}

export interface Taken {
  /** With the channel and the time of the arrival. */
  readonly given: NewFiling;
  readonly file: { readonly file: Digest; readonly bytes: number; readonly to: readonly Fingerprint[] };
}

export async function takenOf(
  register: Register,
  arrival: ArrivalId,
  given: NewFiling,
): Promise<Result<Taken, DeskRefusal>> {
  const known = await register.arrival(arrival);
  if (known === undefined) return err({ kind: 'arrival', arrival, step: { kind: 'noSuchArrival', state: null } });
  const { channel, receivedMs, file, bytes, to } = known;
  if (given.channel !== channel) return err({ kind: 'otherThanArrived', arrival, channel });
  return ok({ given: { ...given, received: new Date(receivedMs).toISOString() }, file: { file, bytes, to } });
}
