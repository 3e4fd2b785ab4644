// One PDF opened by PDFium: pages, what is drawn on them, their text, their picture. Throws when PDFium gives up on a file.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Raster } from '../contract.ts';
import { startPdfium, type PdfiumCalls } from './pdfium-calls.ts';
import { drawnThings, type Drawn } from './pdfium-drawn.ts';
import { toRaster } from './pdfium-pixels.ts';

export type PdfiumRefusal = { readonly kind: 'encrypted' } | { readonly kind: 'damaged' };

export interface PdfiumDocument {
  readonly pageCount: number;
  /** Runs `look` on one page (from 0) and closes it; undefined: PDFium cannot load that page. */
  readonly onPage: <T>(index: number, look: (page: PdfiumPage) => T) => T | undefined;
  readonly close: () => void;
}

export interface PdfiumPage {
  /** As a reader sees it. */
  readonly widthPt: number;
  readonly heightPt: number;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Subtypes (PDFium’s numbers) of the annotations that are not hidden. */
  readonly annotations: readonly number[];
  readonly drawn: () => readonly Drawn[];
  /** As it would be found by searching, line ends as they come. */
  readonly readText: () => string;
  /** For each letter: its angle against the page in degrees. */
  readonly letterAngles: (lettersMax: number) => readonly number[];
  /** White paper, annotations drawn in. */
  readonly render: (width: number, height: number) => Raster;
}

const FORMAT_BGR = 2;
const DRAW_ANNOTATIONS = 0x01;
const RGB_ORDER = 0x10;
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;
const HIDDEN = 0x02 | 0x20; // ISO 32000-2 §12.5.3: Hidden, NoView

export async function openWithPdfium(bytes: Uint8Array): Promise<Result<PdfiumDocument, PdfiumRefusal>> {
  const pdfium = await startPdfium();
  const place = pdfium.call('_malloc', bytes.length);
  if (place === 0) return err({ kind: 'damaged' });
  new Uint8Array(pdfium.memory().buffer).set(bytes, place);
  const document = pdfium.call('_FPDF_LoadMemDocument', place, bytes.length, 0);
  if (document === 0) {
    const code = pdfium.call('_FPDF_GetLastError');
    return err({ kind: code === ERROR_PASSWORD || code === ERROR_SECURITY ? 'encrypted' : 'damaged' });
  }
  return ok({
    pageCount: pdfium.call('_FPDF_GetPageCount', document),
    onPage: (index, look) => {
      const page = pdfium.call('_FPDF_LoadPage', document, index);
      if (page === 0) return undefined;
      try {
        return look(openPage(pdfium, page));
      } finally {
        pdfium.call('_FPDF_ClosePage', page);
      }
    },
    close: () => {
      pdfium.call('_FPDF_CloseDocument', document);
      new Uint8Array(pdfium.memory().buffer).fill(0, place, place + bytes.length);
      pdfium.call('_free', place);
      pdfium.call('_FPDF_DestroyLibrary');
    },
  });
}

function openPage(pdfium: PdfiumCalls, page: number): PdfiumPage {
  const turns = pdfium.call('_FPDFPage_GetRotation', page);
  return {
    widthPt: pdfium.call('_FPDF_GetPageWidthF', page),
    heightPt: pdfium.call('_FPDF_GetPageHeightF', page),
    rotation: turns === 1 ? 90 : turns === 2 ? 180 : turns === 3 ? 270 : 0,
    annotations: seenAnnotations(pdfium, page),
    drawn: () => drawnThings(pdfium, page),
    readText: () => withText(pdfium, page, (text) => readText(pdfium, text)),
    letterAngles: (lettersMax) => withText(pdfium, page, (text) => angles(pdfium, text, lettersMax)),
    render: (width, height) => render(pdfium, page, { width, height }),
  };
}

function seenAnnotations(pdfium: PdfiumCalls, page: number): readonly number[] {
  const count = Math.min(pdfium.call('_FPDFPage_GetAnnotCount', page), limits.transit.pdfDrawnMax);
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const annotation = pdfium.call('_FPDFPage_GetAnnot', page, i);
    if (annotation === 0) continue;
    if ((pdfium.call('_FPDFAnnot_GetFlags', annotation) & HIDDEN) === 0)
      found.push(pdfium.call('_FPDFAnnot_GetSubtype', annotation));
    pdfium.call('_FPDFPage_CloseAnnot', annotation);
  }
  return found;
}

function withText<T>(pdfium: PdfiumCalls, page: number, look: (text: number) => T): T {
  const text = pdfium.call('_FPDFText_LoadPage', page);
  try {
    return look(text);
  } finally {
    if (text !== 0) pdfium.call('_FPDFText_ClosePage', text);
  }
}

function readText(pdfium: PdfiumCalls, text: number): string {
  const letters = text === 0 ? 0 : pdfium.call('_FPDFText_CountChars', text);
  const count = Math.min(Math.max(letters, 0), limits.transit.pdfTextCharacters);
  const place = pdfium.call('_malloc', 2 * (count + 1));
  const written = count === 0 ? 0 : pdfium.call('_FPDFText_GetText', text, 0, count, place);
  const plainText = new TextDecoder('utf-16le').decode(
    new Uint8Array(pdfium.memory().buffer, place, 2 * Math.max(0, Math.min(written - 1, count))),
  );
  pdfium.call('_free', place);
  return plainText;
}

function angles(pdfium: PdfiumCalls, text: number, lettersMax: number): readonly number[] {
  const letters = text === 0 ? 0 : pdfium.call('_FPDFText_CountChars', text);
  const found: number[] = [];
  for (let i = 0; i < Math.min(letters, lettersMax); i++) {
    if (pdfium.call('_FPDFText_GetUnicode', text, i) <= 32) continue;
    const turned = (pdfium.call('_FPDFText_GetCharAngle', text, i) * 180) / Math.PI;
    found.push(turned > 180 ? turned - 360 : turned);
  }
  return found;
}

function render(pdfium: PdfiumCalls, page: number, size: { width: number; height: number }): Raster {
  const { width, height } = size;
  const stride = Math.ceil((width * 3) / 4) * 4;
  const place = pdfium.call('_malloc', stride * height);
  if (place === 0) throw new Error('PDFium has no room for the picture');
  try {
    const bitmap = pdfium.call('_FPDFBitmap_CreateEx', width, height, FORMAT_BGR, place, stride);
    if (bitmap === 0) throw new Error('PDFium makes no picture of this size');
    pdfium.call('_FPDFBitmap_FillRect', bitmap, 0, 0, width, height, 0xffffffff);
    const flags = DRAW_ANNOTATIONS | RGB_ORDER;
    pdfium.call('_FPDF_RenderPageBitmap', bitmap, page, 0, 0, width, height, 0, flags);
    pdfium.call('_FPDFBitmap_Destroy', bitmap);
    const pixels = new Uint8Array(pdfium.memory().buffer, place, stride * height);
    return toRaster(pixels, { width, height, stride });
  } finally {
    pdfium.call('_free', place);
  }
}
