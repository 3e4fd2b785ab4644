// The account's own addresses as the server knows them (RFC 8621 §6), asked once a session.

import * as v from 'valibot';
import { listOf } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';

const identityShape = v.object({ id: v.string(), email: v.string() });
export type OwnAddress = v.InferOutput<typeof identityShape>;

const asked = new WeakMap<OpenSession, Promise<readonly OwnAddress[]>>();

/** Empty while the server cannot be asked; it is asked again then. */
export function readIdentities(session: OpenSession): Promise<readonly OwnAddress[]> {
  const known = asked.get(session);
  if (known) return known;
  const reading = session.jmap.run([['Identity/get', { ids: null }]]).then((answer) => {
    if (!answer.ok) asked.delete(session);
    return answer.ok ? listOf(identityShape, answer.value[0]) : [];
  });
  asked.set(session, reading);
  return reading;
}

/** After an address came or went. */
export function forgetIdentities(session: OpenSession): void {
  asked.delete(session);
}

/** Lower case. */
export async function readOwnAddresses(session: OpenSession): Promise<readonly string[]> {
  return (await readIdentities(session)).map(({ email }) => email.toLowerCase());
}
