// What a SealedEmail/set create says: four sealed parts, their form checked as far as it can be from outside, and where they go.

import * as v from 'valibot';
import { parseId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { readKeywords } from '#formats/jmap/keyword.ts';
import { readMembers } from '#formats/jmap/patch.ts';
import { idOrReference, idText } from '#formats/jmap/standard-arguments.ts';
import { parseUtcDate } from '#formats/jmap/utc-date.ts';
import { PACKET, packetHeaderLength, parsePackets } from '#formats/openpgp/packet.ts';
import { KEY_PACKET_BYTES, parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import { layOutDataPacket } from '#formats/openpgp/seipd.ts';
import { parseSealedBlob } from '#vault/sealing/sealed-blob.ts';
import type { Members } from '../method.ts';
import { readObject } from './read-sealed.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface NewSealedEmail {
  readonly letterId: LetterId;
  readonly packet: Bytes;
  readonly keyPacket: Bytes;
  readonly summary: Bytes;
  /** Empty when there are none. */
  readonly terms: Bytes;
  readonly mailboxId: MailboxId;
  readonly keywords: readonly string[];
  readonly receivedMs: number;
  /** The letter it takes the place of. */
  readonly replaces: LetterId | undefined;
}

export interface SealedEmailFacts {
  readonly nowMs: number;
  readonly findUpload: (blobId: string) => Bytes | undefined;
  readonly findMailbox: (idOrReference: string) => MailboxId | undefined;
}

const shape = v.strictObject({
  letterId: v.string(),
  packetBlobId: idText,
  keyPacket: v.string(),
  summary: v.string(),
  terms: v.optional(v.string(), ''),
  mailboxIds: v.unknown(),
  keywords: v.optional(v.unknown(), {}),
  receivedAt: v.string(),
  replaces: v.nullish(idOrReference),
});

export function readSealedEmail(members: Members, facts: SealedEmailFacts): Result<NewSealedEmail, SetError> {
  const read = readObject(shape, members);
  if (!read.ok) return read;
  const { value } = read;
  const letterId = parseId<LetterId>(value.letterId);
  if (letterId === undefined) return invalid('letterId', '26 characters, base32 of 16 random bytes.');
  const packet = readPacket(facts.findUpload(value.packetBlobId));
  if (!packet.ok) return packet;
  const keyPacket = readKeyPacket(value.keyPacket);
  if (keyPacket === undefined) return invalid('keyPacket', 'Not the key packet of one reader (decision 0003 §2).');
  const summary = readBlob(value.summary, 'summary', limits.jmap.sealedSummaryBytes);
  if (!summary.ok) return summary;
  const terms = value.terms === '' ? ok(NOTHING) : readBlob(value.terms, 'terms', limits.jmap.sealedTermsBytes);
  if (!terms.ok) return terms;
  const mailboxId = readMailbox(value.mailboxIds, facts);
  if (!mailboxId.ok) return mailboxId;
  const keywords = readKeywords(value.keywords);
  if (!keywords.ok) return keywords;
  const receivedMs = parseUtcDate(value.receivedAt);
  if (receivedMs === undefined || receivedMs < 0 || receivedMs > facts.nowMs + limits.jmap.clockAheadMs) {
    return invalid('receivedAt', 'A UTC date that is not in the future.');
  }
  const replaces = parseId<LetterId>(value.replaces ?? undefined);
  if (typeof value.replaces === 'string' && (replaces === undefined || replaces === letterId)) {
    return invalid('replaces', 'There is no such letter.');
  }
  return ok({
    letterId,
    packet: packet.value,
    keyPacket,
    summary: summary.value,
    terms: terms.value,
    mailboxId: mailboxId.value,
    keywords: keywords.value,
    receivedMs,
    replaces,
  });
}

const NOTHING = new Uint8Array(0);
const EMPTY_PACKET_BYTES = layOutDataPacket(0).packetBytes;
const PACKET_BYTES_MAX = layOutDataPacket(limits.smtp.letterBytes).packetBytes;

/** Exactly one SEIPD v1 packet with the shortest definite length, as the door writes it: what is inside cannot be seen. */
function readPacket(bytes: Bytes | undefined): Result<Bytes, SetError> {
  if (bytes === undefined) return err({ kind: 'blobNotFound' });
  if (bytes.length > PACKET_BYTES_MAX)
    return err({ kind: 'tooLarge', description: `At most ${PACKET_BYTES_MAX} bytes.` });
  const packets = parsePackets(bytes);
  const [only, ...others] = packets.ok ? packets.value : [];
  const isOurForm =
    only?.tag === PACKET.seipd &&
    others.length === 0 &&
    only.body[0] === 1 &&
    only.whole[0] === (0xc0 | PACKET.seipd) &&
    only.whole.length === packetHeaderLength(only.body.length) + only.body.length &&
    only.whole.length >= EMPTY_PACKET_BYTES;
  return isOurForm ? ok(bytes) : invalid('packetBlobId', 'Not one SEIPD v1 packet (decision 0003 §1).');
}

function readKeyPacket(text: string): Bytes | undefined {
  const bytes = fromBase64(text);
  if (bytes?.length !== KEY_PACKET_BYTES) return undefined;
  const packets = parsePackets(bytes);
  const only = packets.ok && packets.value.length === 1 ? packets.value[0] : undefined;
  const isOurs = only?.tag === PACKET.pkesk && bytes[0] === (0xc0 | PACKET.pkesk) && parseKeyPacket(only.body).ok;
  return isOurs ? bytes : undefined;
}

/** A client of the account vouches for what the door has not seen, so only its own kind is taken. */
function readBlob(text: string, property: 'summary' | 'terms', bytesMax: number): Result<Bytes, SetError> {
  const bytes = fromBase64(text);
  if (bytes !== undefined && bytes.length > bytesMax)
    return err({ kind: 'tooLarge', description: `At most ${bytesMax} bytes.` });
  const blob = bytes === undefined ? undefined : parseSealedBlob(bytes);
  if (bytes === undefined || !blob?.ok || blob.value.kind !== 'rebuilt') {
    return invalid(property, 'Not a sealed blob of kind rebuilt (decision 0003 §3).');
  }
  return ok(bytes);
}

function readMailbox(value: unknown, facts: SealedEmailFacts): Result<MailboxId, SetError> {
  const [only, ...others] = readMembers(value) ?? [];
  if (only === undefined || others.length > 0) return invalid('mailboxIds', 'Exactly one; add others with Email/set.');
  const mailboxId = facts.findMailbox(only);
  return mailboxId === undefined ? invalid('mailboxIds', 'There is no such mailbox.') : ok(mailboxId);
}

function invalid(property: string, description: string): Result<never, SetError> {
  return err({ kind: 'invalidProperties', properties: [property], description });
}
