// People of a bench: they sign up over HTTP as the page does, and ask JMAP with a watch in hand.

import * as v from 'valibot';
import { systemClock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { CORE, MAIL, SEALED } from '#formats/jmap/capabilities.ts';
import type { SignedIn } from '#web/backend.ts';
import { createEntryClient } from '#web/client/entry.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { askOperator } from '../../src/programs/operator-socket.ts';
import type { RunningProgram } from '../../test/running-program.ts';

/** Where a house runs now; after a restart another program stands here. */
export interface House {
  program: RunningProgram;
}

export interface Person {
  readonly address: string;
  readonly plainPassword: string;
  readonly signedIn: SignedIn;
  readonly reach: typeof fetch;
}

/** An invitation and a whole sign-up: OPAQUE, own keys, own keyring. */
export async function signUp(house: House, localPart: string): Promise<Person> {
  const invite = await askOperator(house.program.dataDir, 'invite.create', { role: 'member' });
  if (!invite.ok) throw new Error(invite.error.sentence);
  const reach = jarFetch(() => house.program.url);
  const plainPassword = `bench-${localPart}-password`;
  const entry = createEntryClient(reach, systemClock);
  const done = await entry.signUp({ code: invite.value.code, localPart, plainPassword });
  if (!done.ok) throw new Error(`sign-up: ${done.error.kind}`);
  return { address: done.value.session.address, plainPassword, signedIn: done.value, reach };
}

export type Members = Readonly<Record<string, unknown>>;
export type Call = readonly [name: string, args: Members];

export interface Answered {
  readonly results: readonly Members[];
  /** From the request until the last byte of the answer is here. */
  readonly tookMs: number;
  readonly answerBytes: number;
}

const answerShape = v.object({
  methodResponses: v.array(v.tuple([v.string(), v.record(v.string(), v.unknown()), v.string()])),
});

/** One POST with these calls; throws when any of them is refused. */
export async function ask(reach: typeof fetch, accountId: AccountId, calls: readonly Call[]): Promise<Answered> {
  const methodCalls = calls.map(([name, args], place) => [name, { accountId, ...args }, String(place)]);
  const body = JSON.stringify({ using: [CORE, MAIL, SEALED], methodCalls });
  const headers = { 'content-type': 'application/json' };
  const started = performance.now();
  const response = await reach('/jmap/api', { method: 'POST', headers, body });
  const bytes = await response.arrayBuffer();
  const tookMs = performance.now() - started;
  if (!response.ok) throw new Error(`JMAP answered ${response.status}`);
  const { methodResponses } = v.parse(answerShape, JSON.parse(new TextDecoder().decode(bytes)));
  for (const [name, result] of methodResponses) {
    if (name === 'error') throw new Error(`JMAP refused: ${JSON.stringify(result)}`);
  }
  return { results: methodResponses.map(([, result]) => result), tookMs, answerBytes: bytes.byteLength };
}

/** The texts a result holds under a name: ids, most often. */
export function textsOf(result: Members | undefined, name: string): readonly string[] {
  return v.parse(v.array(v.string()), result?.[name]);
}
