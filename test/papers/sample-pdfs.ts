// PDFs for tests of the transit room: letters that a program drew, scans, and files by hand as no good program writes them.

import { PDFDocument, PDFName, PDFString, degrees, rgb, type PDFFont, type PDFPage } from '@cantoo/pdf-lib';
import sharp, { type Sharp } from 'sharp';
import type { MadePage, Word } from '#post/transit/contract.ts';

export const A4 = { widthPt: 595.28, heightPt: 841.89 };

/** Objects by hand, numbered from 1 (the first is the catalog), with a right table around them. */
export function pdfByHand(objects: readonly string[], trailer = '/Root 1 0 R', header = '%PDF-1.7'): Uint8Array {
  let text = `${header}\n`;
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return bytesOf(`${text}trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`);
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function textOfBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

export function streamByHand(entries: string, data: string): string {
  return `<< ${entries} /Length ${data.length} >>\nstream\n${data}\nendstream`;
}

/** One page by hand; further objects are numbered from 5 on. */
export function onePage(content: string, page = '', further: readonly string[] = [], catalog = ''): Uint8Array {
  return pdfByHand([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ${page} >>`,
    streamByHand('', content),
    ...further,
  ]);
}

/** A letter as a word processor makes it, one page a text. */
export async function bornPdf(
  texts: readonly string[],
  change: (document: PDFDocument, pages: readonly PDFPage[], font: PDFFont) => void | Promise<void> = () => undefined,
): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont('Helvetica');
  const pages = texts.map((text) => {
    const page = document.addPage([A4.widthPt, A4.heightPt]);
    page.drawText(text, { x: 70, y: 700, size: 12, font, lineHeight: 16 });
    page.drawLine({ start: { x: 70, y: 690 }, end: { x: 300, y: 690 }, color: rgb(0, 0, 0.6) });
    return page;
  });
  await change(document, pages, font);
  return document.save({ useObjectStreams: texts.length % 2 === 0 });
}

/** Lines of black bars as words stand on a page, turned by a few degrees. */
export async function inkPicture(size: { width: number; height: number }, turned = 0): Promise<Sharp> {
  const rows = Array.from({ length: Math.floor(size.height / 40) }, (_, row) => row * 40 + 12);
  const bars = rows.flatMap((y) =>
    Array.from({ length: Math.floor((size.width - 120) / 70) }, (_, word) => {
      const width = 30 + ((word * 17 + y) % 28);
      return `<rect x="${60 + word * 70}" y="${y}" width="${width}" height="14"/>`;
    }),
  );
  const middle = `${size.width / 2} ${size.height / 2}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
    <rect width="100%" height="100%" fill="white"/><g transform="rotate(${turned} ${middle})">${bars.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

export interface ScanWay {
  readonly pages?: number;
  readonly dpi?: number;
  /** An old invisible text over the picture. */
  readonly hiddenText?: string;
  readonly isTurned?: boolean;
  readonly withExif?: boolean;
}

/** A4 pages that are one JPEG each. */
export async function scanPdf(way: ScanWay = {}): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont('Helvetica');
  const dpi = way.dpi ?? 100;
  const size = { width: Math.round((A4.widthPt / 72) * dpi), height: Math.round((A4.heightPt / 72) * dpi) };
  for (let i = 0; i < (way.pages ?? 1); i++) {
    const made = (await inkPicture(size)).jpeg({ quality: 80 });
    const jpeg = await (way.withExif === true ? made.withExif({ IFD0: { Artist: 'Wer das las' } }) : made).toBuffer();
    const picture = await document.embedJpg(jpeg);
    const page = document.addPage([A4.widthPt, A4.heightPt]);
    page.drawImage(picture, { x: 0, y: 0, width: A4.widthPt, height: A4.heightPt });
    if (way.hiddenText !== undefined) page.drawText(way.hiddenText, { x: 70, y: 700, size: 12, font, renderMode: 3 });
    if (way.isTurned === true) page.setRotation(degrees(90));
  }
  return document.save();
}

/** Everything that a file may do by itself, in one file. */
export async function busyPdf(): Promise<Uint8Array> {
  return bornPdf(['Eine Seite, die mehr tut als gelesen zu werden.'], async (document, [page]) => {
    const { context } = document;
    document.addJavaScript('start', 'app.alert("da");');
    document.setAuthor('Wer das schrieb');
    document.setTitle('Titel');
    await document.attach(new TextEncoder().encode('angehängt'), 'notiz.txt', { mimeType: 'text/plain' });
    const script = { S: 'JavaScript', JS: PDFString.of('app.alert(1)') };
    document.catalog.set(PDFName.of('OpenAction'), context.obj({ Type: 'Action', ...script }));
    document.catalog.set(PDFName.of('AA'), context.obj({ WC: script }));
    document.catalog.set(PDFName.of('PieceInfo'), context.obj({ Maker: { Private: PDFString.of('Wer das schrieb') } }));
    const link = (action: Record<string, unknown>, y: number) =>
      context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [70, y, 200, y + 20], A: action as Record<string, string> });
    const links = [
      link({ S: 'URI', URI: PDFString.of('https://example.org/') }, 100),
      link({ S: 'URI', URI: PDFString.of('javascript:alert(1)') }, 130),
      link({ S: 'Launch', F: PDFString.of('calc.exe') }, 160),
      link({ S: 'GoToR', F: PDFString.of('andere.pdf'), D: [0, 'Fit'] }, 190),
      link({ S: 'SubmitForm', F: PDFString.of('https://example.org/take') }, 220),
    ];
    page?.node.set(PDFName.of('Annots'), context.obj(links.map((one) => context.register(one))));
    page?.node.set(PDFName.of('AA'), context.obj({ O: script }));
    page?.node.set(PDFName.of('Thumb'), context.register(context.stream(new Uint8Array(10), { Width: 1, Height: 1 })));
  });
}

const LETTERS = [
  'Sehr',
  'geehrte',
  'Damen',
  'und',
  'Herren,',
  'wir',
  'zeigen',
  'an,',
  'dass',
  'uns',
  'Größe',
  'fehlt.',
];

/** A page as the page cleaner makes it: bars for words, and the words that a reader found in them. */
export function madePage(turned = 0, words: readonly string[] = LETTERS): MadePage {
  const [dpi, width, height] = [100, 827, 1169];
  const bytes = new Uint8Array(Math.ceil(width / 8) * height);
  const stride = Math.ceil(width / 8);
  const lines: Word[][] = [];
  const slope = Math.tan((turned / 180) * Math.PI);
  for (let row = 0; row < 20; row++) {
    const line: Word[] = [];
    for (let column = 0; column < 6; column++) {
      // ragged, as words are
      const [left, top] = [60 + column * 110 + ((row * 37) % 60), 80 + row * 48];
      const box = { left, top, width: 60 + ((column * 17 + row * 29) % 40), height: 16 };
      for (let y = 0; y < box.height; y++) {
        for (let x = box.left; x < box.left + box.width; x++) {
          const at = y + top + Math.round((x - width / 2) * slope);
          const byte = at * stride + (x >> 3);
          // gaps, so that a bar has about the darkness of letters
          if ((x * 7 + row * 5 + (x >> 3)) % 9 > 1) bytes[byte] = (bytes[byte] ?? 0) | (0x80 >> (x & 7));
        }
      }
      const text = words[(row * 6 + column) % Math.max(1, words.length)];
      if (text !== undefined) line.push({ text, box, baseline: top + 13, confidence: 95 });
    }
    lines.push(line);
  }
  const text = { lines: words.length === 0 ? [] : lines, confidence: 95 };
  return {
    widthPt: A4.widthPt,
    heightPt: A4.heightPt,
    dpi,
    mask: { width, height, bytes },
    inks: [],
    grounds: [],
    text,
  };
}

export function wordsOf(page: MadePage): string {
  return page.text.lines.flatMap((line) => line.map(({ text }) => text)).join(' ');
}
