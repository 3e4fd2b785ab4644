// Content of a part → its lines: text as 7bit, quoted-printable or base64, files as base64 (RFC 2045 §§2.7, 6.7, 6.8).

const LINE_CHARACTERS = 76;
const QUANTUM = (LINE_CHARACTERS / 4) * 3;
const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const HEX = new TextEncoder().encode('0123456789ABCDEF');
const [CR, LF, EQUALS, SPACE, TAB, PAD] = [13, 10, 61, 32, 9, 61];

export interface EncodedPart {
  readonly encoding: '7bit' | 'quoted-printable' | 'base64';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Any line ends become CRLF; the text ends with one. */
export function encodeText(text: string): EncodedPart {
  const lines = text
    .toWellFormed()
    .replaceAll('\u0000', '')
    .split(/\r\n|\r|\n/);
  if (lines.at(-1) !== '') lines.push('');
  const whole = new TextEncoder().encode(lines.join('\r\n'));
  // A blank at a line's end is lost on some ways, and "From " is changed by old mailbox files.
  const isPlain = lines.every(
    (line) => line.length <= LINE_CHARACTERS && /^[\t\x20-\x7e]*$/.test(line) && !/^From |[ \t]$/.test(line),
  );
  if (isPlain) return { encoding: '7bit', bytes: whole };
  let high = 0;
  for (const byte of whole) if (byte > 126) high++;
  return high * 6 > whole.length
    ? { encoding: 'base64', bytes: base64Lines(whole) }
    : { encoding: 'quoted-printable', bytes: quotedPrintable(whole) };
}

/** Lines of 76 characters, each with CRLF. */
export function base64Lines(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const linesCount = Math.ceil(content.length / QUANTUM);
  const characters = Math.ceil(content.length / 3) * 4;
  const out = new Uint8Array(characters + 2 * linesCount);
  let at = 0;
  for (let from = 0; from < content.length; from += 3) {
    const a = content[from] ?? 0;
    const b = content[from + 1] ?? 0;
    const c = content[from + 2] ?? 0;
    const left = content.length - from;
    out[at++] = ALPHABET[a >> 2] ?? 0;
    out[at++] = ALPHABET[((a & 3) << 4) | (b >> 4)] ?? 0;
    out[at++] = left > 1 ? (ALPHABET[((b & 15) << 2) | (c >> 6)] ?? 0) : PAD;
    out[at++] = left > 2 ? (ALPHABET[c & 63] ?? 0) : PAD;
    if ((from + 3) % QUANTUM === 0 || left <= 3) {
      out[at++] = CR;
      out[at++] = LF;
    }
  }
  return out;
}

/** Text with CRLF line ends → quoted-printable; "F" of "From " at a line's start is coded too. */
export function quotedPrintable(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  let column = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0;
    if (byte === CR && content[at + 1] === LF) {
      out.push(CR, LF);
      column = 0;
      at++;
      continue;
    }
    const isLast = content[at + 1] === CR || at + 1 === content.length;
    const isPlain =
      ((byte > SPACE && byte < 127 && byte !== EQUALS) || ((byte === SPACE || byte === TAB) && !isLast)) &&
      !(column === 0 && byte === 70 && isFrom(content, at));
    const width = isPlain ? 1 : 3;
    if (column + width > LINE_CHARACTERS - (isLast ? 0 : 1)) {
      out.push(EQUALS, CR, LF);
      column = 0;
    }
    if (isPlain) out.push(byte);
    else out.push(EQUALS, HEX[byte >> 4] ?? 0, HEX[byte & 15] ?? 0);
    column += width;
  }
  return Uint8Array.from(out);
}

function isFrom(content: Uint8Array, at: number): boolean {
  return [70, 114, 111, 109, 32].every((byte, index) => content[at + index] === byte);
}
