// A package sealed once while it is written: one data packet, with key packets for the authority and others for the roster. What two people open is what leaves, byte for byte.

import { createHash, randomBytes } from 'node:crypto';
import { TransformStream, type ReadableStream } from 'node:stream/web';
import type { PublicKey } from 'openpgp';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Digest } from '#formats/desk/model.ts';
import { loadOpenPgp } from '#formats/desk/openpgp.ts';
import type { Copy, PackageDraft } from './package-store.ts';

export interface SealedPackage {
  readonly keys: Readonly<Record<Copy, Uint8Array>>;
  /** SHA-256 of each whole copy. */
  readonly digests: Readonly<Record<Copy, Digest>>;
}

/** `fill` writes the package; nothing of it lies anywhere unsealed. */
export async function sealPackage(
  to: Readonly<Record<Copy, readonly PublicKey[]>>,
  draft: Pick<PackageDraft, 'write'>,
  fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<SealedPackage> {
  const openpgp = await loadOpenPgp();
  const sessionKey = { data: new Uint8Array(randomBytes(32)), algorithm: 'aes256' as const };
  const keysFor = async (recipients: readonly PublicKey[]): Promise<Uint8Array> => {
    const packets: unknown = await openpgp.encryptSessionKey({
      ...sessionKey,
      encryptionKeys: [...recipients],
      format: 'binary',
    });
    if (!(packets instanceof Uint8Array)) throw new Error('key packets are bytes');
    return packets;
  };
  const keys = { LOOK: await keysFor(to.LOOK), HANDOVER: await keysFor(to.HANDOVER) };
  const hashes = {
    LOOK: createHash('sha256').update(keys.LOOK),
    HANDOVER: createHash('sha256').update(keys.HANDOVER),
  };
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const sealed = await openpgp.encrypt({
    message: await openpgp.createMessage({ binary: pipe.readable }),
    sessionKey,
    format: 'binary',
  });
  let failed: { readonly cause: unknown } | undefined;
  const writer = pipe.writable.getWriter();
  const end = async (cause: unknown): Promise<void> => {
    failed ??= { cause };
    // without it the other side would wait for ever
    await writer.abort(cause).catch(() => undefined);
  };
  const take = async (chunk: Uint8Array): Promise<void> => {
    hashes.LOOK.update(chunk);
    hashes.HANDOVER.update(chunk);
    await draft.write(chunk).catch((cause: unknown) => {
      failed ??= { cause };
      throw cause;
    });
  };
  const filled = fill((chunk) => writer.write(chunk)).then(() => writer.close());
  await Promise.all([filled.catch(end), drain(sealed, take).catch(end)]);
  sessionKey.data.fill(0);
  if (failed !== undefined) throw failed.cause;
  const digests = {
    LOOK: parseDigest(hashes.LOOK.digest('hex')),
    HANDOVER: parseDigest(hashes.HANDOVER.digest('hex')),
  };
  return { keys, digests };
}

async function drain(
  sealed: ReadableStream<Uint8Array> | Uint8Array,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  if (sealed instanceof Uint8Array) return take(sealed);
  for await (const chunk of sealed) await take(chunk);
}
