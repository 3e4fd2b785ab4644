// Named and numeric character references that turn up in letters (HTML 5 §13.5; the full Latin-1 and symbol sets of HTML 4).

const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const GREEK =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho  Sigma Tau Upsilon Phi Chi Psi Omega';
const OTHERS: Readonly<Record<string, number>> = {
  amp: 38,
  lt: 60,
  gt: 62,
  quot: 34,
  apos: 39,
  AMP: 38,
  LT: 60,
  GT: 62,
  QUOT: 34,
  OElig: 338,
  oelig: 339,
  Scaron: 352,
  scaron: 353,
  Yuml: 376,
  fnof: 402,
  circ: 710,
  tilde: 732,
  ensp: 8194,
  emsp: 8195,
  thinsp: 8201,
  zwnj: 8204,
  zwj: 8205,
  lrm: 8206,
  rlm: 8207,
  ndash: 8211,
  mdash: 8212,
  lsquo: 8216,
  rsquo: 8217,
  sbquo: 8218,
  ldquo: 8220,
  rdquo: 8221,
  bdquo: 8222,
  dagger: 8224,
  Dagger: 8225,
  bull: 8226,
  hellip: 8230,
  permil: 8240,
  prime: 8242,
  lsaquo: 8249,
  rsaquo: 8250,
  euro: 8364,
  trade: 8482,
  larr: 8592,
  uarr: 8593,
  rarr: 8594,
  darr: 8595,
  minus: 8722,
  infin: 8734,
  asymp: 8776,
  ne: 8800,
  le: 8804,
  ge: 8805,
  check: 10003,
  hearts: 9829,
};

const CODES = new Map<string, number>(Object.entries(OTHERS));
for (const [index, name] of LATIN1.split(' ').entries()) CODES.set(name, 160 + index);
for (const [index, name] of GREEK.split(' ').entries()) {
  if (name === '') continue;
  CODES.set(name, 913 + index);
  CODES.set(name.toLowerCase(), 945 + index);
}
/** HTML 5 §13.2.5.80: references to this range mean windows-1252. */
const windows1252 = new TextDecoder('windows-1252');

/** The character for `auml`, `#228` or `#xE4`; undefined when there is none of that name. */
export function decodeEntity(body: string): string | undefined {
  if (!body.startsWith('#')) {
    const known = CODES.get(body);
    return known === undefined ? undefined : String.fromCodePoint(known);
  }
  const isHex = body.charAt(1) === 'x' || body.charAt(1) === 'X';
  const digits = body.slice(isHex ? 2 : 1);
  if (!isHex && !/^\d+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, isHex ? 16 : 10);
  if (!Number.isFinite(code) || code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  if (code >= 0x80 && code <= 0x9f) return windows1252.decode(Uint8Array.of(code));
  return String.fromCodePoint(code);
}
