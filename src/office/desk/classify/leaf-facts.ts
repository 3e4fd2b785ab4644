// What one part of a letter is, by its bytes.

import { unreachable } from '#base/assert.ts';
import { dearmor } from '#formats/openpgp/armor.ts';
import { cmsShapeOf } from './cms-shape.ts';
import type { FactKind } from './facts.ts';
import { withoutTags } from './html-words.ts';
import { pgpShapeOf, type PgpShape } from './openpgp-shape.ts';
import { walkParts, type Leaf } from './walk-parts.ts';

export interface Found {
  readonly kinds: readonly FactKind[];
  readonly recipients: readonly string[];
}

const BEGIN = /^-----BEGIN (PGP [A-Z ]+|PKCS7|CMS)-----[ \t]*\r?$/m;
/** What mail programs write before the parts, for readers that know no parts. */
const CUSTOMARY =
  /^(?:This is (?:a multi-?part|a cryptographically signed) message in MIME format\.|This is an OpenPGP\/MIME (?:encrypted|signed) message \(RFC [0-9]{4}(?: and [0-9]{4})?\)\.?|This is an S\/MIME (?:encrypted|signed) message\.?)$/i;
const SAYS_ENCRYPTED = /^(?:application\/pgp-encrypted|application\/(?:x-)?pkcs7-mime)$/;
const nothing: Found = { kinds: [], recipients: [] };

export function leafFacts(leaf: Leaf): Found {
  if (leaf.as === 'unread') return one('unreadable');
  const text = Buffer.from(leaf.bytes.buffer, leaf.bytes.byteOffset, leaf.bytes.length).toString('latin1');
  if (text.trim() === '') return nothing;
  if (leaf.as === 'around') return isCustomary(text) ? nothing : textFacts(text, leaf);
  return binaryFacts(leaf.bytes) ?? textFacts(text, leaf);
}

function isCustomary(text: string): boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '').every((line) => CUSTOMARY.test(line));
}

/** Undefined: it is no OpenPGP and no CMS. */
function binaryFacts(bytes: Uint8Array): Found | undefined {
  const pgp = pgpShapeOf(bytes);
  // a text cannot begin with such a byte, but a picture can
  if (pgp !== undefined && pgp.kind !== 'broken') return pgpFacts(pgp);
  const cms = cmsShapeOf(bytes);
  switch (cms?.kind) {
    case undefined:
      return pgp === undefined || !beginsLikeMessage(bytes) ? undefined : one('brokenMessage');
    case 'enveloped':
      return one('smimeEnveloped');
    case 'authEnveloped':
      return one('smimeAuthEnveloped');
    case 'broken':
      return one('brokenMessage');
    case 'other':
      return one('clearFile');
    case 'signed':
      return signedFacts(cms.content);
    default:
      return unreachable(cms);
  }
}

/** A key packet of a known version: a picture that begins with the same byte is none. */
function beginsLikeMessage(bytes: Uint8Array): boolean {
  const head = bytes[0] ?? 0;
  const isNew = (head & 0x40) !== 0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  const at = isNew ? ((bytes[1] ?? 0) < 192 ? 2 : 3) : 1 + (1 << (head & 3));
  return tag === 1 && (bytes[at] === 3 || bytes[at] === 6);
}

function pgpFacts(shape: NonNullable<PgpShape>): Found {
  switch (shape.kind) {
    case 'encrypted':
      return { kinds: ['pgpEncrypted'], recipients: shape.recipients };
    case 'key':
      return one('attachedKey');
    case 'signature':
      return one('signature');
    case 'signed':
      return one('pgpSignedOnly');
    case 'broken':
      return one('brokenMessage');
    default:
      return unreachable(shape);
  }
}

/** What was signed is looked at as a letter of its own: it may be encrypted inside. */
function signedFacts(content: Uint8Array | undefined): Found {
  if (content === undefined) return one('signature');
  const inside = walkParts(content).map((leaf) =>
    // not once more: a signature around a signature is as clear as one
    cmsShapeOf(leaf.bytes)?.kind === 'signed' ? one('clearText') : leafFacts(leaf),
  );
  const kinds = inside.flatMap((found) => found.kinds);
  const isSealed = kinds.some(
    (kind) => kind === 'smimeEnveloped' || kind === 'smimeAuthEnveloped' || kind === 'pgpEncrypted',
  );
  return {
    kinds: isSealed ? kinds : ['smimeSignedOnly', ...kinds],
    recipients: inside.flatMap((found) => found.recipients),
  };
}

function textFacts(text: string, leaf: Leaf): Found {
  if (/^\s*Version: 1\s*$/.test(text)) return one('version');
  const shown = /^text\/html$/.test(leaf.label) ? withoutTags(text) : text;
  if (shown.trim() === '') return nothing;
  const kinds: FactKind[] = [];
  const recipients: string[] = [];
  let rest = shown;
  for (let begin = BEGIN.exec(rest); begin !== null; begin = BEGIN.exec(rest)) {
    const block = blockAt(rest, begin.index, begin[1] ?? '');
    const found = armorFacts(block.text, begin[1] ?? '', block.isWhole);
    kinds.push(...(isClear(rest.slice(0, begin.index)) ? (['clearText'] as const) : []), ...found.kinds);
    recipients.push(...found.recipients);
    rest = rest.slice(block.end);
  }
  if (isClear(rest)) kinds.push(...clearKinds(rest, leaf));
  return { kinds, recipients };
}

function clearKinds(rest: string, { label, bytes }: Leaf): readonly FactKind[] {
  const kind: FactKind = label.startsWith('text/') || label === '' || isText(bytes) ? 'clearText' : 'clearFile';
  const quoted: readonly FactKind[] = /^[>| \t]+-----BEGIN PGP MESSAGE-----/m.test(rest) ? ['quotedArmor'] : [];
  return SAYS_ENCRYPTED.test(label) ? [kind, ...quoted, 'fakeLabel'] : [kind, ...quoted];
}

function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 4_096).includes(0);
}

function isClear(text: string): boolean {
  return text.trim() !== '';
}

function blockAt(
  text: string,
  start: number,
  kind: string,
): { readonly text: string; readonly end: number; readonly isWhole: boolean } {
  // a text signed in the clear ends with its signature
  const last = kind === 'PGP SIGNED MESSAGE' ? 'PGP SIGNATURE' : kind;
  const mark = `-----END ${last}-----`;
  const at = text.indexOf(mark, start);
  const end = at < 0 ? text.length : at + mark.length;
  return { text: text.slice(start, end), end, isWhole: at >= 0 };
}

function armorFacts(block: string, kind: string, isWhole: boolean): Found {
  if (kind === 'PGP SIGNED MESSAGE') return { kinds: ['pgpSignedOnly', 'clearText'], recipients: [] };
  if (kind === 'PKCS7' || kind === 'CMS') {
    const lines = block.split(/\r?\n/).filter((line) => !line.startsWith('-----'));
    return (isWhole && binaryFacts(Buffer.from(lines.join(''), 'base64'))) || one('brokenArmor');
  }
  const opened = isWhole ? dearmor(block) : undefined;
  if (opened?.ok !== true) return one('brokenArmor');
  const shape = pgpShapeOf(opened.value.bytes);
  return shape === undefined ? one('brokenArmor') : pgpFacts(shape);
}

function one(kind: FactKind): Found {
  return { kinds: [kind], recipients: [] };
}
