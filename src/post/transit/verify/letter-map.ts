// Which letters the codes of a font mean, by its ToUnicode map; strictly, for a judge (ISO 32000-1 §9.10.3).

const CODE = '<([0-9a-fA-F]+)>';
const CODES_MAX = 65_536;

/** Code → text; undefined: a map that is not understood whole. */
export function readLetters(bytes: Uint8Array): ReadonlyMap<number, string> | undefined {
  const text = new TextDecoder('latin1').decode(bytes);
  if (/\busecmap\b/.test(text) || !/\bbegincmap\b[^]*\bendcmap\b/.test(text)) return undefined;
  const letters = new Map<number, string>();
  for (const [, kind = '', body = ''] of text.matchAll(/\bbeginbf(char|range)\b([^]*?)\bendbf\1\b/g)) {
    const isRead = kind === 'char' ? readPairs(body, letters) : readRanges(body, letters);
    if (!isRead || letters.size > CODES_MAX) return undefined;
  }
  return letters.size === 0 ? undefined : letters;
}

function readPairs(body: string, letters: Map<number, string>): boolean {
  let left = body;
  for (const [whole, code = '', units = ''] of body.matchAll(new RegExp(`${CODE}\\s*${CODE}`, 'g'))) {
    const text = textOf(units);
    if (text === undefined) return false;
    letters.set(Number.parseInt(code, 16), text);
    left = left.replace(whole, '');
  }
  return left.trim() === '';
}

function readRanges(body: string, letters: Map<number, string>): boolean {
  let rest = body.trim();
  const range = new RegExp(`^${CODE}\\s*${CODE}\\s*(?:${CODE}|\\[([^\\]]*)\\])\\s*`);
  while (rest !== '') {
    const found = range.exec(rest);
    if (found === null) return false;
    const [whole, from = '', to = '', units, list] = found;
    const [first, last] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    if (last < first || last - first > CODES_MAX) return false;
    const each = list === undefined ? undefined : [...list.matchAll(new RegExp(CODE, 'g'))].map(([, one = '']) => one);
    for (let code = first; code <= last; code++) {
      const own = each === undefined ? raised(textOf(units ?? ''), code - first) : textOf(each[code - first] ?? '');
      if (own === undefined) return false;
      letters.set(code, own);
    }
    rest = rest.slice(whole.length);
  }
  return true;
}

/** Its last unit counted up. */
function raised(text: string | undefined, by: number): string | undefined {
  if (text === undefined || text === '') return undefined;
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + by);
}

/** UTF-16BE in hexadecimal digits; empty digits: no text. */
function textOf(digits: string): string | undefined {
  if (digits.length === 0 || digits.length % 4 !== 0) return undefined;
  return (digits.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('');
}
