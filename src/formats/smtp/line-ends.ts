// Every line of a letter ended by CRLF: what leaves must hold no bare CR or LF (RFC 5321 §2.3.8).

const CR = 13;
const LF = 10;

/** The same bytes where nothing is to be changed; the last line is ended too. */
export function withCrlf(text: Uint8Array): Uint8Array {
  const missing = countMissing(text);
  if (missing === 0) return text;
  const mended = new Uint8Array(text.length + missing);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    if (byte === LF && text[at - 1] !== CR) mended[length++] = CR;
    mended[length++] = byte;
    if (byte === CR && text[at + 1] !== LF) mended[length++] = LF;
  }
  if (!isEnded(mended.subarray(0, length))) {
    mended[length++] = CR;
    mended[length++] = LF;
  }
  return mended.subarray(0, length);
}

function countMissing(text: Uint8Array): number {
  let missing = 0;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) if (text[at - 1] !== CR) missing++;
  for (let at = text.indexOf(CR); at >= 0; at = text.indexOf(CR, at + 1)) if (text[at + 1] !== LF) missing++;
  return missing + (isEnded(text) ? 0 : 2);
}

function isEnded(text: Uint8Array): boolean {
  return text.length === 0 || (text.at(-1) === LF && text.at(-2) === CR);
}
