// Damaged letters for tests, the same ones for the same seed: pieces cut, doubled, swapped, and bytes that parsers trip over.

/** Numbers from 0 to 1, the same row for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MORSELS = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\r\n ',
  ';',
  ':',
  '"',
  '\\',
  '(',
  ')',
  '/',
  '=',
  '--',
  '\0',
  '\u00e9',
  '\u00ff\u00fe',
  ' ',
  '\t',
  'Content-Type: ',
  'content-type:text/html',
  '\r\nContent-Type: multipart/mixed; boundary="x"\r\n',
  'Content-Type : (x) text/plain',
  '; hp="clear"',
  'hp*0=cipher',
  '=?utf-8?q?',
  '?=',
  '<',
  '>',
  'From mbox\n',
  '\u001b$B',
].map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));

/** One to six changes, most of them in the first 2 kB, where the fields are. */
export function mutateLetter(bytes: Uint8Array, random: () => number): Uint8Array {
  let changed: Uint8Array = bytes;
  const count = 1 + Math.floor(random() * 6);
  for (let i = 0; i < count; i++) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(bytes: Uint8Array, random: () => number): Uint8Array {
  const reach = random() < 0.8 ? Math.min(bytes.length, 2_000) : bytes.length;
  const at = Math.floor(random() * (reach + 1));
  const length = Math.floor(random() ** 3 * 60);
  const before = bytes.subarray(0, at);
  const cut = bytes.subarray(at, at + length);
  const after = bytes.subarray(at + length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return joined(before, after);
    case 1:
      return joined(before, cut, cut, after);
    case 2:
      return joined(before, Uint8Array.of(Math.floor(random() * 256)), bytes.subarray(at + 1));
    case 3:
      return joined(before, MORSELS[Math.floor(random() * MORSELS.length)] ?? cut, bytes.subarray(at));
    case 4:
      return joined(before, MORSELS[Math.floor(random() * MORSELS.length)] ?? cut, after);
    default:
      return joined(cut, before, after);
  }
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
