// A PDF of one page that is one stencil, a point a pixel, and how PDFium paints it: an oracle for coders of ink.

import { PDFiumLibrary } from '@hyzyla/pdfium';

export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** `filter`: entries of the image’s dictionary that name its coding. */
export function stencilPdf({ width, height }: Ink, filter: string, data: Uint8Array): Uint8Array {
  const content = `${width} 0 0 ${height} 0 0 cm /M Do`;
  const image = `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ImageMask true/BitsPerComponent 1`;
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let size = 0;
  const put = (part: string | Uint8Array): void => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    parts.push(bytes);
    size += bytes.length;
  };
  const object = (body: string, stream?: string | Uint8Array): void => {
    offsets.push(size);
    put(`${offsets.length} 0 obj\n${body}\n`);
    if (stream !== undefined) {
      put('stream\n');
      put(stream);
      put('\nendstream\n');
    }
    put('endobj\n');
  };
  put('%PDF-1.5\n');
  object('<</Type/Catalog/Pages 2 0 R>>');
  object('<</Type/Pages/Kids[3 0 R]/Count 1>>');
  object(
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents 4 0 R/Resources<</XObject<</M 5 0 R>>>>>>`,
  );
  object(`<</Length ${content.length}>>`, content);
  object(`<<${image}${filter}/Length ${data.length}>>`, data);
  const start = size;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  put(`xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** What PDFium paints black, as a bitmap of the page’s size. */
export async function paintedInk(library: PDFiumLibrary, pdf: Uint8Array): Promise<Ink> {
  const document = await library.loadDocument(pdf);
  try {
    const { width, height, data } = await document.getPage(0).render({ scale: 1, colorSpace: 'Gray' });
    return inkOf(width, height, (at) => (data[at] ?? 255) < 128);
  } finally {
    document.destroy();
  }
}

export function inkOf(width: number, height: number, isInk: (at: number) => boolean): Ink {
  const rowBytes = Math.ceil(width / 8);
  const bytes = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isInk(y * width + x)) continue;
      const at = y * rowBytes + (x >> 3);
      bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7));
    }
  return { width, height, bytes };
}

/** A page as text makes it: blobs of ink in lines, the same for the same seed. */
export function letterLikeInk(width: number, height: number, seed = 1): Ink {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const ink = new Uint8Array(width * height);
  for (let line = 60; line + 40 < height; line += 58)
    for (let x = 90; x + 30 < width - 90; x += 10 + next(14))
      for (let y = line, end = line + 12 + next(26), span = 3 + next(8); y < end; y++)
        ink.fill(1, y * width + x + ((y - line) >> 3), y * width + x + span);
  return inkOf(width, height, (at) => ink[at] === 1);
}
