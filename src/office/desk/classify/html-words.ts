// What an HTML part says outside its tags; its lines stay where they are, so that armor in it is found. Once through, whatever it is made of.

/** Whose content is no words, and where it ends. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<style', '</style'],
  ['<script', '</script'],
] as const;

export function withoutTags(html: string): string {
  const lower = html.toLowerCase();
  const pieces: string[] = [];
  /** Ends that do not come any more: looked for once. */
  const missing = new Set<string>();
  let at = 0;
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    const next = endOf(lower, open, missing);
    if (next === undefined) break;
    pieces.push(html.slice(at, open));
    at = next;
  }
  pieces.push(html.slice(at));
  return pieces
    .join('\n')
    .replaceAll(/&nbsp;|&#160;/gi, ' ')
    .replaceAll(/&#(?:43|x2b);/gi, '+')
    .replaceAll(/&#(?:61|x3d);/gi, '=');
}

/** Behind the tag, or behind what it skips; undefined: it never ends. */
function endOf(lower: string, open: number, missing: Set<string>): number | undefined {
  for (const [begin, end] of SKIPPED) {
    if (missing.has(end) || !lower.startsWith(begin, open)) continue;
    const found = lower.indexOf(end, open + begin.length);
    if (found >= 0) return found + (end === '-->' ? end.length : 0);
    missing.add(end);
  }
  if (missing.has('>')) return undefined;
  const close = lower.indexOf('>', open);
  if (close < 0) missing.add('>');
  return close < 0 ? undefined : close + 1;
}
