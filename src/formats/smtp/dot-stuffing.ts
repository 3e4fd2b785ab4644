// A letter as it goes behind DATA: a second dot before each dot that starts a line, and the end of data (RFC 5321 §4.5.2).

const DOT = 46;
const CR = 13;
const LF = 10;
const END = Uint8Array.of(CR, LF, DOT, CR, LF);
const DOT_ALONE = Uint8Array.of(DOT);

/** Pieces to be sent in order, the end of data last. `text` must end its lines in CRLF; nothing of it is copied. */
export function stuffed(text: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = text.indexOf(DOT); at >= 0; at = text.indexOf(DOT, at + 1)) {
    if (at > 0 && text[at - 1] !== LF) continue;
    pieces.push(text.subarray(from, at), DOT_ALONE);
    from = at;
  }
  pieces.push(text.subarray(from));
  const isEnded = text.length === 0 || (text.at(-1) === LF && text.at(-2) === CR);
  pieces.push(isEnded ? END.subarray(2) : END);
  return pieces;
}
