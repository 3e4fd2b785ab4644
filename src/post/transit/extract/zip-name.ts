// Names inside zip archives: UTF-8 where it is said or reads as such, else code page 437 (APPNOTE 6.3.10, appendix D).

const HIGH =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const UNICODE_PATH = 0x7075;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Never fails; a name that says nothing is a name too. */
export function zipName(name: Uint8Array, extra: Uint8Array, isUtf8: boolean): string {
  return (isUtf8 ? undefined : unicodePath(extra)) ?? utf8(name) ?? codePage437(name);
}

/** Field 0x7075: version, a checksum of the other name, and the name in UTF-8 (§4.6.9). */
function unicodePath(extra: Uint8Array): string | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const size = (extra[at + 2] ?? 0) | ((extra[at + 3] ?? 0) << 8);
    const kind = (extra[at] ?? 0) | ((extra[at + 1] ?? 0) << 8);
    if (kind === UNICODE_PATH && extra[at + 4] === 1 && size > 5) return utf8(extra.subarray(at + 9, at + 4 + size));
    at += 4 + size;
  }
  return undefined;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function codePage437(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : HIGH.charAt(byte - 0x80))).join('');
}
