// Our own PDF: pages of ink, colours, pictures and unseen words; nothing about who made it or when, so the same pages give the same bytes.

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

export function writePdf(pages: readonly PdfPage[], way: WritingWay): Uint8Array {
  const file = openPdfFile();
  const tree = file.reserve();
  const texts = pages.flatMap(({ text }) => text.lines.flatMap((line) => line.map((word) => word.text)));
  const font = texts.length === 0 ? undefined : putGlyphlessFont(file, [' ', ...texts]);
  const kids = pages.map((page) => putPage(file, page, { coding: way.coding, font, tree }));
  return closeFile(file, { tree, kids, language: way.language ?? 'de' });
}

/** Page tree, catalogue and the end of the file; also for pages of text. */
export function closeFile(
  file: PdfFile,
  parts: { readonly tree: ObjectNumber; readonly kids: readonly ObjectNumber[]; readonly language: string },
): Uint8Array {
  file.put(`<</Type/Pages/Count ${parts.kids.length}/Kids[${parts.kids.map(ref).join(' ')}]>>`, parts.tree);
  return file.close(file.put(`<</Type/Catalog/Pages ${ref(parts.tree)}/Lang(${parts.language})>>`));
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
