// The pages of a PDF in order, with what they inherit; a tree that loops or lies is refused (ISO 32000-2 §7.7.3).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { PdfDocument } from './pdf-document.ts';
import { dictOf, isArray, isRef, nameOf, type PdfDict, type PdfValue } from './pdf-value.ts';

export interface PageEntry {
  readonly number: number | undefined;
  readonly dict: PdfDict;
  /** Own or inherited: Resources, MediaBox, CropBox, Rotate. */
  readonly inherited: ReadonlyMap<string, PdfValue>;
}

export type PageTreeRefusal = { readonly kind: 'damaged' } | { readonly kind: 'tooMany' };

const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

/** At most `pagesMax` pages; branches are bounded with them. */
export function listPages(document: PdfDocument, pagesMax: number): Result<readonly PageEntry[], PageTreeRefusal> {
  const pages: PageEntry[] = [];
  const seen = new Set<number>();
  const waiting: {
    readonly node: PdfValue | undefined;
    readonly above: ReadonlyMap<string, PdfValue>;
    depth: number;
  }[] = [{ node: document.catalog?.entries.get('Pages'), above: new Map(), depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const number = isRef(next.node) ? next.node.number : undefined;
    const dict = dictOf(document.resolve(next.node));
    if (dict === undefined || next.depth > limits.transit.pdfDepthMax) return err({ kind: 'damaged' });
    if (number !== undefined && seen.has(number)) return err({ kind: 'damaged' });
    if (number !== undefined) seen.add(number);
    const inherited = new Map(next.above);
    for (const key of INHERITED) {
      const own = dict.entries.get(key);
      if (own !== undefined) inherited.set(key, own);
    }
    const kids = document.ask(dict, 'Kids');
    if (isArray(kids) && nameOf(document.ask(dict, 'Type')) !== 'Page') {
      if (kids.items.length + waiting.length > 2 * pagesMax + limits.transit.pdfDepthMax)
        return err({ kind: 'tooMany' });
      const { depth } = next;
      waiting.push(...kids.items.toReversed().map((node) => ({ node, above: inherited, depth: depth + 1 })));
    } else pages.push({ number, dict, inherited });
    if (pages.length > pagesMax) return err({ kind: 'tooMany' });
  }
  return ok(pages);
}
