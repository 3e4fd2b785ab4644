// The content of one part: transfer encoding undone, text decoded, format=flowed reflowed (RFC 2045 §6, RFC 3676).
import { decodeCharset } from './charset.ts';
import { safeFileName } from './content-type.ts';
import type { Part } from './parts.ts';
import { decodeBase64, decodeQuotedPrintable, decodeUuencode } from './transfer-encoding.ts';

/** Bytes of a part with its transfer encoding undone; identity encodings give a view, not a copy. */
export function decodePart(bytes: Uint8Array, part: Part, encodedBytesMax?: number): Uint8Array {
  const end =
    encodedBytesMax === undefined ? part.endOffset : Math.min(part.endOffset, part.bodyOffset + encodedBytesMax);
  const content = bytes.subarray(part.bodyOffset, end);
  switch (part.encoding) {
    case 'base64':
      return decodeBase64(content);
    case 'quoted-printable':
      return decodeQuotedPrintable(content);
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue':
      return decodeUuencode(content);
    default:
      return content;
  }
}

/** Text of a part with LF line ends, in its charset, flowed lines joined. Reads at most `encodedBytesMax` bytes of it. */
export function decodeText(bytes: Uint8Array, part: Part, encodedBytesMax?: number): string {
  const plainBytes = decodePart(bytes, part, encodedBytesMax);
  const { parameters, mediaType } = part.contentType;
  const label = parameters.get('charset') ?? (mediaType === 'text/html' ? htmlCharset(plainBytes) : undefined);
  const plainText = decodeCharset(plainBytes, label).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (mediaType !== 'text/plain' || parameters.get('format')?.toLowerCase() !== 'flowed') return plainText;
  return reflowed(plainText, parameters.get('delsp')?.toLowerCase() === 'yes');
}

/** The file name a part carries, made safe; empty when it has none. */
export function fileNameOf(part: Part): string {
  return safeFileName(part.disposition?.parameters.get('filename') ?? part.contentType.parameters.get('name') ?? '');
}

/** `<meta charset>` in the first kilobyte of HTML that names no charset in its field. */
function htmlCharset(bytes: Uint8Array): string | undefined {
  const head = decodeCharset(bytes.subarray(0, 1024), 'windows-1252');
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(head)?.[1];
}

/** RFC 3676 §4: a line ending in a blank goes on in the next one of the same quote depth. */
function reflowed(text: string, dropsSpace: boolean): string {
  const out: string[] = [];
  let open: { depth: number; pieces: string[] } | undefined;
  const close = (): void => {
    if (open) out.push(`${'>'.repeat(open.depth)}${open.depth > 0 ? ' ' : ''}${open.pieces.join('')}`);
    open = undefined;
  };
  for (const line of text.split('\n')) {
    let depth = 0;
    while (line.charCodeAt(depth) === 62) depth++;
    const content = line.charAt(depth) === ' ' ? line.slice(depth + 1) : line.slice(depth);
    const isFlowed = content.endsWith(' ') && content !== '-- ';
    if (open && (open.depth !== depth || content === '-- ')) close();
    open ??= { depth, pieces: [] };
    open.pieces.push(isFlowed && dropsSpace ? content.slice(0, -1) : content);
    if (!isFlowed) close();
  }
  close();
  return out.join('\n');
}
