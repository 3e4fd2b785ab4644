// A plain letter as blocks: what the sender wrote, what is quoted (folded), and links that can be pressed. Pure.

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };
export interface TextBlock {
  readonly quoted: boolean;
  readonly text: string;
}

/** Blocks in order; an introduction line ("On 20 November … wrote:") belongs to the quote below it. */
export function textBlocks(plainText: string): readonly TextBlock[] {
  const blocks: { quoted: boolean; lines: string[] }[] = [];
  for (const line of plainText.replaceAll('\r\n', '\n').split('\n')) {
    const quoted = line.startsWith('>');
    const last = blocks.at(-1);
    if (last?.quoted === quoted) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  return blocks
    .map(({ quoted, lines }) => ({ quoted, text: lines.join('\n').replace(/^\n+/, '').trimEnd() }))
    .filter((block) => block.text !== '');
}

const link = /\bhttps?:\/\/[^\s<>"'`]+|\bmailto:[^\s<>"'`]+|\bwww\.[^\s<>"'`]+\.[^\s<>"'`]+/gi;

/** Text and links; punctuation behind a link stays text, a closing bracket only when one was opened. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    let found = match[0].replace(/[.,;:!?]+$/, '');
    if (found.endsWith(')') && !found.includes('(')) found = found.slice(0, -1);
    const href = /^www\./i.test(found) ? `https://${found}` : found;
    if (!URL.canParse(href)) continue;
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    pieces.push({ kind: 'link', text: found, href });
    at = match.index + found.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}
