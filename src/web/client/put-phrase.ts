// The recovery phrase: its wrap of the root key, named in the next manifest, signed, handed to the server.

import { requireValue } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { makePhrase, parsePhrase, phraseKeys } from '#vault/sealing/client/phrase.ts';
import { wrapTo } from '#vault/sealing/client/wraps.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import { changeRefusal, makeSignedChange, type SignedChangeRefusal } from './signed-change.ts';
import { readAccount, type OpenSession } from './open-session.ts';
import { nextManifest } from './opened-account.ts';

export { makePhrase };

const PHRASE = 'phrase';

/** Replaces a phrase that was there. */
export async function putPhrase(session: OpenSession, plainPhrase: string): Promise<Result<void, SignedChangeRefusal>> {
  const { rootKey } = session.account.keys;
  const entropy = parsePhrase(plainPhrase);
  if (!entropy.ok) return err({ kind: 'not-allowed' });
  const keys = await phraseKeys(entropy.value, rootKey.accountId);
  const sealed = await wrapTo(PHRASE, PHRASE, keys.wrapKey.publicKey, rootKey);
  const bytes = requireValue(sealed.ok ? sealed.value : undefined, 'a wrap for a key made here');
  // The manifest follows on the one the server has now, not on the one of this session's beginning.
  const account = await readAccount(session.door, session.secrets);
  if (!account.ok) return err(changeRefusal(account.error));
  const wraps = { ...account.value.manifest.wraps, [PHRASE]: toBase64Url(sha256(bytes)) };
  const body = {
    wrap: {
      wrapId: PHRASE,
      kind: PHRASE,
      arkVersion: rootKey.version,
      publicKey: toBase64Url(keys.wrapKey.publicKey),
      sealed: toBase64Url(bytes),
      tokenHash: toBase64Url(keys.tokenHash),
    },
    manifest: await nextManifest(account.value, wraps),
  } as const;
  const signed = await makeSignedChange(session, 'wrapPut', body);
  if (!signed.ok) return signed;
  const put = await session.door.call('wrapPut', { ...body, ...signed.value });
  return put.ok ? ok(undefined) : err(changeRefusal(put.error));
}
