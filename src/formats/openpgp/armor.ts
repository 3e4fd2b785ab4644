// ASCII armor: base64 in lines of 64 with a CRC-24 (RFC 9580 §6).

import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '../base64/base64.ts';

export type ArmorKind = 'PGP MESSAGE' | 'PGP PUBLIC KEY BLOCK' | 'PGP PRIVATE KEY BLOCK' | 'PGP SIGNATURE';
export type ArmorError = { readonly kind: 'notArmored' | 'badArmor' | 'armorChecksum' };

const LINE = 64;
const CRC_TABLE = makeCrcTable();

/** Armored text with the given line end. The checksum is written although RFC 9580 no longer asks for it: gpg 2.2 and older librnp look for it. */
export function armor(kind: ArmorKind, bytes: Uint8Array, newline: '\n' | '\r\n' = '\r\n'): string {
  const text = toBase64(bytes);
  const lines: string[] = [`-----BEGIN ${kind}-----`, ''];
  for (let at = 0; at < text.length; at += LINE) lines.push(text.slice(at, at + LINE));
  const crc = crc24(bytes);
  lines.push(`=${toBase64(Uint8Array.of(crc >> 16, crc >> 8, crc))}`, `-----END ${kind}-----`, '');
  return lines.join(newline);
}

/** Length in bytes of `armor(kind, bytes)` for that many bytes, without building it. */
export function armoredLength(kind: ArmorKind, byteLength: number, newlineLength: 1 | 2 = 2): number {
  const text = Math.ceil(byteLength / 3) * 4;
  const lines = Math.ceil(text / LINE);
  const frame = `-----BEGIN ${kind}-----`.length + `-----END ${kind}-----`.length + '=AAAA'.length;
  return frame + text + (4 + lines) * newlineLength;
}

/** The bytes inside the first armor of `text`. Armor headers are skipped; a checksum, if there is one, must be right. */
export function dearmor(text: string): Result<{ kind: string; bytes: Uint8Array<ArrayBuffer> }, ArmorError> {
  const begin = /^-----BEGIN (PGP [A-Z ]+)-----[ \t]*\r?$/m.exec(text);
  const kind = begin?.[1];
  if (begin === null || kind === undefined) return err({ kind: 'notArmored' });
  const start = begin.index + begin[0].length;
  const end = text.indexOf(`-----END ${kind}-----`, start);
  if (end < 0) return err({ kind: 'badArmor' });
  const lines = text.slice(start, end).split(/\r?\n/).slice(1);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const blank = lines.findIndex((line) => line.trim() === '');
  const body = lines.slice(blank + 1).map((line) => line.trim());
  const last = body.at(-1) ?? '';
  const checksum = /^=[A-Za-z0-9+/]{4}$/.test(last) ? body.pop()?.slice(1) : undefined;
  const bytes = fromBase64(body.join(''));
  if (bytes === undefined) return err({ kind: 'badArmor' });
  if (checksum !== undefined) {
    const crc = crc24(bytes);
    if (toBase64(Uint8Array.of(crc >> 16, crc >> 8, crc)) !== checksum) return err({ kind: 'armorChecksum' });
  }
  return ok({ kind, bytes });
}

/** CRC-24 of OpenPGP (§6.1.1): it finds accidents only, never an attack. */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC_TABLE[((crc >> 16) ^ byte) & 0xff] ?? 0)) & 0xffffff;
  return crc;
}

function makeCrcTable(): Int32Array {
  const table = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i << 16;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x800000) === 0 ? 0 : 0x1864cfb);
    table[i] = crc & 0xffffff;
  }
  return table;
}
