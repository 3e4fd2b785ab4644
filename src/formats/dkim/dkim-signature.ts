// One DKIM-Signature field → what it claims (RFC 6376 §3.5, §6.1.1; algorithms RFC 8301, RFC 8463).

import { fromBase64 } from '#formats/base64/base64.ts';
import { err, ok, type Result } from '#base/result.ts';
import { parseDomain } from '#formats/smtp/address.ts';
import { parseTagList, withoutBlank, type TagList } from './tag-list.ts';

export type Canonicalization = 'simple' | 'relaxed';

export interface DkimSignature {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly signature: Uint8Array;
  /** The first characters of b=, to tell signatures apart in a report (RFC 6008). */
  readonly signatureStart: string;
  readonly bodyHash: Uint8Array;
  readonly header: Canonicalization;
  readonly body: Canonicalization;
  /** SDID, as A-labels. */
  readonly domain: string;
  readonly selector: string;
  /** Domain of the agent (i=); the SDID or a subdomain of it. */
  readonly agentDomain: string;
  /** Lower-case names, in order, repetitions included. */
  readonly signedFields: readonly string[];
  readonly bodyBytesMax: number | undefined;
  readonly signedAtSeconds: number | undefined;
  readonly expiresAtSeconds: number | undefined;
}

export type SignatureFault =
  | 'badTagList'
  | 'missingTag'
  | 'unknownVersion'
  | 'weakAlgorithm'
  | 'unknownAlgorithm'
  | 'unknownCanonicalization'
  | 'unknownQuery'
  | 'badBase64'
  | 'badDomain'
  | 'badNumber'
  | 'agentOutsideDomain'
  | 'fromNotSigned'
  | 'expiresBeforeSigned';

/** A signature that cannot be used may still be named in a report. */
export interface SignatureRefusal {
  readonly kind: SignatureFault;
  readonly domain: string | undefined;
  readonly selector: string | undefined;
}

const SELECTOR = /^[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[A-Za-z0-9_](?:[\w-]*\w)?)*$/;
const SIGNED_FIELDS_MAX = 1_000;
const NUMBER = /^\d{1,76}$/;

/** `value` is the field's text behind the colon, one character a byte, folded or not. */
export function parseDkimSignature(value: string): Result<DkimSignature, SignatureRefusal> {
  const tags = parseTagList(value);
  if (tags === undefined) return err({ kind: 'badTagList', domain: undefined, selector: undefined });
  const domain = parseDomain(fromUtf8(tags.get('d') ?? ''));
  const selector = tags.get('s');
  const parsed = readTags(tags, domain, selector);
  return typeof parsed === 'string'
    ? err({ kind: parsed, domain, selector: selector !== undefined && SELECTOR.test(selector) ? selector : undefined })
    : ok(parsed);
}

function readTags(
  tags: TagList,
  domain: string | undefined,
  selector: string | undefined,
): DkimSignature | SignatureFault {
  for (const name of ['v', 'a', 'b', 'bh', 'd', 'h', 's']) if (!tags.get(name)) return 'missingTag';
  if (tags.get('v') !== '1') return 'unknownVersion';
  const algorithm = tags.get('a')?.toLowerCase();
  if (algorithm === 'rsa-sha1') return 'weakAlgorithm'; // RFC 8301 §3.1
  if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256') return 'unknownAlgorithm';
  const [header = 'simple', body = 'simple', ...more] = (tags.get('c') ?? 'simple/simple').toLowerCase().split('/');
  if (!isCanonicalization(header) || !isCanonicalization(body) || more.length > 0) return 'unknownCanonicalization';
  if (!isDnsQuery(tags.get('q'))) return 'unknownQuery';
  if (domain === undefined || selector === undefined || !SELECTOR.test(selector)) return 'badDomain';
  const agentDomain = agentDomainOf(tags.get('i'), domain);
  if (agentDomain === undefined) return 'agentOutsideDomain';
  const signatureText = withoutBlank(tags.get('b') ?? '');
  const signature = bytesOf(signatureText);
  const bodyHash = bytesOf(withoutBlank(tags.get('bh') ?? ''));
  if (signature === undefined || bodyHash === undefined) return 'badBase64';
  const numbers = [tags.get('l'), tags.get('t'), tags.get('x')];
  if (numbers.some((text) => text !== undefined && !NUMBER.test(text))) return 'badNumber';
  const [bodyBytesMax, signedAtSeconds, expiresAtSeconds] = numbers.map((text) =>
    text === undefined ? undefined : Number(text),
  );
  if (signedAtSeconds !== undefined && expiresAtSeconds !== undefined && expiresAtSeconds <= signedAtSeconds)
    return 'expiresBeforeSigned';
  const signedFields = withoutBlank(tags.get('h') ?? '')
    .toLowerCase()
    .split(':')
    .filter((name) => name !== '');
  if (signedFields.length > SIGNED_FIELDS_MAX) return 'badTagList';
  if (!signedFields.includes('from')) return 'fromNotSigned';
  const signatureStart = signatureText.slice(0, 8);
  const claims = {
    algorithm,
    signature,
    signatureStart,
    bodyHash,
    header,
    body,
    domain,
    selector,
    agentDomain,
  } as const;
  return { ...claims, signedFields, bodyBytesMax, signedAtSeconds, expiresAtSeconds };
}

function isCanonicalization(text: string): text is Canonicalization {
  return text === 'simple' || text === 'relaxed';
}

function isDnsQuery(text: string | undefined): boolean {
  return text === undefined || withoutBlank(text).toLowerCase().split(':').includes('dns/txt');
}

/** i= may name a local part; only its domain matters here. It must be the SDID or lie below it (§3.5). */
function agentDomainOf(text: string | undefined, domain: string): string | undefined {
  if (text === undefined) return domain;
  const agent = parseDomain(fromUtf8(text.slice(text.lastIndexOf('@') + 1)));
  if (agent === undefined || !text.includes('@')) return undefined;
  return agent === domain || agent.endsWith(`.${domain}`) ? agent : undefined;
}

function bytesOf(base64: string): Uint8Array | undefined {
  const bytes = fromBase64(base64);
  return bytes !== undefined && bytes.length > 0 ? bytes : undefined;
}

/** Header text is one character a byte here; internationalised domains are UTF-8 (RFC 8616). */
function fromUtf8(binary: string): string {
  if (/^[\x20-\x7f]*$/.test(binary)) return binary;
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}
