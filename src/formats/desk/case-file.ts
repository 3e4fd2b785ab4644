// A case file: whom a request is about, the random bytes of the commitment, and the request itself, sealed to everybody of the roster (OpenPGP) where it is made.

import { readJson } from '../canonical-json/read-json.ts';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '../base64/base64.ts';
import { canonicalBytes } from '../canonical-json/canonical-json.ts';
import { readCertificate } from './certificate.ts';
import { loadOpenPgp } from './openpgp.ts';

export interface CaseFile {
  readonly targets: readonly { readonly target: string; /** 32, of commitTarget. */ readonly random: Uint8Array }[];
  readonly documents: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const WHAT = 'siegel desk case file 1';

const shape = v.strictObject({
  what: v.literal(WHAT),
  targets: v.array(
    v.strictObject({
      target: v.string(),
      random: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/), v.transform(hexToBytes)),
    }),
  ),
  documents: v.array(
    v.strictObject({
      name: v.string(),
      base64: v.pipe(
        v.string(),
        v.transform(fromBase64),
        v.check((bytes) => bytes !== undefined),
      ),
    }),
  ),
});

/** What gpg --decrypt shows is JSON: {what, targets: [{target, random (hex)}], documents: [{name, base64}]}. */
export async function sealCaseFile(
  { targets, documents }: CaseFile,
  roster: readonly { readonly certificate: string }[],
): Promise<Uint8Array> {
  const openpgp = await loadOpenPgp();
  const plain = canonicalBytes({
    what: WHAT,
    targets: targets.map(({ target, random }) => ({ target, random: bytesToHex(random) })),
    documents: documents.map(({ name, bytes }) => ({ name, base64: toBase64(bytes) })),
  });
  const sealed: unknown = await openpgp.encrypt({
    message: await openpgp.createMessage({ binary: plain }),
    encryptionKeys: await Promise.all(roster.map(({ certificate }) => readCertificate(certificate))),
    format: 'binary',
    // documents stand in it as text: without this they would take a third more, those of letters two thirds
    config: { preferredCompressionAlgorithm: openpgp.enums.compression.zlib },
  });
  plain.fill(0);
  if (!(sealed instanceof Uint8Array)) throw new Error('a sealed case file is bytes');
  return sealed;
}

/** From what was inside the sealed message. */
export function parseCaseFile(plain: Uint8Array): Result<CaseFile, { readonly kind: 'notACaseFile' }> {
  const shaped = v.safeParse(shape, readJson(plain));
  if (!shaped.success) return err({ kind: 'notACaseFile' });
  const { targets, documents } = shaped.output;
  return ok({
    targets,
    documents: documents.map(({ name, base64 }) => ({ name, bytes: base64 ?? new Uint8Array() })),
  });
}
