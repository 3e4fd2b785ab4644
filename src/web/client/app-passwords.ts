// App passwords of the signed-in account: the secret is made here, shown once, and never told to the server before a program uses it.

import { idFromBytes, idToBytes, newId, type AppPasswordId, type ItemId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { APP_SECRET_BYTES, appSecretVerifier, showAppSecret } from '#vault/sealing/app-secret.ts';
import { openItem, sealItem, type ItemPlace } from '#vault/sealing/client/item.ts';
import type { AppPassword, ChangeRefusal, NewAppPassword } from '../backend.ts';
import { toBase32 } from './base32.ts';
import type { OpenSession } from './open-session.ts';
import { changeRefusal, makeSignedChange } from './signed-change.ts';

const DAY_MS = 86_400_000;

export async function readAppPasswords({
  door,
  account,
}: OpenSession): Promise<Result<readonly AppPassword[], ChangeRefusal>> {
  const answer = await door.get('/auth/app-passwords', 'appPasswords');
  if (!answer.ok) return err(changeRefusal(answer.error));
  const opened = answer.value.appPasswords.map(async ({ id, sealedName, createdMs, usedDay }) => {
    const sealed = fromBase64(sealedName);
    const plain = sealed && (await openItem(account.keys, placeOf(id), sealed));
    const name = plain === undefined ? '' : new TextDecoder().decode(plain);
    return { id, name, createdMs, usedMs: usedDay === null ? undefined : usedDay * DAY_MS };
  });
  return ok(await Promise.all(opened));
}

export async function makeAppPassword(
  session: OpenSession,
  plainName: string,
): Promise<Result<NewAppPassword, ChangeRefusal>> {
  const id = newId<AppPasswordId>();
  const plainSecret = toBase32(crypto.getRandomValues(new Uint8Array(APP_SECRET_BYTES))).toLowerCase();
  const sealed = await sealItem(session.account.keys, placeOf(id), new TextEncoder().encode(plainName.slice(0, 100)));
  const effect = {
    id,
    verifier: toBase64Url(appSecretVerifier(plainSecret)),
    sealedName: toBase64Url(sealed),
  };
  const signed = await makeSignedChange(session, 'appPasswordPut', effect);
  if (!signed.ok) return signed;
  const put = await session.door.call('appPasswordPut', { ...effect, ...signed.value });
  return put.ok ? ok({ id, plainSecret: showAppSecret(plainSecret) }) : err(changeRefusal(put.error));
}

export async function removeAppPassword(
  session: OpenSession,
  id: AppPasswordId,
): Promise<Result<undefined, ChangeRefusal>> {
  const signed = await makeSignedChange(session, 'appPasswordRemoved', { id });
  if (!signed.ok) return signed;
  const removed = await session.door.call('appPasswordRemove', { id, ...signed.value });
  return removed.ok ? ok(undefined) : err(changeRefusal(removed.error));
}

/** Sealed like an item of a collection that no item lies in: never to be taken for another thing's name. */
function placeOf(id: AppPasswordId): ItemPlace {
  return { collection: 'app-passwords', id: idFromBytes<ItemId>(idToBytes(id)), version: 1 };
}
