// The keys of backups, all derived from the kit: what objects are sealed to, what names them, what signs manifests (decision 0015).

import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { KeyKit } from '../../keykit/key-kit.ts';

export interface BackupKeys {
  /** X25519, raw. */
  readonly recipient: Uint8Array;
  readonly opens: KeyObject;
  /** HMAC-SHA-256: an object’s name says nothing of its content to others. */
  readonly nameKey: Uint8Array;
  /** Ed25519. */
  readonly signs: KeyObject;
  readonly checks: KeyObject;
  /** Password of the account that each backup is tried with; the kit alone knows it. */
  probePassword(backupId: string): string;
}

const PKCS8 = {
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'), // RFC 8410 §7, before the 32 byte seed
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
} as const;
const KEY_BYTES = 32;

export function backupKeysOf(kit: Pick<KeyKit, 'settingsKey' | 'instanceId'>): BackupKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', kit.settingsKey, kit.instanceId, `siegel/backup/${purpose}/v1`, KEY_BYTES));
  const opens = privateKey('x25519', derive('seal'));
  const signs = privateKey('ed25519', derive('sign'));
  return {
    recipient: rawPublicKey(opens),
    opens,
    nameKey: derive('name'),
    signs,
    checks: createPublicKey(signs),
    probePassword: (backupId) => derive(`probe/${backupId}`).toString('base64url'),
  };
}

function privateKey(curve: keyof typeof PKCS8, seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8[curve], seed]), format: 'der', type: 'pkcs8' });
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES));
}
