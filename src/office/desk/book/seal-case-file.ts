// Seals a case file where it is made: whom a request is about, the random bytes of the commitment, and the request itself, to everybody of the roster (OpenPGP).

import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { readCertificate } from '../policy/certificate.ts';
import { loadOpenPgp } from '../policy/openpgp.ts';

export interface CaseFile {
  readonly targets: readonly { readonly target: string; /** 32, of commitTarget. */ readonly random: Uint8Array }[];
  readonly documents: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** What gpg --decrypt shows is JSON: {what, targets: [{target, random (hex)}], documents: [{name, base64}]}. */
export async function sealCaseFile(
  { targets, documents }: CaseFile,
  roster: readonly { readonly certificate: string }[],
): Promise<Uint8Array> {
  const openpgp = await loadOpenPgp();
  const plain = canonicalBytes({
    what: 'siegel desk case file 1',
    targets: targets.map(({ target, random }) => ({ target, random: Buffer.from(random).toString('hex') })),
    documents: documents.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
  });
  const sealed: unknown = await openpgp.encrypt({
    message: await openpgp.createMessage({ binary: plain }),
    encryptionKeys: await Promise.all(roster.map(({ certificate }) => readCertificate(certificate))),
    format: 'binary',
  });
  plain.fill(0);
  if (!(sealed instanceof Uint8Array)) throw new Error('a sealed case file is bytes');
  return sealed;
}
