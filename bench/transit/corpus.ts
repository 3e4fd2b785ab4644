// The papers of the bench: scans, photos and mixed pages whose text is known.

import { PDFDocument } from '@cantoo/pdf-lib';
import type { Browser } from 'playwright-core';
import { textOf, writeLetter } from './letters.ts';
import { writeOfficePage, type OfficeLook } from './office-pages.ts';
import { renderHtml, renderLetters, type Look } from './render-letters.ts';
import { photographPage, scanPage, type Trouble } from './wear.ts';

export interface Paper {
  readonly name: string;
  /** `plain` scans hold nothing but black ink. */
  readonly kind: 'plain' | 'scan' | 'photo' | 'mixed';
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly truth: string;
}

const A4: readonly [number, number] = [595.28, 841.89];

/** Three scans, two photos, one mixed document of two pages; `isQuick`: one page of each kind. */
export async function makePapers(browser: Browser, isQuick: boolean): Promise<readonly Paper[]> {
  const scanned = async (name: string, kind: Paper['kind'], seeds: readonly number[]): Promise<Paper> => {
    const looks: Readonly<Record<Paper['kind'], Look>> = {
      plain: 'plain',
      scan: 'coloured',
      photo: 'coloured',
      mixed: 'mixed',
    };
    const letters = seeds.map((seed) => ({ page: writeLetter(seed, kind === 'mixed' ? 150 : 270), look: looks[kind] }));
    const pictures = await renderLetters(browser, letters);
    const scans = await Promise.all(pictures.map(async (picture, index) => await scanPage(picture, seeds[index] ?? 0)));
    const truth = letters.map(({ page }) => textOf(page)).join('\n');
    return { name, kind, bytes: await scansAsPdf(scans), pages: seeds.length, truth };
  };
  const photographed = async (name: string, seed: number, turned: 0 | 90): Promise<Paper> => {
    const page = writeLetter(seed);
    const [picture = Buffer.alloc(0)] = await renderLetters(browser, [{ page, look: 'coloured' }]);
    return { name, kind: 'photo', bytes: await photographPage(picture, seed, turned), pages: 1, truth: textOf(page) };
  };
  if (isQuick) return [await scanned('plain.pdf', 'plain', [11]), await photographed('photo-1.jpg', 31, 0)];
  return [
    await scanned('plain.pdf', 'plain', [11, 12, 13]),
    await scanned('scan.pdf', 'scan', [21, 22, 23]),
    await photographed('photo-1.jpg', 31, 0),
    await photographed('photo-2.jpg', 32, 90),
    await scanned('mixed.pdf', 'mixed', [41, 42]),
  ];
}

export interface OfficePaper {
  readonly name: string;
  readonly kind: 'scan' | 'photo';
  readonly bytes: Uint8Array;
  /** Before it was worn, 300 dpi. */
  readonly png: Buffer;
  readonly blocks: readonly string[];
}

const SHADOW: Trouble = { hasShadow: true, hasWaves: false };
const BOTH: Trouble = { hasShadow: true, hasWaves: true };
const CURLED: Trouble = { hasShadow: true, hasWaves: false, curl: 0.035 };
const OFFICE: readonly {
  readonly name: string;
  readonly look: OfficeLook;
  readonly seed: number;
  readonly photo?: { readonly turned: 0 | 90 | 180 | 270; readonly trouble: Trouble };
}[] = [
  { name: 'letter.pdf', look: 'letter', seed: 1 },
  { name: 'brief.pdf', look: 'brief', seed: 2 },
  { name: 'bill.pdf', look: 'bill', seed: 3 },
  { name: 'terms.pdf', look: 'terms', seed: 4 },
  { name: 'stamped.pdf', look: 'stamped', seed: 5 },
  { name: 'letter-2.pdf', look: 'letter', seed: 6 },
  { name: 'brief-2.pdf', look: 'brief', seed: 7 },
  { name: 'english.pdf', look: 'english', seed: 14 },
  { name: 'french.pdf', look: 'french', seed: 15 },
  { name: 'brief-shadow.jpg', look: 'brief', seed: 8, photo: { turned: 0, trouble: SHADOW } },
  { name: 'letter-waves-180.jpg', look: 'letter', seed: 9, photo: { turned: 180, trouble: BOTH } },
  { name: 'bill-270.jpg', look: 'bill', seed: 10, photo: { turned: 270, trouble: SHADOW } },
  { name: 'curled.jpg', look: 'brief', seed: 12, photo: { turned: 0, trouble: CURLED } },
  { name: 'letter-curled-90.jpg', look: 'letter', seed: 13, photo: { turned: 90, trouble: CURLED } },
  { name: 'stamped-waves-90.jpg', look: 'stamped', seed: 11, photo: { turned: 90, trouble: BOTH } },
];

/** One page each: what offices send, scanned and photographed; a set of its own, so that the figures of the first stay comparable. */
export async function makeOfficePapers(browser: Browser, only?: string): Promise<readonly OfficePaper[]> {
  const wanted = OFFICE.filter(({ name }) => only === undefined || name === only);
  const pages = wanted.map(({ seed, look }) => writeOfficePage(seed, look));
  const pictures = await renderHtml(
    browser,
    pages.map(({ html }) => html),
  );
  const papers: OfficePaper[] = [];
  for (const [index, { name, seed, photo }] of wanted.entries()) {
    const png = pictures[index] ?? Buffer.alloc(0);
    const bytes = photo
      ? await photographPage(png, seed, photo.turned, photo.trouble)
      : await scansAsPdf([await scanPage(png, seed)]);
    papers.push({ name, kind: photo ? 'photo' : 'scan', bytes, png, blocks: pages[index]?.blocks ?? [] });
  }
  return papers;
}

/** As a scanner binds them: a JPEG over each page. */
export async function scansAsPdf(jpegs: readonly Uint8Array[], size = A4): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (const jpeg of jpegs) {
    const [width, height] = size;
    const image = await document.embedJpg(jpeg);
    document.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height });
  }
  return await document.save();
}
