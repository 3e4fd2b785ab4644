// Our own PDF: pages of ink, colours, pictures and unseen words; nothing about who made it or when, so the same pages give the same bytes.

import { putClaim } from './archive-claim.ts';
import { putGlyphlessFont, type GlyphlessFont } from './glyphless-font.ts';
import { putLayers } from './page-layers.ts';
import type { MaskCoding, PdfPage } from './pages.ts';
import { latin1, openPdfFile, ref, short, type ObjectNumber, type PdfFile } from './pdf-file.ts';
import { layText, TEXT_FONT } from './text-layer.ts';

export interface WritingWay {
  readonly coding: MaskCoding;
  /** BCP 47; German unless said otherwise. */
  readonly language?: string;
}

/** A file that claims to be PDF/A-2u, and how it is without that claim. */
export interface ClaimedPdf {
  readonly bytes: Uint8Array;
  readonly unclaimed: OtherEnd;
}

/** The same file up to a byte, and another end behind it. */
export interface OtherEnd {
  readonly at: number;
  readonly tail: Uint8Array;
}

export function writePdf(pages: readonly PdfPage[], way: WritingWay): Uint8Array {
  const file = openPdfFile();
  return closeFile(file, putPages(file, pages, way));
}

/** As `writePdf`, with what ISO 19005-2 asks for: about 0.9 kB more. Whether the claim is true is for a checker to say. */
export function writeClaimedPdf(pages: readonly PdfPage[], way: WritingWay): ClaimedPdf {
  const file = openPdfFile();
  const parts = putPages(file, pages, way);
  const root = putEnd(file, parts, file.reserve());
  const plain = file.close(root);
  const bytes = file.close(putEnd(file, { ...parts, more: putClaim(file) }, root));
  let at = 0;
  while (at < plain.length && plain[at] === bytes[at]) at++;
  return { bytes, unclaimed: { at, tail: plain.slice(at) } };
}

interface Parts {
  readonly tree: ObjectNumber;
  readonly kids: readonly ObjectNumber[];
  readonly language: string;
  /** Further entries of the catalogue. */
  readonly more?: string;
}

function putPages(file: PdfFile, pages: readonly PdfPage[], way: WritingWay): Parts {
  const tree = file.reserve();
  const texts = pages.flatMap(({ text }) => text.lines.flatMap((line) => line.map((word) => word.text)));
  const font = texts.length === 0 ? undefined : putGlyphlessFont(file, [' ', ...texts]);
  const kids = pages.map((page) => putPage(file, page, { coding: way.coding, font, tree }));
  return { tree, kids, language: way.language ?? 'de' };
}

/** Page tree, catalogue and the end of the file; also for pages of text. */
export function closeFile(file: PdfFile, parts: Parts): Uint8Array {
  return file.close(putEnd(file, parts));
}

function putEnd(file: PdfFile, { tree, kids, language, more = '' }: Parts, root?: ObjectNumber): ObjectNumber {
  file.put(`<</Type/Pages/Count ${kids.length}/Kids[${kids.map(ref).join(' ')}]>>`, tree);
  return file.put(`<</Type/Catalog/Pages ${ref(tree)}/Lang(${language})${more}>>`, root);
}

function putPage(
  file: PdfFile,
  page: PdfPage,
  parts: { readonly coding: MaskCoding; readonly font: GlyphlessFont | undefined; readonly tree: ObjectNumber },
): ObjectNumber {
  const layers = putLayers(file, page, parts.coding);
  const words = parts.font ? layText(page, parts.font) : '';
  const content = file.putStream('', latin1(layers.operators + words), 'packed');
  const fonts = parts.font && words !== '' ? `/Font<</${TEXT_FONT} ${ref(parts.font.number)}>>` : '';
  const images = layers.images === '' ? '' : `/XObject<<${layers.images}>>`;
  return file.put(
    `<</Type/Page/Parent ${ref(parts.tree)}/MediaBox[0 0 ${short(page.widthPt)} ${short(page.heightPt)}]` +
      `/Resources<<${images}${fonts}>>/Contents ${ref(content)}>>`,
  );
}
