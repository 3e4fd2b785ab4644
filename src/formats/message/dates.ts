// Date fields → milliseconds since 1970 (RFC 5322 §3.3 and the obsolete forms of §4.3; also ISO 8601 and ctime, as mailers write them).

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONE_HOURS: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  cet: 1,
  cest: 2,
  mez: 1,
  mesz: 2,
  jst: 9,
};
const DATE_CHARACTERS_MAX = 200;

export type LetterDate = {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly atMs: number;
  /** Minutes east of UTC as the sender wrote them; undefined for "-0000" or none. */
  readonly zoneMinutes: number | undefined;
};

/** The moment a Date field names; undefined when it names none between the years 1970 and 9999. */
export function parseDate(text: string): LetterDate | undefined {
  const bare = withoutComments(text.slice(0, DATE_CHARACTERS_MAX)).trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?\s*(.*)$/.exec(bare);
  if (iso) {
    return assemble({ year: Number(iso[1]), month: Number(iso[2]) - 1, day: Number(iso[3]) }, iso[4], iso[5] ?? '');
  }
  return fromWords(bare.split(/[\s,]+/));
}

type Day = { year: number; month: number; day: number };

function fromWords(words: readonly string[]): LetterDate | undefined {
  let month = -1;
  let time: string | undefined;
  let zone = '';
  const numbers: string[] = [];
  for (const word of words.flatMap((part) =>
    /^\d{1,2}-[A-Za-z]{3,9}-\d{2,4}$/.test(part) ? part.split('-') : [part],
  )) {
    const found = month < 0 ? MONTHS.indexOf(word.slice(0, 3).toLowerCase()) : -1;
    if (found >= 0 && /^[A-Za-z]{3,9}\.?$/.test(word)) month = found;
    else if (/^\d{1,2}[:.]\d{1,2}([:.]\d{1,2})?/.test(word) && time === undefined) {
      const parts = /^([\d:.]+)(.*)$/.exec(word);
      time = parts?.[1];
      zone ||= parts?.[2] ?? '';
    } else if (/^\d{1,4}\.?$/.test(word) && numbers.length < 2) numbers.push(word.replace('.', ''));
    else if (month >= 0 && time !== undefined && zone === '') zone = word;
  }
  const [day, year] = [Number(numbers[0]), yearOf(numbers[1])];
  if (month < 0 || numbers.length < 2 || year === undefined) return undefined;
  return assemble({ year, month, day }, time, zone);
}

/** Two and three digits as RFC 5322 §4.3 reads them. */
function yearOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.length === 2) return value < 50 ? 2000 + value : 1900 + value;
  if (text.length === 3) return 1900 + value;
  return text.length === 4 ? value : undefined;
}

function assemble(date: Day, time: string | undefined, zone: string): LetterDate | undefined {
  const [hour = 0, minute = 0, second = 0] = (time ?? '').split(/[:.]/).map(Number);
  if (date.day < 1 || date.day > 31 || date.month < 0 || date.month > 11 || date.year < 1970) return undefined;
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const zoneMinutes = zoneOf(zone.trim());
  const utc = Date.UTC(date.year, date.month, date.day, hour, minute, second);
  const atMs = utc - (zoneMinutes ?? 0) * 60_000;
  return Number.isFinite(atMs) ? { atMs, zoneMinutes } : undefined;
}

function zoneOf(zone: string): number | undefined {
  const digits = /^(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})?/i.exec(zone);
  if (digits) {
    const minutes = Number(digits[2]) * 60 + Number(digits[3] ?? '0');
    if (digits[1] === '-' && minutes === 0) return undefined;
    return minutes > 24 * 60 ? undefined : digits[1] === '-' ? -minutes : minutes;
  }
  const name = zone.toLowerCase();
  const hours = Object.hasOwn(ZONE_HOURS, name) ? ZONE_HOURS[name] : undefined;
  return hours === undefined ? undefined : hours * 60;
}

function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  let depth = 0;
  let kept = '';
  for (const character of text) {
    if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept;
}
