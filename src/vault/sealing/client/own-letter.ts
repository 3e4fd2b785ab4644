// A letter its own author seals, which never passed the door: Sent copies, drafts (decision 0013). Same form as the door's, proven by the account.

import type { AccountId, LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { applyInsertions, protectInsertions } from '#formats/message/protect-insertion.ts';
import { splitStoredLetter } from '#formats/openpgp/seipd.ts';
import { ascii } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import { OUTER_FIELDS } from '../render.ts';
import type { Terms } from '../summary.ts';
import { sealRebuilt, type RebuiltBlobs } from './rebuilt.ts';
import type { AccountKeys } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface OwnLetter {
  readonly plainOriginal: Bytes;
  readonly receivedMs: number;
  readonly facts: object;
  readonly terms: Terms;
}

/** What a letter of one's own is sealed to. */
export interface OwnKeys {
  readonly keys: AccountKeys;
  /** Binary transferable public key. */
  readonly certificate: Bytes;
  readonly summaryKey: Bytes;
  /** Of the summary key. */
  readonly version: number;
}

export interface SealedOwnLetter extends RebuiltBlobs {
  readonly dataPacket: Bytes;
  readonly keyPacket: Bytes;
}

/** Readers learn from it which fields the outer letter hides (RFC 9788 §2.2), as from the door's block. */
const BLOCK = ascii(
  Object.entries(OUTER_FIELDS)
    .map(([name, value]) => `HP-Outer: ${name}: ${value}\r\n`)
    .join(''),
);

export async function sealOwnLetter(
  own: OwnKeys,
  place: { readonly accountId: AccountId; readonly letterId: LetterId },
  letter: OwnLetter,
): Promise<Result<SealedOwnLetter, { readonly kind: 'weakKey' | 'notSealed' }>> {
  const { plainOriginal, receivedMs, facts, terms } = letter;
  const insertions = [{ offset: 0, bytes: BLOCK }, ...protectInsertions(plainOriginal)];
  const packets = await sealPackets(applyInsertions(plainOriginal, insertions), own.certificate);
  if (packets === undefined) return err({ kind: 'notSealed' });
  const to = { summaryKey: own.summaryKey, version: own.version };
  const fromDoor = {
    doorKeyId: undefined,
    packetSha256: sha256(packets.dataPacket),
    receivedMs,
    verdict: null,
    provenance: null,
    original: {
      sha256: sha256(plainOriginal),
      sizeBytes: plainOriginal.length,
      insertions: insertions.map(({ offset, bytes }) => ({ offset, length: bytes.length })),
    },
    termsSha256: undefined,
    facts,
  };
  const blobs = await sealRebuilt(own.keys, place, to, { fromDoor, facts, terms });
  return blobs.ok ? ok({ ...packets, ...blobs.value }) : blobs;
}

/** Undefined: nothing can be sealed to this certificate. */
async function sealPackets(
  plain: Bytes,
  certificate: Bytes,
): Promise<{ readonly keyPacket: Bytes; readonly dataPacket: Bytes } | undefined> {
  const openpgp = await import('openpgp');
  // the form of 0003 §§1–2: SEIPD v1, not compressed, no time in it
  const config = {
    ...openpgp.config,
    aeadProtect: false,
    preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed,
    preferredSymmetricAlgorithm: openpgp.enums.symmetric.aes256,
  };
  try {
    const encryptionKeys = await openpgp.readKey({ binaryKey: certificate, config });
    const message = await openpgp.createMessage({ binary: plain, filename: '', format: 'binary', date: new Date(0) });
    const sealed = await openpgp.encrypt({ message, encryptionKeys, format: 'binary', config });
    const packets = splitStoredLetter(Uint8Array.from(sealed));
    return packets.ok ? packets.value : undefined;
  } catch {
    return undefined; // expired, revoked, or not a certificate
  }
}
