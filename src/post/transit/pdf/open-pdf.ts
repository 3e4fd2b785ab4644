// Opens a PDF that came: says what it is, whether it may be touched, and draws its pages.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { headerVersion, readPdf, type PdfDocument } from '#formats/pdf-read/pdf-document.ts';
import type { PdfObject } from '#formats/pdf-read/pdf-value.ts';
import { scanObjects, type ScannedPdf } from '#formats/pdf-read/scan-objects.ts';
import type { KeepReason, Raster, SentFile } from '../contract.ts';
import type { OpenedPdf, PdfFacts, PdfPage, PdfRefusal } from './opened-pdf.ts';
import { lookAtPage } from './page-kind.ts';
import { findAttachments } from './pdf-attachments.ts';
import { findSigns, resolveAmong, type PdfSigns } from './pdf-signs.ts';
import { openWithPdfium, type PdfiumDocument, type PdfiumPage } from './pdfium.ts';

const POINTS_AN_INCH = 72;
const PIXELS_A_MEGAPIXEL = 1_000_000;

interface Structure {
  readonly version: string;
  readonly isMended: boolean;
  readonly signs: PdfSigns;
  readonly attachments: Result<readonly SentFile[], PdfRefusal>;
  readonly isSeenWhole: boolean;
}

/**
 * Encrypted, damaged or with too many pages: refused with the reason. Signed, an invoice, or not to be judged: opened,
 * and `facts.keep` says why it goes back as it came.
 */
export async function openPdf(bytes: Uint8Array): Promise<Result<OpenedPdf, PdfRefusal>> {
  const structure = lookInto(bytes);
  if (structure === undefined) return err({ kind: 'damaged' });
  if (structure.signs.isEncrypted) return err({ kind: 'encrypted' });
  const opened = await orDamaged(() => openWithPdfium(bytes));
  if (!opened.ok) return opened;
  const document = opened.value;
  if (document.pageCount > limits.transit.pagesMax) return err({ kind: 'tooManyPages' });
  const pages = await orDamaged(() => lookAtPages(document));
  if (!pages.ok) return pages;
  return ok({
    facts: factsOf(structure, pages.value),
    render: (page, dpi) => render(document, page, dpi),
    close: () => {
      try {
        document.close();
      } catch {
        // a machine that broke while closing has nothing left to close
      }
    },
  });
}

function lookInto(bytes: Uint8Array): Structure | undefined {
  const read = readPdf(bytes);
  const scanned = scanObjects(bytes);
  if (!read.ok && scanned.objects.length === 0) return undefined;
  const live = read.ok ? liveObjects(read.value) : scanned.objects;
  const resolve = read.ok ? read.value.resolve : resolveAmong(scanned.objects);
  const all = { bytes, objects: [...live, ...scanned.objects], trailers: trailersOf(read, scanned), resolve };
  const isWhole = read.ok && live.length === read.value.numbers.length;
  return {
    version: read.ok ? read.value.version : (headerVersion(bytes) ?? '1.4'),
    isMended: !isWhole,
    signs: findSigns(all),
    attachments: findAttachments(live, resolve),
    isSeenWhole: scanned.isWhole,
  };
}

function liveObjects(document: PdfDocument): readonly PdfObject[] {
  return document.numbers.map((number) => document.get(number)).filter((object) => object !== undefined);
}

function trailersOf(read: ReturnType<typeof readPdf>, scanned: ScannedPdf): ScannedPdf['trailers'] {
  return read.ok ? [...read.value.trailers, ...scanned.trailers] : scanned.trailers;
}

function lookAtPages(document: PdfiumDocument): Result<readonly PdfPage[], PdfRefusal> {
  const pages: PdfPage[] = [];
  for (let i = 0; i < document.pageCount; i++) {
    const page = document.onPage(i, lookAtOne);
    if (page === undefined) return err({ kind: 'damaged' });
    pages.push(page);
  }
  return pages.length === 0 ? err({ kind: 'damaged' }) : ok(pages);
}

function lookAtOne(page: PdfiumPage): PdfPage {
  const { widthPt, heightPt, rotation } = page;
  const look = lookAtPage(page);
  const square = (widthPt / POINTS_AN_INCH) * (heightPt / POINTS_AN_INCH);
  const dpiMax = Math.sqrt((limits.transit.pictureMegapixels * PIXELS_A_MEGAPIXEL) / Math.max(square, 1e-6));
  return { widthPt, heightPt, rotation, ...look, dpi: Math.min(look.dpi, 0.999 * dpiMax) };
}

function factsOf(structure: Structure, pages: readonly PdfPage[]): PdfFacts {
  const { signs, attachments, version, isMended } = structure;
  return {
    version,
    pages,
    isSigned: signs.isSigned,
    isInvoice: signs.isInvoice,
    hasActive: signs.hasActive,
    isMended,
    hasBookmarks: signs.hasBookmarks,
    attachments: attachments.ok ? attachments.value : [],
    keep: keepReason(structure, pages),
  };
}

function keepReason({ signs, attachments, isSeenWhole }: Structure, pages: readonly PdfPage[]): KeepReason | undefined {
  if (signs.isSigned) return 'signed';
  if (signs.isInvoice) return 'invoice';
  if (!attachments.ok) return attachments.error.kind;
  // PDFium does not look at the unit: a scan would come back in another size
  if (signs.hasOwnUnit && pages.some(({ kind }) => kind === 'scan')) return 'notProved';
  return signs.isDynamicForm || !isSeenWhole ? 'notProved' : undefined;
}

function render(document: PdfiumDocument, index: number, dpi: number): Result<Raster, PdfRefusal> {
  try {
    const drawn = document.onPage(index, (page): Result<Raster, PdfRefusal> => {
      const width = Math.max(1, Math.round((page.widthPt * dpi) / POINTS_AN_INCH));
      const height = Math.max(1, Math.round((page.heightPt * dpi) / POINTS_AN_INCH));
      const isTooLarge = !(width * height <= limits.transit.pictureMegapixels * PIXELS_A_MEGAPIXEL);
      return isTooLarge ? err({ kind: 'pictureTooLarge' }) : ok({ ...page.render(width, height), dpi });
    });
    return drawn ?? err({ kind: 'damaged' });
  } catch {
    return err({ kind: 'damaged' });
  }
}

/** PDFium breaks off in its own way on some hostile files: here that is a damaged file, not a mistake of ours. */
async function orDamaged<T>(
  work: () => Result<T, PdfRefusal> | Promise<Result<T, PdfRefusal>>,
): Promise<Result<T, PdfRefusal>> {
  try {
    return await work();
  } catch {
    return err({ kind: 'damaged' });
  }
}
