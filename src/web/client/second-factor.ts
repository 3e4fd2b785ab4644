// A sign-in code for the account (TOTP, RFC 6238): its secret is made here and kept only when a first code shows that it was taken over.

import { err, ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import type { Backend, ChangeRefusal, SessionInfo } from '../backend.ts';
import { toBase32 } from './base32.ts';
import type { DoorRefusal } from './http-door.ts';
import type { OpenSession } from './open-session.ts';
import { changeRefusal, makeSignedChange } from './signed-change.ts';

export type SecondFactor = Pick<Backend, 'newCodeSecret' | 'confirmCode' | 'removeCode'>;
type CodeRefusal = ChangeRefusal | { readonly kind: 'wrong-code' };

const SECRET_BYTES = 20; // RFC 4226 §4 R6 recommends 160 bits

export function createSecondFactor(session: OpenSession, { address }: SessionInfo): SecondFactor {
  const { door } = session;
  let plainWaiting: Uint8Array | undefined;
  return {
    async newCodeSecret() {
      plainWaiting = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
      const secretBase32 = toBase32(plainWaiting);
      const label = encodeURIComponent(`Siegel:${address}`);
      return { uri: `otpauth://totp/${label}?secret=${secretBase32}&issuer=Siegel`, secretBase32 };
    },
    async confirmCode(code) {
      if (!plainWaiting) return err({ kind: 'not-allowed' });
      const effect = { secret: toBase64Url(plainWaiting), code };
      const signed = await makeSignedChange(session, 'secondFactorPut', effect);
      if (!signed.ok) return signed;
      const put = await door.call('totpPut', { ...effect, ...signed.value });
      if (put.ok) plainWaiting = undefined;
      return put.ok ? ok(undefined) : err(codeRefusal(put.error));
    },
    async removeCode(code) {
      const effect = { code };
      const signed = await makeSignedChange(session, 'secondFactorRemoved', effect);
      if (!signed.ok) return signed;
      const removed = await door.call('totpRemove', { ...effect, ...signed.value });
      return removed.ok ? ok(undefined) : err(codeRefusal(removed.error));
    },
  };
}

function codeRefusal(refusal: DoorRefusal): CodeRefusal {
  return refusal.kind === 'wrong-code' ? { kind: 'wrong-code' } : changeRefusal(refusal);
}
