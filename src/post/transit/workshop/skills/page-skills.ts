// What the page role knows: one page drawn or decoded, cleaned, read; its reader and its file stay for the next page of the job.

import sharp, { type Sharp } from 'sharp';
import { systemClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Bitmap, KeepReason, PageText, Raster } from '../../contract.ts';
import { cleanPage, type PageWays } from '../../page/clean-page.ts';
import { decodePicture } from '../../page/decode-picture.ts';
import { openPdf } from '../../pdf/open-pdf.ts';
import type { OpenedPdf } from '../../pdf/opened-pdf.ts';
import type { Model } from '../../text/open-core.ts';
import { findCut, partPage, type Parts } from '../../text/find-cut.ts';
import { readInItsLanguage, type FrenchShare } from '../../text/french.ts';
import { openReader, type Reader } from '../../text/open-reader.ts';
import { joinTexts } from '../join-texts.ts';
import type { DocumentKind } from '../messages.ts';
import type { Skills } from '../serve-work.ts';

type Refusal = { readonly kind: KeepReason };

const PREVIEW_DPI = 110;
const PREVIEW_QUALITY = 70;
const DPI_UNKNOWN = 300;
const UNREAD: PageText = { lines: [], confidence: 100 };

interface Source {
  readonly bytes: Uint8Array;
  readonly pdf: OpenedPdf | undefined;
}

/** The reader is loaded at once: by the time a page is drawn and cleaned it is there. */
export function pageSkills(models: readonly Model[]): Skills {
  let source: Source | undefined;
  const reader = openReader(models);
  let upper: Raster | undefined;
  return {
    page: async ({ kind, bytes, index, dpi, isFaithful = false, mayPart }) => {
      const startMs = systemClock.monotonicMs();
      if (bytes !== undefined) {
        source?.pdf?.close();
        const opened = await openSource(kind, bytes);
        if (!opened.ok) return opened;
        source = opened.value;
      }
      if (source === undefined) return err({ kind: 'workerFailed' });
      const raster = await drawPage(source, index, dpi ?? DPI_UNKNOWN);
      if (!raster.ok) return raster;
      const findTurn: PageWays['findTurn'] = async (grey) => (await reader).findTurn(grey);
      const clean = await cleanPage(raster.value, { findTurn, isFaithful });
      if (!clean.ok) return clean;
      const { widthPt, heightPt, dpi: maskDpi, mask, inks, grounds, grey, steps } = clean.value;
      // a page that can be parted is read in parts whoever reads them: the same letter gives the same words
      const cut = findCut(clean.value);
      const parts = cut === undefined ? { upper: grey, lower: undefined } : partPage(grey, cut);
      upper = parts.upper;
      const isHandedOut = mayPart && parts.lower !== undefined;
      const own = await reader;
      const text = isHandedOut ? ok(UNREAD) : await readInItsLanguage((french) => readParts(own, parts, french));
      if (!text.ok) return text;
      return ok({
        page: { widthPt, heightPt, dpi: maskDpi, mask, inks, grounds, text: text.value },
        steps,
        inkShare: inkShare(mask),
        tookMs: systemClock.monotonicMs() - startMs,
        lower: isHandedOut ? parts.lower : undefined,
      });
    },
    read: async ({ grey = upper, french }) => {
      if (grey === undefined) return err({ kind: 'workerFailed' });
      return ok(await (await reader).read(grey, french));
    },
    preview: async ({ kind, bytes }) => {
      const opened = await openSource(kind, bytes);
      if (!opened.ok) return opened;
      const raster = await drawPage(opened.value, 0, PREVIEW_DPI);
      opened.value.pdf?.close();
      if (!raster.ok) return raster;
      const small = pictureOf(raster.value).resize({ width: limits.transit.previewPixels, withoutEnlargement: true });
      return ok({ bytes: await small.jpeg({ quality: PREVIEW_QUALITY }).toBuffer() });
    },
  };
}

async function openSource(kind: DocumentKind, bytes: Uint8Array): Promise<Result<Source, Refusal>> {
  if (kind !== 'pdf') return ok({ bytes, pdf: undefined });
  const opened = await openPdf(bytes);
  return opened.ok ? ok({ bytes, pdf: opened.value }) : opened;
}

async function drawPage(source: Source, index: number, dpi: number): Promise<Result<Raster, Refusal>> {
  return source.pdf === undefined ? decodePicture(source.bytes, index) : source.pdf.render(index, dpi);
}

interface PartsToRead extends Pick<Parts, 'upper'> {
  /** Undefined: the page is in one piece. */
  readonly lower: Parts['lower'] | undefined;
}

async function readParts(
  reader: Reader,
  { upper, lower }: PartsToRead,
  french: FrenchShare,
): Promise<Result<PageText, Refusal>> {
  const above = await reader.read(upper, french);
  return ok(lower === undefined ? above : joinTexts(above, await reader.read(lower.grey, french), lower.top));
}

function pictureOf({ pixels, width, height, channels }: Raster): Sharp {
  return sharp(pixels, { raw: { width, height, channels } });
}

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function inkShare({ width, height, bytes }: Bitmap): number {
  let ink = 0;
  for (const byte of bytes) ink += BITS[byte] ?? 0;
  return width * height === 0 ? 0 : ink / (width * height);
}
