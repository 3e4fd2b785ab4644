// What the verifier sees of a file: its objects by the strict reader, its pages by PDFium. Figures only, no picture is kept.

import { limits } from '#base/limits.ts';
import { heifPages } from '#formats/heif/heif-pages.ts';
import { heifSort } from '#formats/heif/heif-sort.ts';
import type { PdfDocument } from '#formats/pdf-read/pdf-document.ts';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { listPages, type PageEntry } from '#formats/pdf-read/page-list.ts';
import type { PdfObject } from '#formats/pdf-read/pdf-value.ts';
import { scanObjects } from '#formats/pdf-read/scan-objects.ts';
import { openWithPdfium, type PdfiumDocument, type PdfiumPage } from '../pdf/pdfium.ts';
import type { Expectation, SourceGlance } from './expectation.ts';
import { packThumbs, thumbAt, thumbOf, type Thumb } from './own-order.ts';
import { isTiff, tiffAsPdf } from './tiff-as-pdf.ts';
import { lookAtLines, type LineLook } from './own-skew.ts';
import { lookAtTurn, type TurnLook } from './own-turn.ts';
import { compareInk } from './compare-ink.ts';

export interface SeenPage {
  readonly widthPt: number;
  readonly heightPt: number;
  readonly rotation: number;
  readonly plainText: string;
  /** Of the page it was kept from. */
  readonly plainSource: string | undefined;
  /** Of that page’s dark pixels, how many are gone: 0 … 1. */
  readonly inkLost: number | undefined;
  readonly lines: LineLook;
  readonly letterAngles: readonly number[];
  readonly turn: TurnLook;
  readonly thumb: Thumb | undefined;
  /** Of the page it was made from. */
  readonly thumbSource: Thumb | undefined;
}

export interface SeenFile {
  readonly bytes: Uint8Array;
  readonly document: PdfDocument;
  readonly entries: readonly PageEntry[];
  /** Those the cross-reference names and those that merely stand there. */
  readonly objects: readonly PdfObject[];
  /** Objects that the cross-reference names and that are not there. */
  readonly missing: number;
  readonly pages: readonly SeenPage[];
  /** Of the file that came; undefined: it was not given, or nobody can say. */
  readonly sourcePages: number | undefined;
}

const DPI = 100;
const POINTS_AN_INCH = 72;
const PIXELS_MAX = 4_000_000; // of one page; a poster is looked at more coarsely
const LETTERS_LOOKED_AT = 500;
/** A page whose look alone is asked for. */
const SMALL_PIXELS = 20_000;

/** In words, what kept it from being read; never throws for what a file holds. */
export async function lookAtFile(bytes: Uint8Array, expectation: Expectation): Promise<SeenFile | string> {
  const read = readPdf(bytes);
  if (!read.ok) return read.error.kind;
  const document = read.value;
  const entries = listPages(document, limits.transit.pagesMax);
  if (!entries.ok) return `page tree ${entries.error.kind}`;
  const live = document.numbers.map((number) => document.get(number));
  const found = live.filter((object) => object !== undefined);
  const scanned = scanObjects(bytes);
  if (!scanned.isWhole) return 'objects that cannot be unpacked';
  try {
    const looked = await lookAtPages(bytes, expectation);
    if (typeof looked === 'string') return looked;
    const missing = live.length - found.length;
    return { bytes, document, entries: entries.value, objects: [...found, ...scanned.objects], missing, ...looked };
  } catch {
    return 'PDFium gives up';
  }
}

/** How the pages of a file that came look; undefined: nobody can say. Throws when PDFium gives up. */
export async function glanceAt(source: Uint8Array): Promise<SourceGlance | undefined> {
  const opened = await openSource(source);
  if (opened?.ok !== true) return undefined;
  const { pageCount: pages, onPage, close } = opened.value;
  const seen = Array.from({ length: Math.min(pages, limits.transit.pagesMax) }, (_, index) =>
    onPage(index, smallThumb),
  );
  close();
  return { pages, thumbs: packThumbs(seen) };
}

async function lookAtPages(
  bytes: Uint8Array,
  expectation: Expectation,
): Promise<Pick<SeenFile, 'pages' | 'sourcePages'> | string> {
  const made = await openWithPdfium(bytes);
  if (!made.ok) return `PDFium says ${made.error.kind}`;
  const { glance } = expectation;
  const sources = glance === undefined ? await openSources(expectation) : undefined;
  const pages: SeenPage[] = [];
  for (let i = 0; i < Math.min(made.value.pageCount, limits.transit.pagesMax); i++) {
    const { keptFrom, madeFrom } = expectation.pages[i] ?? {};
    const place = (page: number | undefined): Place | undefined => placeIn(sources ?? [], page);
    const page = made.value.onPage(i, (one) =>
      lookAtPage(one, { kept: place(keptFrom), isCompared: madeFrom !== undefined }),
    );
    if (page === undefined) return `PDFium cannot load page ${i + 1}`;
    const from = place(madeFrom);
    const thumbSource =
      glance === undefined ? from?.document.onPage(from.page, smallThumb) : thumbAt(glance.thumbs, madeFrom ?? -1);
    pages.push({ ...page, thumbSource: madeFrom === undefined ? undefined : thumbSource });
  }
  const opened = sources?.reduce((sum, { pageCount }) => sum + pageCount, 0);
  const sourcePages = glance?.pages ?? opened ?? photosOf(expectation.source);
  for (const source of sources ?? []) source.close();
  made.value.close();
  return { pages, sourcePages };
}

/** Undefined: none was given, or one of them does not open. */
async function openSources({ source, parts }: Expectation): Promise<readonly PdfiumDocument[] | undefined> {
  const opened: PdfiumDocument[] = [];
  for (const one of parts ?? [source]) {
    const document = await openSource(one);
    if (document?.ok === true) opened.push(document.value);
    else {
      for (const open of opened) open.close();
      return undefined;
    }
  }
  return opened;
}

/** Pages are counted through all of them. */
function placeIn(documents: readonly PdfiumDocument[], page: number | undefined): Place | undefined {
  let left = page ?? -1;
  if (left < 0) return undefined;
  for (const document of documents) {
    if (left < document.pageCount) return { document, page: left };
    left -= document.pageCount;
  }
  return undefined;
}

/** A TIFF in the clothes of a PDF: what opens it for its maker has no hand in this. */
async function openSource(
  source: Uint8Array | undefined,
): Promise<Awaited<ReturnType<typeof openWithPdfium>> | undefined> {
  if (source !== undefined && heifSort(source) !== undefined) return undefined;
  const shown = source !== undefined && isTiff(source) ? tiffAsPdf(source) : source;
  return shown === undefined ? undefined : openWithPdfium(shown);
}

/** Of a HEIC: counted by its boxes, without the library that decodes them. */
function photosOf(source: Uint8Array | undefined): number | undefined {
  return source === undefined || heifSort(source) === undefined ? undefined : heifPages(source);
}

interface Place {
  readonly document: PdfiumDocument;
  readonly page: number;
}

/** `kept`: the page it is to equal. */
function lookAtPage(
  page: PdfiumPage,
  { kept, isCompared }: { readonly kept: Place | undefined; readonly isCompared: boolean },
): Omit<SeenPage, 'thumbSource'> {
  const { width, height } = sizeOf(page, PIXELS_MAX);
  const picture = page.render(width, height);
  const compared = kept?.document.onPage(kept.page, (source) => ({
    plainSource: source.readText(),
    inkLost: compareInk(source.render(width, height), picture),
  }));
  return {
    widthPt: page.widthPt,
    heightPt: page.heightPt,
    rotation: page.rotation,
    plainText: page.readText(),
    plainSource: compared?.plainSource,
    inkLost: compared?.inkLost,
    lines: lookAtLines(picture),
    letterAngles: page.letterAngles(LETTERS_LOOKED_AT),
    turn: lookAtTurn(picture),
    thumb: isCompared ? thumbOf(picture) : undefined,
  };
}

function smallThumb(page: PdfiumPage): Thumb | undefined {
  const { width, height } = sizeOf(page, SMALL_PIXELS);
  return thumbOf(page.render(width, height));
}

function sizeOf(
  { widthPt, heightPt }: PdfiumPage,
  pixelsMax: number,
): { readonly width: number; readonly height: number } {
  const square = (widthPt * heightPt) / POINTS_AN_INCH ** 2;
  const dpi = Math.min(DPI, Math.sqrt(pixelsMax / Math.max(square, 1e-6)));
  const pixels = (points: number): number => Math.max(1, Math.round((points * dpi) / POINTS_AN_INCH));
  return { width: pixels(widthPt), height: pixels(heightPt) };
}
