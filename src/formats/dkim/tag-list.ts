// Tag lists: `name=value; name=value` (RFC 6376 §3.2). The same shape serves DKIM signatures, DKIM keys and DMARC records.

export type TagList = ReadonlyMap<string, string>;

const TAG = /^[ \t\r\n]*([A-Za-z]\w*)[ \t\r\n]*=([^;]*)$/;

/** Values are trimmed; undefined when a part is no tag or a tag stands twice. Names keep their case: they are case-sensitive. */
export function parseTagList(text: string): TagList | undefined {
  const tags = new Map<string, string>();
  const parts = text.split(';');
  for (const [index, part] of parts.entries()) {
    const match = TAG.exec(part);
    const name = match?.[1];
    if (name === undefined) {
      if (index === parts.length - 1 && part.trim() === '') break; // the last semicolon may stand alone
      return undefined;
    }
    if (tags.has(name)) return undefined;
    tags.set(name, trimBlank(match?.[2] ?? ''));
  }
  return tags;
}

/** Without white space and line ends at both ends (folding white space only: no other character counts as white). */
export function trimBlank(text: string): string {
  // by hand: a pattern anchored at the end takes quadratic time over a long run of blanks
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}

/** Without any folding white space: base64 and lists may be folded anywhere. */
export function withoutBlank(text: string): string {
  return text.replace(/[ \t\r\n]+/g, '');
}
