// The key kit for paper: numbered lines of letters and digits, each with its own check digits, so that a wrong line is named.

import { BASE32 } from '#base/ids.ts';
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { err, ok, type Result } from '#base/result.ts';
import { formatDkimKeys, parseDkimKeys } from './dkim-keys.ts';
import { formatKeyKit, kitFingerprint, parseKeyKit } from './key-kit.ts';
import type { KitCopy, KitCopyRefusal, KitKeys } from './sealed-kit.ts';

const TITLE =
  'Siegel key kit, to be kept on paper. Whoever has it can guess passwords and write false seals: lock it away.';
/** Before the numbers of their lines, which a program of before passes over. */
const SIGNING = 's';
const SIGNING_TITLE =
  'Signing keys (DKIM): lines s1 and on may be left out as a whole; then new ones are made, and their DNS records are new.';
/** Without 0, 1, 8 and 9: nothing that looks like a letter (RFC 4648 §6). */
const [LINE_CHARACTERS, GROUP, CHECK_CHARACTERS] = [40, 5, 4];
const KIT_BYTES_MAX = 64 * 1024;

export function printKit({ kit, dkimKeys }: KitKeys): string {
  const lines = printPart(formatKeyKit(kit), '');
  const signing = dkimKeys === undefined ? [] : printPart(formatDkimKeys(dkimKeys), SIGNING);
  return [
    TITLE,
    `Fingerprint ${kitFingerprint(kit)}`,
    `Lines ${lines.length}`,
    ...lines,
    ...(signing.length === 0 ? [] : [SIGNING_TITLE, `Lines ${signing.length}`, ...signing]),
    '',
  ].join('\n');
}

function printPart(text: string, mark: string): readonly string[] {
  const letters = toBase32(deflateRawSync(Buffer.from(text)));
  const lines: string[] = [];
  for (let at = 0; at < letters.length; at += LINE_CHARACTERS)
    lines.push(formatLine(`${mark}${lines.length + 1}`, letters.slice(at, at + LINE_CHARACTERS)));
  return lines;
}

export function isPrintedKit(text: string): boolean {
  return /Siegel key kit, to be kept on paper/i.test(text) || /^\s*1\s+([a-z2-7]{5}\s+){2}/im.test(text);
}

/** Case and spaces do not matter: paper is typed by people. The signing keys may be left out as a whole. */
export function readPrintedKit(text: string): Result<KitCopy, KitCopyRefusal> {
  const first = readPart(text, '');
  const second = readPart(text, SIGNING);
  if (!first.ok) return first;
  if (!second.ok) return second;
  const kit = parseKeyKit(first.value);
  const dkimKeys = parseDkimKeys(second.value);
  if (!kit.ok || (dkimKeys === undefined && second.value !== '')) return err({ kind: 'kitCopyDamaged' });
  const keys = dkimKeys === undefined ? { kit: kit.value } : { kit: kit.value, dkimKeys };
  return ok({ ...keys, isExact: printKit(keys) === text });
}

/** Empty: no such lines. */
function readPart(text: string, mark: string): Result<string, KitCopyRefusal> {
  const parts: string[] = [];
  for (const raw of text.split('\n')) {
    const [number = '', ...groups] = raw.trim().toLowerCase().split(/\s+/);
    if (!number.startsWith(mark) || !/^\d{1,3}$/.test(number.slice(mark.length)) || groups.length < 2) continue;
    const line = `${mark}${parts.length + 1}`;
    const check = groups.at(-1) ?? '';
    const data = groups.slice(0, -1).join('');
    if (number !== line || !/^[a-z2-7]+$/.test(data) || checkOf(line, data) !== check)
      return err({ kind: 'kitLineWrong', line });
    parts.push(data);
  }
  if (parts.length === 0) return ok('');
  const bytes = fromBase32(parts.join(''));
  const inflated = bytes === undefined ? '' : inflate(bytes);
  return inflated === '' ? err({ kind: 'kitCopyDamaged' }) : ok(inflated);
}

function formatLine(line: string, data: string): string {
  const groups = data.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
  return `${line.padStart(2)} ${groups.join(' ')} ${checkOf(line, data)}`;
}

function checkOf(line: string, data: string): string {
  return toBase32(hash('sha256', `siegel/kit/line/v1 ${line} ${data}`, 'buffer')).slice(0, CHECK_CHARACTERS);
}

function inflate(bytes: Uint8Array): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength: KIT_BYTES_MAX }).toString();
  } catch {
    return '';
  }
}

function toBase32(bytes: Uint8Array): string {
  let [text, bits, value] = ['', 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32.charAt((value >> (bits - 5)) & 31);
  }
  return bits === 0 ? text : text + BASE32.charAt((value << (5 - bits)) & 31);
}

function fromBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const character of text) {
    value = ((value << 5) | BASE32.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 0xff);
  }
  return toBase32(Uint8Array.from(bytes)) === text ? Uint8Array.from(bytes) : undefined;
}
