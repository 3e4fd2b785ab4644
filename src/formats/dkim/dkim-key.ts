// One TXT record at selector._domainkey.domain → the key it publishes (RFC 6376 §3.6.1; Ed25519 RFC 8463 §4).

import { fromBase64 } from '#formats/base64/base64.ts';
import { err, ok, type Result } from '#base/result.ts';
import { parseTagList, withoutBlank } from './tag-list.ts';

export interface DkimKey {
  readonly type: 'rsa' | 'ed25519';
  /** RSA: SubjectPublicKeyInfo (or, from a few old signers, PKCS#1). Ed25519: 32 bytes. */
  readonly bytes: Uint8Array;
  /** t=s: i= must name the domain itself, no subdomain. */
  readonly isStrict: boolean;
  /** t=y: the domain only tries DKIM out. */
  readonly isTesting: boolean;
}

export type DkimKeyRefusal = {
  readonly kind: 'badRecord' | 'unknownVersion' | 'unknownType' | 'revoked' | 'notForMail' | 'otherHash';
};

export function parseDkimKey(record: string): Result<DkimKey, DkimKeyRefusal> {
  const tags = parseTagList(record);
  if (tags === undefined) return err({ kind: 'badRecord' });
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v'))
    return err({ kind: 'unknownVersion' });
  const type = (tags.get('k') ?? 'rsa').toLowerCase();
  if (type !== 'rsa' && type !== 'ed25519') return err({ kind: 'unknownType' });
  const hashes = listOf(tags.get('h'));
  if (hashes !== undefined && !hashes.includes('sha256')) return err({ kind: 'otherHash' });
  const services = listOf(tags.get('s'));
  if (services !== undefined && !services.includes('*') && !services.includes('email'))
    return err({ kind: 'notForMail' });
  const text = tags.get('p');
  if (text === undefined) return err({ kind: 'badRecord' });
  if (text === '') return err({ kind: 'revoked' });
  const bytes = fromBase64(withoutBlank(text));
  if (bytes === undefined || bytes.length === 0) return err({ kind: 'badRecord' });
  if (type === 'ed25519' && bytes.length !== 32) return err({ kind: 'badRecord' });
  const flags = listOf(tags.get('t')) ?? [];
  return ok({ type, bytes, isStrict: flags.includes('s'), isTesting: flags.includes('y') });
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : withoutBlank(text).toLowerCase().split(':');
}
