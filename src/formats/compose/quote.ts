// The letter that is answered, quoted in the answer: "> " before each line, or a blockquote (RFC 3676 §4.5).

const QUOTE_CHARACTERS = 256 * 1024;

/** `attribution` is the page's sentence ("Jonas wrote on …"); the signature behind "-- " is left out. */
export function quoteText(plainText: string, attribution: string): string {
  const text = plainText.replaceAll(/\r\n?/g, '\n').slice(0, QUOTE_CHARACTERS);
  const signature = text.search(/^-- ?$/m);
  const lines = (signature >= 0 ? text.slice(0, signature) : text).trimEnd().split('\n');
  // A line that is quoted already gets no blank: ">> " is how levels are read.
  const quoted = lines.map((line) => (line.startsWith('>') ? `>${line}` : line === '' ? '>' : `> ${line}`));
  return `${attribution}\n${quoted.join('\n')}\n`;
}

/** `plainHtml` is put in as it is: whoever shows it cleans it, here as everywhere. */
export function quoteHtml(plainHtml: string, attribution: string): string {
  return `<p>${escapeHtml(attribution)}</p><blockquote type="cite">${bodyOf(plainHtml)}</blockquote>`;
}

/** A forwarded letter's few words about itself, label by label, then its text. */
export function forwardText(
  heading: string,
  fields: readonly (readonly [label: string, value: string])[],
  plainText: string,
): string {
  const lines = fields.filter(([, value]) => value !== '').map(([label, value]) => `${label}: ${value}`);
  const text = plainText.replaceAll(/\r\n?/g, '\n').slice(0, QUOTE_CHARACTERS);
  return `---------- ${heading} ----------\n${lines.join('\n')}\n\n${text}`;
}

export function forwardHtml(
  heading: string,
  fields: readonly (readonly [label: string, value: string])[],
  plainHtml: string,
): string {
  const lines = fields
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `<b>${escapeHtml(label)}:</b> ${escapeHtml(value)}`);
  return `<p>---------- ${escapeHtml(heading)} ----------<br>${lines.join('<br>')}</p>${bodyOf(plainHtml)}`;
}

/** Text as paragraphs of HTML, for an answer in HTML to a letter without. */
export function htmlOfText(plainText: string): string {
  const paragraphs = plainText
    .replaceAll(/\r\n?/g, '\n')
    .trimEnd()
    .split(/\n{2,}/);
  return paragraphs.map((text) => `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`).join('');
}

/** What stands in the body of a whole document; a fragment is left as it is. */
function bodyOf(plainHtml: string): string {
  const start = /<body[^>]*>/i.exec(plainHtml);
  if (!start) return plainHtml;
  const from = start.index + start[0].length;
  const end = plainHtml.toLowerCase().indexOf('</body', from);
  return plainHtml.slice(from, end < 0 ? undefined : end);
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
