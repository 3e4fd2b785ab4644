// Bytes of a named charset → text, always (WHATWG Encoding labels; RFC 2152 for UTF-7; unlabelled: UTF-8, else windows-1252).

const LABEL_CHARACTERS_MAX = 40;
const ALIASES: Readonly<Record<string, string>> = {
  ascii: '',
  'us-ascii': '',
  'ansi_x3.4-1968': '',
  'unknown-8bit': '',
  'x-unknown': '',
  default: '',
  binary: '',
  cp932: 'shift_jis',
  'cp-932': 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'latin-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  'x-mac-roman': 'macintosh',
  'mac-roman': 'macintosh',
  utf8mb4: 'utf-8',
  'x-gbk': 'gbk',
};
const decoders = new Map<string, TextDecoder>();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const looseUtf8 = new TextDecoder('utf-8');
const windows1252 = new TextDecoder('windows-1252');

/** Text of `bytes` in the charset called `label`. Unknown or missing labels fall back; broken sequences become U+FFFD. */
export function decodeCharset(bytes: Uint8Array, label: string | undefined): string {
  const name = normalLabel(label);
  if (name === 'utf-8') return decodeUtf8(bytes);
  if (name === 'utf-7') return decodeUtf7(bytes);
  const decoder = name === '' ? undefined : decoderOf(name);
  if (decoder) return decoder.decode(bytes);
  return decodeUnlabelled(bytes);
}

/** Bytes → text of one character a byte (ISO 8859-1), so that offsets stay. */
export function binaryText(bytes: Uint8Array, start: number, end: number): string {
  if (end <= start) return '';
  if (typeof Buffer !== 'undefined') {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  }
  let text = '';
  for (let at = start; at < end; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 8192, end)));
  }
  return text;
}

/** Text of one character a byte → bytes. */
export function binaryBytes(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function normalLabel(label: string | undefined): string {
  if (label === undefined || label.length > LABEL_CHARACTERS_MAX) return '';
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']+|["']+$/g, '');
  if (name === 'utf8' || name === 'utf-8') return 'utf-8';
  if (name === 'utf-7' || name === 'unicode-1-1-utf-7' || name === 'x-unicode-2-0-utf-7') return 'utf-7';
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? '') : name;
}

function decoderOf(name: string): TextDecoder | undefined {
  const known = decoders.get(name);
  if (known) return known;
  try {
    const made = new TextDecoder(name);
    decoders.set(name, made); // at most one entry for each of the platform's labels
    return made;
  } catch {
    return undefined; // not a label of the platform: the caller falls back
  }
}

/** Labelled UTF-8: broken sequences become U+FFFD, unless nothing in it is UTF-8 at all. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = looseUtf8.decode(bytes);
  if (text.includes('\ufffd') && !/[\u0080-\ufffc]/.test(text)) return decodeUnlabelled(bytes);
  return text;
}

function decodeUnlabelled(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes); // never fails: each byte has a character
  }
}

/** RFC 2152: "+" base64 of UTF-16 "-" amid ASCII. */
function decodeUtf7(bytes: Uint8Array): string {
  const binary = binaryText(bytes, 0, bytes.length);
  return binary.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, code: string) => (code === '' ? '+' : utf16FromBase64(code)));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function utf16FromBase64(code: string): string {
  const pieces: string[] = [];
  let bits = 0;
  let value = 0;
  for (const character of code) {
    value = ((value << 6) | BASE64.indexOf(character)) & 0x3fffff;
    bits += 6;
    if (bits >= 16) {
      bits -= 16;
      pieces.push(String.fromCharCode((value >> bits) & 0xffff));
    }
  }
  return pieces.join('');
}
