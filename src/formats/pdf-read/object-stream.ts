// The objects that stand together in one compressed stream (ISO 32000-2 §7.5.7).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { decodeStream, type FilterRefusal, type Resolve } from './decode-stream.ts';
import { PdfLexer } from './pdf-lexer.ts';
import { countOf, type PdfObject, type PdfStream } from './pdf-value.ts';

export interface ObjectStream {
  readonly objects: readonly PdfObject[];
  /** What it took of the budget. */
  readonly bytes: number;
}

/** In the order of its index; an object that cannot be read spoils the whole. */
export function readObjectStream(
  stream: PdfStream,
  resolve: Resolve,
  bytesMax: number,
): Result<ObjectStream, FilterRefusal> {
  const decoded = decodeStream(stream, resolve, bytesMax);
  if (!decoded.ok) return decoded;
  const count = countOf(resolve(stream.dict.entries.get('N'))) ?? -1;
  const first = countOf(resolve(stream.dict.entries.get('First'))) ?? -1;
  if (count < 0 || first < 0 || count > limits.transit.pdfObjectsMax || first > decoded.value.length)
    return err({ kind: 'damaged' });
  const head = new PdfLexer(decoded.value, 0, first);
  const objects: PdfObject[] = [];
  for (let i = 0; i < count; i++) {
    const number = head.takeCount();
    const offset = head.takeCount();
    if (number === undefined || offset === undefined) return err({ kind: 'damaged' });
    const value = new PdfLexer(decoded.value, first + offset).readValue();
    if (value === undefined) return err({ kind: 'damaged' });
    objects.push({ number, generation: 0, value });
  }
  return ok({ objects, bytes: decoded.value.length });
}
