// From the secrets of a signed-in device to readers of its mail: asks the server for keyring and manifest and checks them.

import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { SignedIn } from '../backend.ts';
import { createHttpDoor, type HttpDoor } from './http-door.ts';
import { createJmapClient, type JmapClient } from './jmap-client.ts';
import { openAccount, type OpenedAccount } from './opened-account.ts';
import { parseSecrets, type Secrets } from './secrets.ts';
import { createSummaryReader, type SummaryReader } from './summary-reader.ts';

export interface OpenSession {
  readonly reach: typeof fetch;
  readonly door: HttpDoor;
  readonly jmap: JmapClient;
  readonly secrets: Secrets;
  readonly account: OpenedAccount;
  readonly summaries: SummaryReader;
}

export type SessionRefusal = {
  readonly kind: 'signed-out' | 'no-connection' | 'server-unavailable' | 'keys-altered';
};

export async function openSession(
  reach: typeof fetch,
  signedIn: SignedIn,
): Promise<Result<OpenSession, SessionRefusal>> {
  const secrets = parseSecrets(signedIn.secrets);
  if (!secrets) return err({ kind: 'signed-out' });
  const door = createHttpDoor(reach);
  const account = await readAccount(door, secrets);
  if (!account.ok) return account;
  const jmap = createJmapClient(reach, secrets.rootKey.accountId);
  const summaries = await createSummaryReader(account.value);
  return ok({ reach, door, jmap, secrets, account: account.value, summaries });
}

/** The account as the server shows it now, checked against what this device knows. */
export async function readAccount(door: HttpDoor, secrets: Secrets): Promise<Result<OpenedAccount, SessionRefusal>> {
  const state = await readState(door);
  if (!state.ok) return state;
  const account = await openAccount(secrets.rootKey, state.value.keys, secrets);
  return account.ok ? account : err({ kind: 'keys-altered' });
}

export async function readState(door: HttpDoor): Promise<Result<AnswerBody<'session'>, SessionRefusal>> {
  const state = await door.get('/auth/session', 'session');
  if (state.ok) return state;
  const { kind } = state.error;
  return err({ kind: kind === 'signed-out' || kind === 'no-connection' ? kind : 'server-unavailable' });
}
