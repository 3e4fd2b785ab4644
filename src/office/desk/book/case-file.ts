// A case file arrives sealed: whether it is an OpenPGP message to exactly the people of the roster is read from its outside (RFC 9580 §5.1).

import type { PublicKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { sha256 } from '../register/chain.ts';
import type { Digest, Fingerprint } from '#formats/desk/model.ts';
import { readCertificate } from '#formats/desk/certificate.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { loadOpenPgp } from '#formats/desk/openpgp.ts';

export interface CaseFileRefusal {
  readonly kind: 'caseFile';
  readonly why: 'tooLarge' | 'notSealed' | 'notToAll' | 'toOthers';
  /** A sentence. */
  readonly what: string;
}

export interface SealedCaseFile {
  readonly file: Digest;
  readonly bytes: number;
  readonly to: readonly Fingerprint[];
}

export async function checkCaseFile(
  sealed: Uint8Array,
  { roster }: Pick<Policy, 'roster'>,
): Promise<Result<SealedCaseFile, CaseFileRefusal>> {
  if (sealed.length > limits.deskFiling.caseFileBytes)
    return refuse('tooLarge', `A case file may have ${limits.deskFiling.caseFileBytes} bytes: split it.`);
  const ids = await recipientsOf(sealed);
  if (ids === undefined)
    return refuse(
      'notSealed',
      'The case file is no OpenPGP message that is encrypted to keys: seal it to the roster first.',
    );
  const known = new Set<string>();
  for (const { name, certificate } of roster) {
    const own = encryptionIds(await readCertificate(certificate));
    own.forEach((id) => known.add(id));
    if (!ids.some((id) => own.includes(id)))
      return refuse('notToAll', `The case file is not sealed to ${name}: seal it to everybody of the roster.`);
  }
  if (ids.some((id) => !known.has(id)))
    return refuse(
      'toOthers',
      'The case file is sealed to a key that is not in the roster: seal it to the roster alone.',
    );
  return ok({ file: sha256(sealed), bytes: sealed.length, to: roster.map(({ fingerprint }) => fingerprint) });
}

/** Key ids in hex; undefined for what is not one message encrypted to keys and nothing else. */
async function recipientsOf(sealed: Uint8Array): Promise<readonly string[] | undefined> {
  const openpgp = await loadOpenPgp();
  try {
    const message = await openpgp.readMessage({ binaryMessage: sealed });
    const tags = message.packets.map((packet) => (packet.constructor as { tag?: number }).tag);
    const body = tags.at(-1);
    const { publicKeyEncryptedSessionKey, symEncryptedIntegrityProtectedData } = openpgp.enums.packet;
    const isSealed =
      body === symEncryptedIntegrityProtectedData &&
      tags.length > 1 &&
      tags.slice(0, -1).every((tag) => tag === publicKeyEncryptedSessionKey);
    return isSealed ? message.getEncryptionKeyIDs().map((id) => id.toHex()) : undefined;
  } catch {
    return undefined;
  }
}

/** Of the primary key and its subkeys: which of them encrypts is the sealing program's choice. */
function encryptionIds(key: PublicKey): readonly string[] {
  return key.getKeys().map((one) => one.getKeyID().toHex());
}

function refuse(why: CaseFileRefusal['why'], what: string): Result<never, CaseFileRefusal> {
  return err({ kind: 'caseFile', why, what });
}
