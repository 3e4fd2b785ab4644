// The frames of a TIFF as pages of a PDF, their strips left as they are coded: PDFium, which makes nothing here, then shows them (ISO 32000-2 §7.4, §8.9.5).

import { isTiff, tiffFrames, type TiffFrame, type TiffPiece } from './tiff-frames.ts';

export { isTiff };

const SIDE_PT = 800;
const DEFLATE = new Set([8, 32_946]);
const FAX = new Set([2, 3, 4]);
const LZW = 5;
const JPEG = 7;
const PACKED = 32_773;
const BYTE_REVERSED = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').toReversed().join(''), 2),
);

/** As many pages as frames; one that is coded as nobody sends it stays empty. Undefined: nobody can say how many there are. */
export function tiffAsPdf(bytes: Uint8Array): Uint8Array | undefined {
  const frames = tiffFrames(bytes);
  if (frames === undefined || frames.length === 0) return undefined;
  const pdf = new PdfParts();
  const pages = frames.map((frame) => addPage(pdf, frame));
  pdf.put(PAGES, `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((page) => `${page} 0 R`).join(' ')}] >>`);
  pdf.put(CATALOG, `<< /Type /Catalog /Pages ${PAGES} 0 R >>`);
  return pdf.bytes();
}

const CATALOG = 1;
const PAGES = 2;

/** Objects as they come, and where each begins. */
class PdfParts {
  readonly #chunks: Uint8Array[] = [];
  readonly #places = new Map<number, number>();
  #length = 0;
  #last = PAGES;

  constructor() {
    this.#add('%PDF-1.7\n');
  }

  next(): number {
    return ++this.#last;
  }

  put(number: number, entries: string, stream?: Uint8Array): number {
    this.#places.set(number, this.#length);
    this.#add(`${number} 0 obj\n${entries}\n`);
    if (stream !== undefined) {
      this.#add('stream\n');
      this.#add(stream);
      this.#add('\nendstream\n');
    }
    this.#add('endobj\n');
    return number;
  }

  bytes(): Uint8Array {
    const start = this.#length;
    const size = this.#last + 1;
    const lines = Array.from({ length: size - 1 }, (_, at) => String(this.#places.get(at + 1) ?? 0).padStart(10, '0'));
    this.#add(`xref\n0 ${size}\n0000000000 65535 f \n${lines.map((line) => `${line} 00000 n \n`).join('')}`);
    this.#add(`trailer\n<< /Size ${size} /Root ${CATALOG} 0 R >>\nstartxref\n${start}\n%%EOF\n`);
    return Buffer.concat(this.#chunks);
  }

  #add(part: string | Uint8Array): void {
    const chunk = typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}

function addPage(pdf: PdfParts, frame: TiffFrame): number {
  const { width, height } = frame;
  const scale = SIDE_PT / Math.max(width, height);
  const colours = colourSpace(pdf, frame);
  const pieces = colours === undefined || !isShown(frame) ? [] : frame.pieces;
  const images = pieces.map((piece) => {
    const coded = codedBytes(frame, piece);
    return pdf.put(pdf.next(), imageHead(frame, piece, { colours: colours ?? '', length: coded.length }), coded);
  });
  const names = images.map((image) => `/I${image} ${image} 0 R`).join(' ');
  const draws = pieces.map(({ left, top, width: wide, height: high }, at) => {
    const place = [wide, 0, 0, high, left, height - top - high].map((pixels) => (pixels * scale).toFixed(4)).join(' ');
    return `q ${place} cm /I${images[at] ?? 0} Do Q\n`;
  });
  const content = Buffer.from(draws.join(''), 'latin1');
  const drawing = pdf.put(pdf.next(), `<< /Length ${content.length} >>`, content);
  const box = `[0 0 ${(width * scale).toFixed(4)} ${(height * scale).toFixed(4)}]`;
  return pdf.put(
    pdf.next(),
    `<< /Type /Page /Parent ${PAGES} 0 R /MediaBox ${box} /Contents ${drawing} 0 R /Resources << /XObject << ${names} >> >> >>`,
  );
}

function isShown({ isUsual, compression, predictor }: TiffFrame): boolean {
  const isKnown = [1, LZW, JPEG, PACKED].includes(compression) || DEFLATE.has(compression) || FAX.has(compression);
  return isUsual && isKnown && predictor <= 2;
}

/** Undefined: a colour nobody sends pages in. */
function colourSpace(
  pdf: PdfParts,
  { photometric, samples, bits, palette, compression }: TiffFrame,
): string | undefined {
  if (photometric === 3) return samples === 1 ? indexed(palette, bits) : undefined;
  const base = BASES.get(photometric);
  if (base === undefined || samples < base.samples || (photometric === 6 && compression !== JPEG)) return undefined;
  if (samples === base.samples) return base.name;
  if (compression === JPEG) return undefined;
  // what is more than its colours says where it is transparent: it is dropped
  const drops = Buffer.from(`{ ${'pop '.repeat(samples - base.samples)}}`);
  const range = (of: number): string => `[${'0 1 '.repeat(of)}]`;
  const head = `<< /FunctionType 4 /Domain ${range(samples)} /Range ${range(base.samples)} /Length ${drops.length} >>`;
  const names = Array.from({ length: samples }, (_, at) => `/S${at}`).join(' ');
  return `[/DeviceN [${names}] ${base.name} ${pdf.put(pdf.next(), head, drops)} 0 R]`;
}

const BASES: ReadonlyMap<number, { readonly name: string; readonly samples: number }> = new Map([
  [0, { name: '/DeviceGray', samples: 1 }],
  [1, { name: '/DeviceGray', samples: 1 }],
  [2, { name: '/DeviceRGB', samples: 3 }],
  [5, { name: '/DeviceCMYK', samples: 4 }],
  [6, { name: '/DeviceRGB', samples: 3 }],
]);

function indexed(palette: readonly number[], bits: number): string | undefined {
  const colours = 2 ** bits;
  if (bits > 8 || palette.length < 3 * colours) return undefined;
  const hex = (value: number): string => (value >> 8).toString(16).padStart(2, '0');
  const table = Array.from({ length: colours }, (_, at) =>
    [0, 1, 2].map((part) => hex(palette[part * colours + at] ?? 0)).join(''),
  );
  return `[/Indexed /DeviceRGB ${colours - 1} <${table.join('')}>]`;
}

function imageHead(
  frame: TiffFrame,
  piece: TiffPiece,
  { colours, length }: { readonly colours: string; readonly length: number },
): string {
  const { bits, photometric, compression } = frame;
  // in a fax it is the runs that are black, in all others the value says it
  const isInverted = FAX.has(compression) ? photometric === 1 : photometric === 0;
  return [
    `<< /Type /XObject /Subtype /Image /Width ${piece.width} /Height ${piece.height}`,
    `/ColorSpace ${colours} /BitsPerComponent ${bits}`,
    isInverted ? '/Decode [1 0]' : '',
    filterOf(frame, piece),
    `/Length ${length} >>`,
  ].join(' ');
}

function filterOf(
  { compression, predictor, samples, bits, photometric, t4Options }: TiffFrame,
  piece: TiffPiece,
): string {
  if (compression === 1) return '';
  if (compression === PACKED) return '/Filter /RunLengthDecode';
  if (compression === JPEG) return `/Filter /DCTDecode /DecodeParms << /ColorTransform ${photometric === 6 ? 1 : 0} >>`;
  if (FAX.has(compression)) {
    const k = compression === 4 ? -1 : compression === 3 && (t4Options & 1) === 1 ? 1 : 0;
    const isAligned = compression === 2 || (compression === 3 && (t4Options & 4) === 4);
    return `/Filter /CCITTFaxDecode /DecodeParms << /K ${k} /Columns ${piece.width} /Rows ${piece.height} /EncodedByteAlign ${isAligned} /EndOfBlock false >>`;
  }
  const parms =
    predictor === 2
      ? ` /DecodeParms << /Predictor 2 /Colors ${samples} /BitsPerComponent ${bits} /Columns ${piece.width} >>`
      : '';
  return `/Filter ${compression === LZW ? '/LZWDecode' : '/FlateDecode'}${parms}`;
}

function codedBytes({ compression, jpegTables, isLowBitFirst }: TiffFrame, { coded }: TiffPiece): Uint8Array {
  if (compression === JPEG) return jpegTables === undefined ? coded : withTables(coded, jpegTables);
  return isLowBitFirst ? coded.map((byte) => BYTE_REVERSED[byte] ?? 0) : coded;
}

/** Tables that all strips share stand before what each strip holds (TIFF Technical Note 2): SOI, tables, strip without its SOI. */
function withTables(strip: Uint8Array, tables: Uint8Array): Uint8Array {
  return Buffer.concat([tables.subarray(0, -2), strip.subarray(2)]);
}
