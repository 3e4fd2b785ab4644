// Operators of a scratch house: real Ed25519 keys that sign plans as `ssh-keygen -Y sign` does.

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { newId, type AccountId, type OperatorId } from '#base/ids.ts';
import { fromBase64, toBase64 } from '#formats/base64/base64.ts';
import { joinStrings } from '#formats/sshsig/ssh-fields.ts';
import { sshSignedBytes, writeSshSignature } from '#formats/sshsig/ssh-signature.ts';
import type { CommandOf } from '#vault/journal/commands.ts';
import { NAMESPACES, operatorContent } from '#vault/safeguards/change/operators.ts';

export interface DrillOperator {
  /** The record that names the person. */
  readonly named: CommandOf<'operatorPut'>;
  /** A signature file over a plan. */
  sign(plan: string): string;
}

const KIND = 'ssh-ed25519';
const HASH = 'sha512';

/** `accountId`: where notices about changes and the letter to try go. */
export function makeDrillOperator(name: string, accountId: AccountId | null): DrillOperator {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = fromBase64(String(publicKey.export({ format: 'jwk' })['x'])) ?? new Uint8Array();
  const kind = new TextEncoder().encode(KIND);
  const keyBlob = joinStrings(kind, point);
  const sshKey = `${KIND} ${toBase64(keyBlob)}`;
  const content = { name, sshKey, accountId, role: 'operator', procedure: null, standing: null } as const;
  const namespace = NAMESPACES.change;
  return {
    named: { kind: 'operatorPut', effect: { operatorId: newId<OperatorId>(), content: operatorContent(content) } },
    sign(plan) {
      const about = { namespace, reserved: new Uint8Array(0), hash: HASH } as const;
      const bytes = sshSignedBytes(about, createHash(HASH).update(plan).digest());
      const signature = joinStrings(kind, sign(null, bytes, privateKey));
      return writeSshSignature({ keyBlob, namespace, hash: HASH, signature });
    },
  };
}
