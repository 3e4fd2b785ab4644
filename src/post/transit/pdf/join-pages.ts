// Puts pages made anew among those that stay as they were, in the order of the file that came.

import { PDFDocument, PDFName, PDFNumber, PDFObjectCopier, type PDFPage } from '@cantoo/pdf-lib';
import type { Result } from '#base/result.ts';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import type { MadePage } from '../contract.ts';
import { rewritePdf } from './clean-pdf.ts';
import type { PdfRefusal } from './opened-pdf.ts';

export interface JoinOrder {
  readonly source: Uint8Array;
  /** Page from 0 → what stands there instead. */
  readonly replaced: ReadonlyMap<number, MadePage>;
  readonly coding: 'jbig2' | 'g4';
}

/** Bookmarks and links keep pointing at the pages they meant: a page changes, its place in the file does not. */
export async function joinPages({ source, replaced, coding }: JoinOrder): Promise<Result<Uint8Array, PdfRefusal>> {
  const order = [...replaced].toSorted(([one], [other]) => one - other);
  return rewritePdf(source, async (document) => {
    const pages = document.getPages();
    if (order.some(([index]) => pages[index] === undefined)) return false;
    // one file of all new pages, so that they share their font
    const made = await PDFDocument.load(
      writePdf(
        order.map(([, page]) => page),
        { coding },
      ),
      { updateMetadata: false },
    );
    const copier = PDFObjectCopier.for(made.context, document.context);
    for (const [i, page] of made.getPages().entries()) {
      const target = pages[order[i]?.[0] ?? -1];
      if (target === undefined) return false;
      replace(target, page, copier);
    }
    return true;
  });
}

function replace(target: PDFPage, page: PDFPage, copier: PDFObjectCopier): void {
  const copy = copier.copy(page.node);
  const parent = target.node.get(PDFName.of('Parent'));
  for (const key of target.node.keys()) target.node.delete(key);
  for (const [key, value] of copy.entries()) target.node.set(key, value);
  if (parent !== undefined) target.node.set(PDFName.of('Parent'), parent);
  // what the page would inherit was meant for the one that stood here
  const box = copy.get(PDFName.of('MediaBox'));
  if (box !== undefined) target.node.set(PDFName.of('CropBox'), box);
  target.node.set(PDFName.of('Rotate'), PDFNumber.of(0));
}
