// The server's half of OPAQUE (RFC 9807): registrations, and logins answered against two records, real or made up.

import { createHmac } from 'node:crypto';
import { client, ready, server } from '@serenity-kit/opaque';

import { idFromBytes, type AccountId } from '#base/ids.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';

/** What new records are stretched with. The client enforces a floor and a ceiling of its own. */
export const STRETCHING = { suite: 'argon2id', version: 1, iterations: 3, memoryKib: 65_536, parallelism: 1 } as const;

const PUBLIC_KEY_BYTES = 32;
const RECORD_BYTES = 192;

export interface StoredRecord {
  readonly setupId: string;
  readonly record: Uint8Array;
}

/** What a login keeps in memory; its bytes 64–127 are the expected answer, so it never leaves this process. */
export interface LoginState {
  readonly serverLoginState: string;
}

export interface OpaqueServer {
  /** The id an address has when nobody has it: the same at every try, and not to be told from a real one. */
  blindedId(address: string): AccountId;
  register(
    accountId: AccountId,
    registrationRequest: string,
  ): { setupId: string; registrationResponse: string } | undefined;
  /** One answer for each place; a place without a record is answered from a made-up one of the same size. */
  startLogin(
    accountId: AccountId,
    records: readonly [StoredRecord | undefined, StoredRecord | undefined],
    startLoginRequest: string,
  ): readonly [StartedLogin, StartedLogin] | undefined;
  finishLogin(accountId: AccountId, state: LoginState, finishLoginRequest: string): boolean;
  isRecord(record: Uint8Array): boolean;
}

export interface StartedLogin {
  readonly loginResponse: string;
  readonly state: LoginState;
}

/** Identifiers are account and instance id, never the domain: a changed domain locks nobody out. */
export async function createOpaqueServer(kit: KeyKit): Promise<OpaqueServer> {
  await ready;
  const madeUpKey = makePublicKey();
  const identifiers = (accountId: AccountId) => ({ client: accountId, server: kit.instanceId });
  const current = kit.setups[0];

  /** Stable for one account id and place, so that every try meets the same "record". */
  function madeUpRecord(accountId: AccountId, place: number): StoredRecord {
    const parts = [0, 1, 2].map((part) =>
      createHmac('sha512', kit.blindKey).update(`siegel/login/record/v1 ${accountId} ${place} ${part}`).digest(),
    );
    const rest = Buffer.concat(parts).subarray(0, RECORD_BYTES - PUBLIC_KEY_BYTES);
    return { setupId: current.id, record: Buffer.concat([madeUpKey, rest]) };
  }

  function startOne(accountId: AccountId, stored: StoredRecord, startLoginRequest: string): StartedLogin {
    const setup = kit.setups.find((one) => one.id === stored.setupId) ?? current;
    const { serverLoginState, loginResponse } = server.startLogin({
      serverSetup: setup.setup,
      userIdentifier: accountId,
      registrationRecord: toBase64Url(stored.record),
      startLoginRequest,
      identifiers: identifiers(accountId),
    });
    return { loginResponse, state: { serverLoginState } };
  }

  return {
    blindedId: (address) =>
      idFromBytes<AccountId>(
        createHmac('sha256', kit.blindKey).update('siegel/login/account/v1 ').update(address).digest().subarray(0, 16),
      ),
    register: (accountId, registrationRequest) =>
      attempt(() => ({
        setupId: current.id,
        ...server.createRegistrationResponse({
          serverSetup: current.setup,
          userIdentifier: accountId,
          registrationRequest,
        }),
      })),
    startLogin: (accountId, records, startLoginRequest) =>
      attempt(() => {
        // Both are made whether needed or not: the work is the same for everybody.
        const madeUp = [madeUpRecord(accountId, 0), madeUpRecord(accountId, 1)] as const;
        return [
          startOne(accountId, records[0] ?? madeUp[0], startLoginRequest),
          startOne(accountId, records[1] ?? madeUp[1], startLoginRequest),
        ] as const;
      }),
    finishLogin: (accountId, state, finishLoginRequest) =>
      attempt(() =>
        server.finishLogin({
          serverLoginState: state.serverLoginState,
          finishLoginRequest,
          identifiers: identifiers(accountId),
        }),
      ) !== undefined,
    isRecord: (record) => record.length === RECORD_BYTES,
  };
}

/** A public key as a record holds it: a valid group element, from a registration nobody can log in with. */
function makePublicKey(): Buffer {
  const serverSetup = server.createSetup();
  const password = server.createSetup();
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    ...server.createRegistrationResponse({ serverSetup, userIdentifier: 'nobody', registrationRequest }),
    password,
    keyStretching: { 'argon2id-custom': { iterations: 1, memory: 64, parallelism: 1 } },
  });
  return Buffer.from(registrationRecord, 'base64url').subarray(0, PUBLIC_KEY_BYTES);
}

/** The library throws on anything malformed; from outside that is a refusal, not a mistake of ours. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
