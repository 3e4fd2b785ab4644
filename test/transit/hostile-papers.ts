// Small files of every kind to be spoiled, and files made to do harm: bombs, loops, lies.

import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import type { MadePage, SentFile } from '#post/transit/contract.ts';
import { makeMsg } from '#post/transit/extract/test-msg.ts';
import { makeZip } from '#post/transit/extract/test-zip.ts';
import { sampleHeic } from '../papers/sample-heic.ts';
import { bornPdf, busyPdf, bytesOf, onePage, pdfByHand, scanPdf } from '../papers/sample-pdfs.ts';
import { docx } from '../papers/sample-office.ts';

/** A sheet with some lines on it. */
function sheet(width: number): Sharp {
  const height = Math.round(width * Math.SQRT2);
  const lines = ['Amtsgericht Musterstadt', 'Die Klage wird abgewiesen.', 'Kosten trägt die Klägerin.'];
  const text = lines
    .map((line, at) => `<text x="9%" y="${15 + 9 * at}%" font-size="${width / 21}">${line}</text>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Serif, serif"><rect width="100%" height="100%" fill="#f6f4ee"/>${text}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().withMetadata({ density: 200 });
}

/** A page that is served well, whatever stands beside it in its letter. */
export async function witness(): Promise<SentFile> {
  return { name: 'zeuge.png', bytes: await sheet(620).png().toBuffer() };
}

/** As the workshop makes them, but of one word: a page full of bars takes seconds to read. */
function smallPage(): MadePage {
  const [width, height] = [96, 136];
  const bytes = new Uint8Array((width / 8) * height);
  for (let y = 40; y < 48; y++) bytes.fill(0xee, (y * width) / 8 + 2, (y * width) / 8 + 7);
  const word = { text: 'Urteil', box: { left: 16, top: 40, width: 40, height: 8 }, baseline: 48, confidence: 95 };
  return {
    widthPt: 72,
    heightPt: 102,
    dpi: 96,
    mask: { width, height, bytes },
    inks: [],
    grounds: [],
    text: { lines: [[word]], confidence: 95 },
  };
}

/** Each as small as its kind allows, so that thousands can be served. */
export async function seedFiles(): Promise<readonly SentFile[]> {
  const tiny = sheet(120);
  const [png, jpeg, tiff] = await Promise.all([
    tiny.clone().png().toBuffer(),
    tiny
      .clone()
      .jpeg()
      .withExif({ IFD0: { Artist: 'Wer das las' } })
      .toBuffer(),
    tiny.clone().tiff({ compression: 'lzw' }).toBuffer(),
  ]);
  const born = await bornPdf(['eins', 'zwei']);
  const zip = makeZip([
    { name: 'Anlagen/a.png', bytes: png, method: 0 },
    { name: 'b.pdf', bytes: born, hasDescriptor: true },
  ]);
  const letter = Buffer.from(
    `From: a@b.example\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: image/jpeg; name="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${jpeg.toString('base64')}\r\n--b\r\nContent-Disposition: attachment; filename*=utf-8''x%20y.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(zip).toString('base64')}\r\n--b--\r\n`,
  );
  return [
    { name: 'bild.png', bytes: png },
    { name: 'bild.jpg', bytes: jpeg },
    { name: 'bild.tif', bytes: tiff },
    { name: 'bild.webp', bytes: await tiny.clone().webp().toBuffer() },
    { name: 'bild.heic', bytes: sampleHeic('two') },
    { name: 'brief.docx', bytes: docx([['Eins']], { outside: 'http://127.0.0.1:9', macro: 'x' }) },
    { name: 'scan.pdf', bytes: await scanPdf({ dpi: 30, hiddenText: 'x' }) },
    { name: 'brief.pdf', bytes: born },
    { name: 'rege.pdf', bytes: await busyPdf() },
    { name: 'gemacht.pdf', bytes: writePdf([smallPage()], { coding: 'jbig2' }) },
    { name: 'anlagen.zip', bytes: zip },
    { name: 'brief.eml', bytes: letter },
    {
      name: 'brief.msg',
      bytes: makeMsg({
        parts: [{ name: 'a.jpg', bytes: jpeg }, { letter: { parts: [{ name: 'b.zip', bytes: zip }] } }],
      }),
    },
  ];
}

/** A zip within a zip, `depth` times, around a picture. */
export async function nestedZip(depth: number): Promise<Uint8Array> {
  let bytes: Uint8Array = await sheet(120).png().toBuffer();
  for (let at = 0; at < depth; at++) bytes = makeZip([{ name: at === 0 ? 'bild.png' : `${at}.zip`, bytes, method: 0 }]);
  return bytes;
}

/** Twenty thousandfold: zeros, packed twice. */
export function thickZip(bytes = 20_000_000): Uint8Array {
  return makeZip([{ name: 'innen.zip', bytes: makeZip([{ name: 'null.bin', bytes: Buffer.alloc(bytes) }]) }]);
}

/** Members that never expand a hundredfold each, and together beyond all bounds: the same 160 kB packed, again and again. */
export function wideZip(copies: number): Uint8Array {
  const plain = Buffer.concat([randomBytes(150_000), Buffer.alloc(11_000_000)]);
  const inner = makeZip([{ name: 'viel.bin', bytes: plain }]);
  return makeZip(Array.from({ length: copies }, (_, at) => ({ name: `${at}.zip`, bytes: inner, method: 0 })));
}

/** Many entries that all point at one packed member. */
export function overlappingZip(copies: number): Uint8Array {
  const bytes = Buffer.concat([randomBytes(20_000), Buffer.alloc(900_000)]);
  return makeZip(
    Array.from({ length: copies }, (_, at) => ({ name: `${at}.bin`, bytes, ...(at > 0 ? { sharesWith: 0 } : {}) })),
  );
}

export function manyEntries(count: number): Uint8Array {
  return makeZip(Array.from({ length: count }, (_, at) => ({ name: `${at}.txt`, bytes: Buffer.from('x') })));
}

/** 72 megapixels in some kilobytes. */
export async function pixelBomb(format: 'png' | 'jpeg' | 'tiff'): Promise<Uint8Array> {
  const white = sharp({ create: { width: 9_000, height: 8_000, channels: 3, background: '#ffffff' } });
  if (format === 'tiff') return white.tiff({ compression: 'deflate' }).toBuffer();
  return format === 'png' ? white.png().toBuffer() : white.jpeg({ quality: 10 }).toBuffer();
}

/** PDFs whose parts lead back to themselves, lie about their sizes, or unpack without end; `isLong`: one of them takes minutes to draw. */
export function loopingPdfs(isLong: boolean): readonly SentFile[] {
  const packed = (times: number, bytes: number): Buffer => {
    let data: Buffer = deflateSync(Buffer.alloc(bytes));
    for (let at = 1; at < times; at++) data = deflateSync(data);
    return data;
  };
  const bomb = packed(2, 200_000_000).toString('latin1');
  const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
  const twice = `<< /Length ${bomb.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n${bomb}\nendstream`;
  const pages = '<< /Type /Catalog /Pages 2 0 R >>';
  const one = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
  const leaf = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>';
  return [
    { name: 'kinder.pdf', bytes: pdfByHand([pages, '<< /Type /Pages /Count 1 /Kids [2 0 R] /Parent 2 0 R >>']) },
    {
      name: 'zaehlt.pdf',
      bytes: pdfByHand([
        pages,
        '<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>',
        leaf,
        '<< /Length 0 >>\nstream\n\nendstream',
      ]),
    },
    { name: 'inhalt.pdf', bytes: pdfByHand([pages, one, leaf, '[4 0 R 4 0 R]']) },
    { name: 'verweis.pdf', bytes: pdfByHand([pages, one, leaf, '5 0 R', '4 0 R']) },
    {
      name: 'form.pdf',
      bytes: onePage('/F Do', '/Resources << /XObject << /F 5 0 R >> >>', [
        '<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 5 >>\nstream\n/F Do\nendstream',
      ]),
    },
    { name: 'tief.pdf', bytes: onePage('', `/X ${deep}`) },
    { name: 'bombe.pdf', bytes: pdfByHand([pages, one, leaf, twice]) },
    {
      name: 'laenge.pdf',
      bytes: pdfByHand([pages, one, leaf, '<< /Length 5 0 R >>\nstream\nq Q\nendstream', '5 0 R']),
    },
    {
      name: 'vorher.pdf',
      bytes: bytesOf(
        `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n9\n%%EOF`,
      ),
    },
    {
      name: 'riese.pdf',
      bytes: pdfByHand([
        pages,
        one,
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e9 1e9] /Contents 4 0 R >>',
        '<< /Length 3 >>\nstream\nq Q\nendstream',
      ]),
    },
    {
      name: 'muster.pdf',
      bytes: onePage(
        '/P sh '.repeat(isLong ? 60_000 : 60),
        '/Resources << /Shading << /P << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Function << /FunctionType 2 /Domain [0 1] /C0 [0 0 0] /C1 [1 1 1] /N 1 >> >> >> >>',
      ),
    },
  ];
}

/** Names as nobody should write them. */
export const NAMES: readonly string[] = [
  '../../../../etc/passwd',
  '..\\..\\windows\\system32\\con.png',
  '/absolut/pfad.png',
  'null\0byte.png\0.exe',
  'rechnung\u202egnp.exe',
  '\u2066um\u2069ge\u200fdreht.png',
  'zeile\r\nX-Kopf: ein.png',
  'glocke\u0007\u001b[31m.png',
  `${'lang'.repeat(400)}.png`,
  `${'ü'.repeat(10_000)}.png`,
  '',
  '.',
  '..',
  '...',
  'CON.png',
  '\ud800allein.png',
  'a\u0308o\u0308u\u0308.png',
  '   ',
  '.png',
  '💼📎.png',
  'COM1',
  'a'.repeat(90) + '.tar.gz.pdf.png',
];
