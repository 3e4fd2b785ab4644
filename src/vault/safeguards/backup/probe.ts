// The login each backup is tried with: made for it alone, its password derived from the kit, answered by the kit’s OPAQUE setup (RFC 9807).

import { client, ready, server } from '@serenity-kit/opaque';
import type { KeyKit } from '../../keykit/key-kit.ts';
import type { BackupKeys } from './backup-keys.ts';
import type { Manifest } from './manifest.ts';

export type Probe = Manifest['probe'];

/** Nobody guesses 256 random bits: stretching would only cost time. */
const STRETCHING = { 'argon2id-custom': { iterations: 1, memory: 64, parallelism: 1 } } as const;

/** Registers the probe with the kit’s newest setup, as a person’s browser would. */
export async function makeProbe(kit: KeyKit, keys: BackupKeys, backupId: string): Promise<Probe> {
  await ready;
  const password = keys.probePassword(backupId);
  const [setup] = kit.setups;
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { registrationResponse } = server.createRegistrationResponse({
    serverSetup: setup.setup,
    userIdentifier: backupId,
    registrationRequest,
  });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    identifiers: { client: backupId, server: kit.instanceId },
    keyStretching: STRETCHING,
  });
  return { setupId: setup.id, record: registrationRecord };
}

/** Whether this kit signs the probe of that backup in. */
export async function probeSignsIn(kit: KeyKit, keys: BackupKeys, { id, probe }: Manifest): Promise<boolean> {
  await ready;
  const setup = kit.setups.find((one) => one.id === probe.setupId);
  if (setup === undefined) return false;
  const password = keys.probePassword(id);
  const identifiers = { client: id, server: kit.instanceId };
  try {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password });
    const { serverLoginState, loginResponse } = server.startLogin({
      serverSetup: setup.setup,
      userIdentifier: id,
      registrationRecord: probe.record,
      startLoginRequest,
      identifiers,
    });
    const finished = client.finishLogin({
      clientLoginState,
      loginResponse,
      password,
      identifiers,
      keyStretching: STRETCHING,
    });
    if (finished === undefined) return false;
    const { sessionKey } = server.finishLogin({
      serverLoginState,
      finishLoginRequest: finished.finishLoginRequest,
      identifiers,
    });
    return sessionKey === finished.sessionKey;
  } catch {
    return false; // a record that is none, or of another setup
  }
}
