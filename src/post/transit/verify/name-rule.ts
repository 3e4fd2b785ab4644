// The German rule for file names, letter by letter: a second opinion on what transit/names gives (ERVB 2022 no. 2).

const LENGTH_MAX = 90;
const UMLAUTS = new Set([0xc4, 0xd6, 0xdc, 0xe4, 0xf6, 0xfc, 0xdf]);

/** What is wrong with a name; undefined: nothing. */
export function nameFault(name: string): string | undefined {
  if (name.length === 0) return 'empty';
  if (name.length > LENGTH_MAX) return `${name.length} characters`;
  let digits = 0;
  while (isDigit(name.charCodeAt(digits))) digits += 1;
  if (digits < 2 || name.charAt(digits) !== '_') return 'not numbered';
  const [stem = '', ...endings] = name.split('.');
  if (endings.length === 0) return 'no ending';
  // a signature beside its file has two: .pdf.p7s
  if (endings.length > 2 || (endings.length === 2 && !/^(p7s|p7m|pkcs7)$/.test(endings[1] ?? '')))
    return 'points inside';
  if (endings.some((ending) => ending === '' || !Array.from(ending).every((one) => isPlain(one.charCodeAt(0)))))
    return 'its ending';
  const stranger = Array.from(stem).findIndex((letter) => !isAllowed(letter.codePointAt(0) ?? 0));
  if (stranger >= 0) return `character ${stranger + 1}`;
  return stem.length <= digits + 1 ? 'nothing behind its number' : undefined;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isPlain(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x7a);
}

function isAllowed(code: number): boolean {
  return isPlain(code) || code === 0x5f || code === 0x2d || UMLAUTS.has(code);
}
