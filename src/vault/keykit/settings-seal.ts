// What the house itself must be able to read (TOTP secrets, rules at the door), kept under the settings key: AES-256-GCM, bound to account and purpose.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { AccountId } from '#base/ids.ts';

export type SettingsPurpose = 'second-factor' | 'rules';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** version 1 ‖ nonce ‖ ciphertext ‖ tag. */
export function sealSetting(
  settingsKey: Uint8Array,
  accountId: AccountId,
  purpose: SettingsPurpose,
  plain: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(settingsKey, purpose), nonce);
  cipher.setAAD(aad(accountId, purpose));
  const sealed = Buffer.concat([Buffer.of(1), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return new Uint8Array(sealed);
}

/** The bytes that were sealed; undefined when they are damaged or belong to another account, purpose or house. */
export function openSetting(
  settingsKey: Uint8Array,
  accountId: AccountId,
  purpose: SettingsPurpose,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (sealed[0] !== 1 || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyFor(settingsKey, purpose), nonce);
  decipher.setAAD(aad(accountId, purpose));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]),
    );
  } catch {
    return undefined;
  }
}

function keyFor(settingsKey: Uint8Array, purpose: SettingsPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', settingsKey, '', `siegel/settings/${purpose}/v1`, 32));
}

function aad(accountId: AccountId, purpose: SettingsPurpose): Buffer {
  return Buffer.from(`siegel/settings/v1/${purpose}/${accountId}`);
}
