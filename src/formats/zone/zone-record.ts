// A DNS record as people write it: one line of a zone file, texts cut into strings of at most 255 bytes (RFC 1035 §3.3, §5.1).

export const ZONE_TYPES = ['MX', 'A', 'AAAA', 'TXT', 'CNAME', 'SRV', 'CAA'] as const;
export type ZoneType = (typeof ZONE_TYPES)[number];

export interface ZoneRecord {
  /** Whole, lower case, without a dot at the end. */
  readonly name: string;
  readonly type: ZoneType;
  /** Of a TXT the bare text; of the others as it stands in a zone file. */
  readonly value: string;
}

const STRING_BYTES_MAX = 255;
const NAME_WIDTH = 44;

/** `example.org. 3600 IN MX 10 mail.example.org.` */
export function zoneLine(record: ZoneRecord): string {
  return `${`${record.name}.`.padEnd(NAME_WIDTH)} 3600 IN ${record.type.padEnd(5)} ${zoneValue(record)}`;
}

/** What stands behind the type: texts in quotes, cut where they are too long for one string. */
export function zoneValue({ type, value }: ZoneRecord): string {
  return type === 'TXT' ? cutText(value).map(quote).join(' ') : value;
}

/** Strings of at most 255 bytes; readers join them without anything between (RFC 7208 §3.3, RFC 6376 §3.6.2.2). */
export function cutText(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const size = new TextEncoder().encode(character).length;
    if (bytes + size > STRING_BYTES_MAX) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}

/** `a"b` → `"a\"b"`; what is not printable ASCII as `\ddd`, byte by byte. */
function quote(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const written = Array.from(bytes, (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte < 0x20 || byte > 0x7e ? `\\${String(byte).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${written.join('')}"`;
}
