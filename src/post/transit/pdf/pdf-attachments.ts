// The files that a PDF carries inside: what is left out of the result is served beside it, so that nothing is lost.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { decodeStream } from '#formats/pdf-read/decode-stream.ts';
import { dictOf, dictsIn, isStream, type PdfObject, type PdfStream } from '#formats/pdf-read/pdf-value.ts';
import type { SentFile } from '../contract.ts';
import type { PdfRefusal } from './opened-pdf.ts';
import { fileName, type SignsInput } from './pdf-signs.ts';

/** Each stream once, whatever number of specifications name it; a file that cannot be unpacked refuses the whole. */
export function findAttachments(
  objects: readonly PdfObject[],
  resolve: SignsInput['resolve'],
): Result<readonly SentFile[], PdfRefusal> {
  const seen = new Set<PdfStream>();
  const files: SentFile[] = [];
  let left: number = limits.transit.expandedBytes;
  for (const { value } of objects) {
    for (const dict of dictsIn(value)) {
      const inside = dictOf(resolve(dict.entries.get('EF')));
      const stream = inside === undefined ? undefined : resolve(inside.entries.get('UF') ?? inside.entries.get('F'));
      if (!isStream(stream) || seen.has(stream)) continue;
      seen.add(stream);
      if (seen.size > limits.transit.entriesMax) return err({ kind: 'tooManyEntries' });
      const decoded = decodeStream(stream, resolve, Math.min(left, limits.transit.pdfContentBytes));
      if (!decoded.ok) return err({ kind: decoded.error.kind === 'tooLarge' ? 'expandsTooFar' : 'notProved' });
      left -= decoded.value.length;
      // a name without end would be no word of a worker's, and cost the file that it stands in
      const name = (fileName(dict, resolve) ?? 'anlage').slice(-limits.message.fileNameCharacters).toWellFormed();
      files.push({ name, bytes: decoded.value.slice() });
    }
  }
  return ok(files);
}
