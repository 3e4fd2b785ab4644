// Tells a scan from a page that a program drew, by what is painted on it and in which order.

import type { PageKind } from './opened-pdf.ts';
import type { Drawn, DrawnBox } from './pdfium-drawn.ts';
import type { PdfiumPage } from './pdfium.ts';

export interface PageLook {
  readonly kind: PageKind;
  readonly dpi: number;
  readonly hasVisibleText: boolean;
}

const POINTS_AN_INCH = 72;
const DPI_MIN = 72;
const DPI_MAX = 400;
const DPI_USUAL = 300;
/** A picture that leaves less than this of the page free hides all that was painted before it. */
const HIDES_FROM = 0.95;
/** Pictures that cover less are figures in a page, not the page. */
const COVERS_FROM = 0.5;
/** Pictures that cover less say nothing about how finely the page was scanned. */
const SPOT_TO = 0.05;
/** Where the picture is this much finer than it may be drawn … */
const TOO_FINE = 2 * DPI_MAX;
/** … and the page so small that it would be drawn with fewer pixels along its longer side, its letters would not be seen. */
const DRAWN_PIXELS_MIN = 1_500;
const POPUP = 16; // PDFium's number

/** Boxes are of the page before it is turned, so the page's sides change places with it. */
export function lookAtPage(page: PdfiumPage): PageLook {
  const isTurned = page.rotation === 90 || page.rotation === 270;
  const [width, height] = isTurned ? [page.heightPt, page.widthPt] : [page.widthPt, page.heightPt];
  const seen = seenThings(page.drawn(), width * height);
  const pictures = seen.filter(({ kind }) => kind === 'picture');
  const hasVisibleText = seen.some(({ kind }) => kind === 'text');
  const hasLines = seen.some(({ kind }) => kind === 'path' || kind === 'shading');
  const hasNotes = page.annotations.some((subtype) => subtype !== POPUP);
  const covered = pictures.reduce((sum, { box }) => sum + area(box), 0) / Math.max(width * height, 1);
  const finest = finestDpi(pictures, width * height);
  const drawnPixels = (Math.max(width, height) / POINTS_AN_INCH) * DPI_MAX;
  const wouldBlur = finest > TOO_FINE && drawnPixels < DRAWN_PIXELS_MIN;
  const isScan = covered >= COVERS_FROM && !hasVisibleText && !hasLines && !hasNotes && !wouldBlur;
  const dpi = finest === 0 ? DPI_USUAL : Math.min(DPI_MAX, Math.max(DPI_MIN, finest));
  if (seen.length === 0 && !hasNotes) return { kind: 'empty', dpi, hasVisibleText };
  if (isScan) return { kind: 'scan', dpi, hasVisibleText };
  return { kind: pictures.length === 0 ? 'born' : 'mixed', dpi, hasVisibleText };
}

function seenThings(drawn: readonly Drawn[], pageArea: number): readonly Drawn[] {
  let seen: Drawn[] = [];
  for (const thing of drawn) {
    if (thing.isBlank) continue;
    if (thing.kind === 'picture' && thing.isOpaque && area(thing.box) >= HIDES_FROM * pageArea) seen = [];
    seen.push(thing);
  }
  return seen;
}

/** Of the finest picture that is more than a spot: the layers of one scan differ, and its letters are in the finest. 0: there is none. */
function finestDpi(pictures: readonly Drawn[], pageArea: number): number {
  const sizeable = pictures.filter(({ box }) => area(box) >= SPOT_TO * pageArea);
  return Math.max(0, ...sizeable.map(({ pixels }) => pixels?.dpi ?? 0));
}

function area({ left, right, bottom, top }: DrawnBox): number {
  return Math.max(0, right - left) * Math.max(0, top - bottom);
}
