// What is drawn on a page, thing by thing, as far as one must know to tell a scan from a page that a program drew.

import { limits } from '#base/limits.ts';
import type { PdfiumCalls } from './pdfium-calls.ts';

export interface DrawnBox {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Boxes in points of the page before it is turned. `isBlank`: nobody sees it (white, invisible, no letters). */
export interface Drawn {
  readonly kind: 'text' | 'path' | 'picture' | 'shading';
  readonly box: DrawnBox;
  readonly isBlank: boolean;
  readonly isOpaque: boolean;
  /** Of a picture: its own pixels, and how many stand on an inch. */
  readonly pixels: { readonly width: number; readonly height: number; readonly dpi: number } | undefined;
}

type Matrix = readonly [number, number, number, number, number, number];

const KINDS: ReadonlyMap<number, Drawn['kind']> = new Map([
  [1, 'text'],
  [2, 'path'],
  [3, 'picture'],
  [4, 'shading'],
]);
const FORM = 5;
const UNTOUCHED: Matrix = [1, 0, 0, 1, 0, 0];
const INVISIBLE = new Set([3, 7]); // ISO 32000-2 §9.3.6: neither filled nor stroked
const WHITE_FROM = 250;
const POINTS_AN_INCH = 72;

/** In the order in which they are painted; at most `limits.transit.pdfDrawnMax`, forms opened. */
export function drawnThings(pdfium: PdfiumCalls, page: number): readonly Drawn[] {
  const place = pdfium.call('_malloc', 64);
  const text = pdfium.call('_FPDFText_LoadPage', page);
  const found: Drawn[] = [];
  const visit = (object: number, matrix: Matrix, depth: number): void => {
    if (object === 0 || found.length >= limits.transit.pdfDrawnMax) return;
    const type = pdfium.call('_FPDFPageObj_GetType', object);
    if (type === FORM) {
      if (depth >= limits.transit.pdfDepthMax) return;
      const inner = multiply(matrixOf(pdfium, object, place), matrix);
      const count = pdfium.call('_FPDFFormObj_CountObjects', object);
      for (let i = 0; i < count && found.length < limits.transit.pdfDrawnMax; i++)
        visit(pdfium.call('_FPDFFormObj_GetObject', object, i), inner, depth + 1);
      return;
    }
    const kind = KINDS.get(type);
    if (kind !== undefined) found.push(describe(pdfium, { kind, object, matrix, place, text }));
  };
  const count = pdfium.call('_FPDFPage_CountObjects', page);
  for (let i = 0; i < count && found.length < limits.transit.pdfDrawnMax; i++)
    visit(pdfium.call('_FPDFPage_GetObject', page, i), UNTOUCHED, 0);
  if (text !== 0) pdfium.call('_FPDFText_ClosePage', text);
  pdfium.call('_free', place);
  return found;
}

interface Thing {
  readonly kind: Drawn['kind'];
  readonly object: number;
  readonly matrix: Matrix;
  /** Room for eight numbers in PDFium’s memory. */
  readonly place: number;
  readonly text: number;
}

function describe(pdfium: PdfiumCalls, thing: Thing): Drawn {
  const { kind, object, place } = thing;
  const isOpaque = pdfium.call('_FPDFPageObj_HasTransparency', object) === 0;
  if (kind === 'picture') return { ...describePicture(pdfium, thing), isOpaque };
  const [a, b, c, d] = [place, place + 4, place + 8, place + 12];
  pdfium.call('_FPDFPageObj_GetBounds', object, a, b, c, d);
  const memory = pdfium.memory();
  const [left, bottom, right, top] = [a, b, c, d].map((at) => memory.getFloat32(at, true));
  const box = turnedBox(thing.matrix, { left: left ?? 0, bottom: bottom ?? 0, right: right ?? 0, top: top ?? 0 });
  const isBlank = kind === 'text' ? isBlankText(pdfium, thing) : kind === 'path' && isBlankPath(pdfium, thing);
  return { kind, box, isBlank, isOpaque, pixels: undefined };
}

function describePicture(pdfium: PdfiumCalls, { object, matrix, place }: Thing): Omit<Drawn, 'isOpaque'> {
  const whole = multiply(matrixOf(pdfium, object, place), matrix);
  pdfium.call('_FPDFImageObj_GetImagePixelSize', object, place, place + 4);
  const memory = pdfium.memory();
  const [width, height] = [memory.getUint32(place, true), memory.getUint32(place + 4, true)];
  const across = width / Math.hypot(whole[0], whole[1]);
  const down = height / Math.hypot(whole[2], whole[3]);
  const finest = Math.max(across, down) * POINTS_AN_INCH;
  const dpi = Number.isFinite(finest) ? finest : 0;
  const box = turnedBox(whole, { left: 0, bottom: 0, right: 1, top: 1 });
  return { kind: 'picture', box, isBlank: width * height === 0, pixels: { width, height, dpi } };
}

function isBlankText(pdfium: PdfiumCalls, { object, text, place }: Thing): boolean {
  if (INVISIBLE.has(pdfium.call('_FPDFTextObj_GetTextRenderMode', object))) return true;
  if (text === 0) return false;
  // a text of a few letters is enough to see whether there is one that is no blank
  const bytes = pdfium.call('_FPDFTextObj_GetText', object, text, 0, 0);
  if (bytes > 64) return false;
  pdfium.call('_FPDFTextObj_GetText', object, text, place, 64);
  const letters = new Uint8Array(pdfium.memory().buffer, place, Math.max(0, bytes - 2)).slice();
  return new TextDecoder('utf-16le').decode(letters).trim() === '';
}

function isBlankPath(pdfium: PdfiumCalls, { object, place }: Thing): boolean {
  pdfium.call('_FPDFPath_GetDrawMode', object, place, place + 4);
  const [fill, stroke] = [pdfium.memory().getInt32(place, true), pdfium.memory().getInt32(place + 4, true)];
  if (stroke !== 0) return false;
  if (fill === 0) return true;
  pdfium.call('_FPDFPageObj_GetFillColor', object, place, place + 4, place + 8, place + 12);
  const memory = pdfium.memory();
  const [red = 0, green = 0, blue = 0, alpha = 0] = [0, 4, 8, 12].map((at) => memory.getUint32(place + at, true));
  return alpha === 0 || Math.min(red, green, blue) >= WHITE_FROM;
}

function matrixOf(pdfium: PdfiumCalls, object: number, place: number): Matrix {
  if (pdfium.call('_FPDFPageObj_GetMatrix', object, place) === 0) return UNTOUCHED;
  const memory = pdfium.memory();
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = [0, 4, 8, 12, 16, 20].map((at) =>
    memory.getFloat32(place + at, true),
  );
  return [a, b, c, d, e, f];
}

/** First `inner`, then `outer` (ISO 32000-2 §8.3.4). */
function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

function turnedBox([a, b, c, d, e, f]: Matrix, box: DrawnBox): DrawnBox {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [box.left, box.right]) {
    for (const y of [box.bottom, box.top]) {
      xs.push(a * x + c * y + e);
      ys.push(b * x + d * y + f);
    }
  }
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}
