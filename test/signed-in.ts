// Somebody with a mailbox, for journeys: signs up and in through the client library, asks JMAP as any client would.

import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../src/web/client/entry.ts';
import { jarFetch } from '../src/web/client/jar-fetch.ts';
import type { SignedIn } from '../src/web/backend.ts';
import type { RunningProgram } from './running-program.ts';

export type Members = Record<string, unknown>;

export interface Person {
  readonly address: string;
  readonly accountId: string;
  readonly signedIn: SignedIn;
  /** With the session's cookie; paths are relative to the server. */
  readonly reach: typeof fetch;
  /** One method call; rejects on an HTTP or method error. */
  jmap(method: string, args: Members): Promise<Members>;
}

export const PASSWORD = 'a long password for tests';
const USING = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:siegel:params:jmap:sealed'];

/** The program may be restarted in between: it is asked for by `program()` each time. */
export async function signUp(program: () => RunningProgram, localPart: string, role = 'member'): Promise<Person> {
  const made = await program().siegel(['invite', 'create', '--role', role, '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  const reach = jarFetch(() => program().url);
  const entry = createEntryClient(reach, systemClock);
  const signedUp = await entry.signUp({ code, localPart, plainPassword: PASSWORD });
  if (!signedUp.ok) throw new Error(`sign-up refused: ${signedUp.error.kind}`);
  return personOf(signedUp.value, reach);
}

export async function signIn(
  program: () => RunningProgram,
  address: string,
  plainPassword = PASSWORD,
): Promise<Person> {
  const reach = jarFetch(() => program().url);
  const step = await createEntryClient(reach, systemClock).signIn({ address, plainPassword });
  if (!step.ok) throw new Error(`sign-in refused: ${step.error.kind}`);
  if (step.value.step !== 'done') throw new Error(`sign-in asks for more: ${step.value.step}`);
  return personOf(step.value.signedIn, reach);
}

function personOf(signedIn: SignedIn, reach: typeof fetch): Person {
  const { address, accountId } = signedIn.session;
  return {
    address,
    accountId,
    signedIn,
    reach,
    async jmap(method, args) {
      const body = JSON.stringify({ using: USING, methodCalls: [[method, { accountId, ...args }, 'c']] });
      const answer = await reach('/jmap/api', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      if (!answer.ok) throw new Error(`JMAP answered ${answer.status}`);
      const { methodResponses } = (await answer.json()) as { methodResponses: [string, Members, string][] };
      const [name, result] = methodResponses[0] ?? ['error', {}];
      if (name === 'error') throw new Error(`${method}: ${JSON.stringify(result)}`);
      return result;
    },
  };
}
