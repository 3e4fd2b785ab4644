// Whether bytes are one CMS structure to their very end, and of which type (RFC 5652 §3, RFC 5083); BER with definite and indefinite lengths.

export type CmsShape =
  | { readonly kind: 'enveloped' | 'authEnveloped' | 'broken' }
  /** `content`: what was signed, where it lies inside; undefined: a detached signature. */
  | { readonly kind: 'signed'; readonly content: Uint8Array | undefined }
  /** Compressed, encrypted to nobody in particular, anything else. */
  | { readonly kind: 'other' }
  | undefined;

const OIDS: Readonly<Record<string, 'signed' | 'enveloped' | 'authEnveloped' | 'other'>> = {
  '2a864886f70d010702': 'signed',
  '2a864886f70d010703': 'enveloped',
  '2a864886f70d0109100117': 'authEnveloped',
  '2a864886f70d010705': 'other',
  '2a864886f70d010706': 'other',
  '2a864886f70d0109100109': 'other',
};
const SEQUENCE = 0x30;
const SET = 0x31;
const OID = 0x06;
const OCTETS = 0x04;
const CONTEXT_0 = 0xa0;
const DEPTH_MAX = 40;
const ELEMENTS_MAX = 100_000;

interface Element {
  readonly tag: number;
  /** Of its content. */
  readonly start: number;
  readonly end: number;
  /** Behind it, end-of-contents octets too. */
  readonly next: number;
}

/** Undefined: it is no CMS at all. */
export function cmsShapeOf(bytes: Uint8Array): CmsShape {
  if (bytes[0] !== SEQUENCE) return undefined;
  const budget = { elements: ELEMENTS_MAX };
  const type = typeIn(bytes);
  if (type === undefined) return undefined;
  const outer = readElement(bytes, 0, bytes.length, { budget, depth: 0 });
  if (outer === undefined || !isBlank(bytes, outer.next)) return { kind: 'broken' };
  if (type === 'other') return { kind: 'other' };
  const [, explicit] = childrenOf(bytes, outer, budget) ?? [];
  const [content] = explicit?.tag === CONTEXT_0 ? (childrenOf(bytes, explicit, budget) ?? []) : [];
  if (content?.tag !== SEQUENCE) return { kind: 'broken' };
  const parts = childrenOf(bytes, content, budget);
  if (parts === undefined) return { kind: 'broken' };
  if (type === 'signed') return signedIn(bytes, parts, budget);
  return hasCiphertext(bytes, parts, budget) ? { kind: type } : { kind: 'broken' };
}

/** The OID behind the first length, without asking whether the rest is whole. */
function typeIn(bytes: Uint8Array): (typeof OIDS)[string] | undefined {
  const head = headerAt(bytes, 0);
  const oid = head === undefined ? undefined : headerAt(bytes, head.start);
  if (head === undefined || oid === undefined || bytes[head.start] !== OID || oid.length === undefined)
    return undefined;
  return OIDS[Buffer.from(bytes.subarray(oid.start, oid.start + oid.length)).toString('hex')];
}

/** Recipients, then the encrypted content with bytes in it (RFC 5652 §6.1, RFC 5083 §2.1). */
function hasCiphertext(bytes: Uint8Array, parts: readonly Element[], budget: Budget): boolean {
  const recipients = parts.find(({ tag }) => tag === SET);
  const info = parts.find(({ tag, start }) => tag === SEQUENCE && start > (recipients?.end ?? 0));
  if (recipients === undefined || recipients.end <= recipients.start || info === undefined) return false;
  const [, , encrypted] = childrenOf(bytes, info, budget) ?? [];
  return encrypted !== undefined && (encrypted.tag & 0xdf) === 0x80 && encrypted.end > encrypted.start;
}

function signedIn(bytes: Uint8Array, parts: readonly Element[], budget: Budget): CmsShape {
  const info = parts.find(({ tag }) => tag === SEQUENCE);
  const [, explicit] = info === undefined ? [] : (childrenOf(bytes, info, budget) ?? []);
  if (explicit === undefined) return { kind: 'signed', content: undefined };
  const [octets] = childrenOf(bytes, explicit, budget) ?? [];
  return octets === undefined ? { kind: 'broken' } : { kind: 'signed', content: octetsOf(bytes, octets, budget) };
}

/** Constructed strings are put together. */
function octetsOf(bytes: Uint8Array, element: Element, budget: Budget): Uint8Array {
  if (element.tag === OCTETS) return bytes.subarray(element.start, element.end);
  const pieces = childrenOf(bytes, element, budget) ?? [];
  return Buffer.concat(pieces.map((piece) => octetsOf(bytes, piece, budget)));
}

interface Budget {
  elements: number;
}

function childrenOf(bytes: Uint8Array, { start, end }: Element, budget: Budget): readonly Element[] | undefined {
  const children: Element[] = [];
  for (let at = start; at < end;) {
    const child = readElement(bytes, at, end, { budget, depth: 0 });
    if (child === undefined) return undefined;
    children.push(child);
    at = child.next;
  }
  return children;
}

function readElement(
  bytes: Uint8Array,
  at: number,
  end: number,
  { budget, depth }: { readonly budget: Budget; readonly depth: number },
): Element | undefined {
  budget.elements -= 1;
  const head = headerAt(bytes, at);
  if (head === undefined || budget.elements < 0 || depth > DEPTH_MAX) return undefined;
  const { tag, start, length } = head;
  if (length !== undefined) {
    const stop = start + length;
    return stop > end ? undefined : { tag, start, end: stop, next: stop };
  }
  // indefinite: elements until the end-of-contents octets
  for (let next = start; next + 1 < end;) {
    if (bytes[next] === 0 && bytes[next + 1] === 0) return { tag, start, end: next, next: next + 2 };
    const inside = readElement(bytes, next, end, { budget, depth: depth + 1 });
    if (inside === undefined) return undefined;
    next = inside.next;
  }
  return undefined;
}

/** `length` undefined: indefinite. */
function headerAt(
  bytes: Uint8Array,
  at: number,
): { readonly tag: number; readonly start: number; readonly length: number | undefined } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return { tag, start: at + 2, length: first };
  if (first === 0x80) return (tag & 0x20) === 0 ? undefined : { tag, start: at + 2, length: undefined };
  const width = first & 0x7f;
  if (width > 5 || at + 2 + width > bytes.length) return undefined;
  let length = 0;
  for (let index = 0; index < width; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  return { tag, start: at + 2 + width, length };
}

/** Line ends and zeros that transport leaves behind. */
function isBlank(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (![0, 9, 10, 13, 32].includes(bytes[at] ?? 1)) return false;
  return true;
}
