// The first words of a letter for the list: without quotes, attribution lines and signature where anything else is left.
import { limits } from '#base/limits.ts';

/** At most 110 characters on one line. */
export function snippetOf(text: string): string {
  const own = collect(text, true);
  return own === '' ? collect(text, false) : own;
}

const ATTRIBUTION = /^(?:am|on|le|el|il)\b.{4,300}(?:schrieb|wrote|a écrit|escribió|ha scritto).{0,120}:$/i;
const FORWARDED =
  /^(?:-{3,} ?(?:original message|ursprüngliche nachricht|forwarded message|weitergeleitete nachricht)|_{20,}$|begin forwarded message:)/i;
const ARMOR = /^-----(?:BEGIN|END) PGP [A-Z ]+-----$|^Hash: /;
const LINE_CHARACTERS_MAX = 500;

function collect(text: string, isOwnOnly: boolean): string {
  const wanted = limits.message.snippetCharacters;
  let kept = '';
  let start = 0;
  while (start < text.length && kept.length < wanted + 20) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const raw = text.slice(start, Math.min(end, start + LINE_CHARACTERS_MAX));
    start = end + 1;
    if (isOwnOnly && (raw === '-- ' || raw === '--')) break;
    const line = clean(raw);
    if (line === '') continue;
    if (ARMOR.test(line)) {
      if (line.includes('BEGIN PGP MESSAGE') || line.includes('BEGIN PGP SIGNATURE')) break;
      continue;
    }
    if (isOwnOnly && FORWARDED.test(line) && kept !== '') break;
    if (isOwnOnly) {
      const behind = attributionEnd(line, text, { lineEnd: end, start: end + 1 });
      if (behind > 0) start = behind;
      if (behind > 0 || line.startsWith('>')) continue;
    }
    kept += (kept === '' ? '' : ' ') + line;
  }
  return cutAtWord(kept, wanted);
}

/** Where the text goes on behind "On Monday, Anna wrote:", on one line or two; 0 when this line is none. */
function attributionEnd(line: string, text: string, at: { lineEnd: number; start: number }): number {
  if (!/^(?:am|on|le|el|il)\b/i.test(line)) return 0;
  if (ATTRIBUTION.test(line)) return at.lineEnd + 1;
  const found = text.indexOf('\n', at.start);
  const end = found < 0 ? text.length : found;
  const next = clean(text.slice(at.start, Math.min(end, at.start + LINE_CHARACTERS_MAX)));
  return ATTRIBUTION.test(`${line} ${next}`) ? end + 1 : 0;
}

function clean(raw: string): string {
  return raw
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/(?:[\u200b-\u200f]|[\u202a-\u202e\u2060-\u2069\u00ad\ufeff]|\u034f)+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[-=_*#~ ]{4,}$/, '');
}

/** Cuts at a blank near the end, else hard; never within a surrogate pair. */
function cutAtWord(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text.toWellFormed();
  const head = text.slice(0, charactersMax - 1);
  const blank = head.lastIndexOf(' ');
  const kept = blank > charactersMax * 0.75 ? head.slice(0, blank) : head;
  // half a pair at the end is dropped rather than shown as a box
  return `${kept.replace(/[\ud800-\udbff]$/, '').trimEnd()}…`.toWellFormed();
}
