// The stored letter as a PGP/MIME message (RFC 3156 §4). Frozen: a version, once released, gives the same bytes for ever.

import type { LetterId } from '#base/ids.ts';
import { armor, armoredLength } from '#formats/openpgp/armor.ts';
import { ascii, joinBytes } from './bytes.ts';

export const RENDER_VERSION = 1;

/** What render needs of a key record. */
export interface RenderRecord {
  readonly letterId: LetterId;
  readonly receivedMs: number;
  readonly keyPacket: Uint8Array;
}

/** Header fields that are the same in every rendered letter; the block inside the seal repeats them as HP-Outer (RFC 9788 §2.2). */
export const OUTER_FIELDS = {
  From: 'Sealed letter <sealed@sealed.invalid>',
  To: 'undisclosed-recipients:;',
  Subject: '[...]',
} as const;

/** Bytes of the message for one reader: outer header, version part, armored key packet ‖ data packet. */
export function render(version: number, record: RenderRecord, dataPacket: Uint8Array): Uint8Array<ArrayBuffer> {
  requireKnown(version);
  const { head, tail } = frame(record.letterId, record.receivedMs);
  return ascii(head + armor('PGP MESSAGE', joinBytes(record.keyPacket, dataPacket)) + tail);
}

/** Length of what `render` gives, from the lengths alone. */
export function renderedSizeBytes(version: number, keyPacketLength: number, dataPacketLength: number): number {
  requireKnown(version);
  return FRAME_BYTES + armoredLength('PGP MESSAGE', keyPacketLength + dataPacketLength);
}

/**
 * The outer Date: the UTC day of arrival. A whole day, so that an export that leaves the house tells no time;
 * the letter's own Date is inside. Always 31 characters, so that sizes follow from lengths.
 */
export function outerDate(receivedMs: number): string {
  const day = new Date(Math.floor(receivedMs / DAY_MS) * DAY_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const week = WEEKDAYS[day.getUTCDay()] ?? '';
  const month = MONTHS[day.getUTCMonth()] ?? '';
  const year = String(day.getUTCFullYear()).padStart(4, '0');
  return `${week}, ${two(day.getUTCDate())} ${month} ${year} 00:00:00 +0000`;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function frame(letterId: string, receivedMs: number): { readonly head: string; readonly tail: string } {
  const boundary = `siegel-${letterId}`;
  const head = [
    `Date: ${outerDate(receivedMs)}`,
    `From: ${OUTER_FIELDS.From}`,
    `To: ${OUTER_FIELDS.To}`,
    `Message-ID: <${letterId}@sealed.invalid>`,
    `Subject: ${OUTER_FIELDS.Subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";',
    ` boundary="${boundary}"`,
    '',
    'This letter is sealed (OpenPGP/MIME, RFC 3156).',
    `--${boundary}`,
    'Content-Type: application/pgp-encrypted',
    'Content-Description: PGP/MIME version identification',
    '',
    'Version: 1',
    '',
    `--${boundary}`,
    'Content-Type: application/octet-stream; name="encrypted.asc"',
    'Content-Description: OpenPGP encrypted message',
    'Content-Disposition: inline; filename="encrypted.asc"',
    '',
    '',
  ].join('\r\n');
  return { head, tail: `\r\n--${boundary}--\r\n` };
}

const FRAME_BYTES = frameBytes();

function frameBytes(): number {
  const { head, tail } = frame('a'.repeat(26), 0);
  return head.length + tail.length;
}

function requireKnown(version: number): void {
  if (version !== RENDER_VERSION) throw new Error('unknown render version');
}
