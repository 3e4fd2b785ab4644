// A PDF with its pages as they are and nothing else: no scripts, attachments, authors, or ways to the outside.

import { PDFDocument, PDFHeader } from '@cantoo/pdf-lib';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { listPages } from '#formats/pdf-read/page-list.ts';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { scanObjects } from '#formats/pdf-read/scan-objects.ts';
import { cleanObjects, sweep } from './clean-objects.ts';
import type { PdfRefusal } from './opened-pdf.ts';
import { shareEqual } from './share-equal.ts';

const VERSION_MIN = '1.5'; // object streams

/** The same bytes for the same bytes: no dates, no identifiers. Links to https, http and mailto stay; they act on a click only. */
export async function cleanPdf(bytes: Uint8Array): Promise<Result<Uint8Array, PdfRefusal>> {
  return rewritePdf(bytes, () => true);
}

/** Cleans, lets `change` work on the pages (false: it could not), and writes. Never throws for what the file holds. */
export async function rewritePdf(
  bytes: Uint8Array,
  change: (document: PDFDocument) => boolean | Promise<boolean>,
): Promise<Result<Uint8Array, PdfRefusal>> {
  const checked = checkSource(bytes);
  if (!checked.ok) return checked;
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true });
    if (document.getPageCount() !== checked.value.pageCount) return err({ kind: 'notProved' });
    const { context } = document;
    if (!cleanObjects(context) || !(await change(document))) return err({ kind: 'notProved' });
    // everything about the file itself: who made it, when, and under which number
    const root = context.trailerInfo.Root;
    if (root === undefined) return err({ kind: 'damaged' });
    context.trailerInfo = { Root: root };
    const [major, minor] = checked.value.version.split('.').map(Number);
    context.header = PDFHeader.forVersion(major ?? 1, minor ?? 7);
    shareEqual(context);
    sweep(context);
    return ok(
      await document.save({
        useObjectStreams: true,
        addDefaultPage: false,
        updateFieldAppearances: false,
        rewrite: true,
      }),
    );
  } catch {
    return err({ kind: 'damaged' });
  }
}

/** By the strict reader first: what unpacks without end or loops never reaches the library that has no bounds. */
function checkSource(bytes: Uint8Array): Result<{ readonly pageCount: number; readonly version: string }, PdfRefusal> {
  const read = readPdf(bytes);
  if (!read.ok || !scanObjects(bytes).isWhole) return err({ kind: 'damaged' });
  if (read.value.trailers.some((trailer) => trailer.entries.has('Encrypt'))) return err({ kind: 'encrypted' });
  const pages = listPages(read.value, limits.transit.pagesMax);
  if (!pages.ok) return err({ kind: pages.error.kind === 'tooMany' ? 'tooManyPages' : 'damaged' });
  const version = read.value.version < VERSION_MIN ? VERSION_MIN : read.value.version;
  return ok({ pageCount: pages.value.length, version });
}
