// Letters set by a real browser and photographed at 300 dpi: pages as they lay on the desk before anybody scanned them.

import type { Browser } from 'playwright-core';
import type { PageOfText } from './letters.ts';

export type Look = 'plain' | 'coloured' | 'mixed';

const WIDTH_PX = 794; // A4 at 96 dpi
const HEIGHT_PX = 1123;
const SCALE = 300 / 96;

/** PNG files of 2481 × 3509 pixels. */
export async function renderLetters(
  browser: Browser,
  pages: readonly { readonly page: PageOfText; readonly look: Look }[],
): Promise<readonly Buffer[]> {
  return await renderHtml(
    browser,
    pages.map(({ page, look }) => html(page, look)),
  );
}

/** The same of pages that are set already. */
export async function renderHtml(browser: Browser, pages: readonly string[]): Promise<readonly Buffer[]> {
  const context = await browser.newContext({
    viewport: { width: WIDTH_PX, height: HEIGHT_PX },
    deviceScaleFactor: SCALE,
  });
  const tab = await context.newPage();
  const pictures: Buffer[] = [];
  for (const page of pages) {
    await tab.setContent(page);
    pictures.push(await tab.screenshot({ type: 'png' }));
  }
  await context.close();
  return pictures;
}

/** Lines never break inside a word: what is hyphenated on paper cannot be told from a hyphen. */
function safe(text: string): string {
  return text
    .split(' ')
    .map((word) => `<span>${word.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</span>`)
    .join(' ');
}

function html(page: PageOfText, look: Look): string {
  const colour = page.kind === 'law' ? '#1d3a7a' : '#0b6b4f';
  const isColoured = look !== 'plain';
  return `<!doctype html><html lang="de"><meta charset="utf-8"><style>
    body { margin: 0; padding: 56px 80px 0 96px; width: ${WIDTH_PX - 176}px; height: ${HEIGHT_PX - 56}px; background: #fff; color: #111;
      font: 14.4px/1.42 ${page.kind === 'law' ? '"DejaVu Serif", serif' : '"DejaVu Sans", sans-serif'}; position: relative; overflow: hidden; }
    span { white-space: nowrap; }
    header { font-size: 24px; color: ${isColoured ? colour : '#111'}; border-bottom: 3px solid ${isColoured ? colour : '#111'}; padding-bottom: 8px; margin-bottom: 30px; }
    .date { text-align: right; margin: 22px 0; }
    h1 { font-size: 15.5px; margin: 0 0 14px; }
    p { margin: 0 0 11px; }
    .picture { height: 210px; margin: 16px 0; background: radial-gradient(circle at 30% 40%, #f5d76e, #d35400 35%, #6c3483 60%, #1a5276 80%, #aed6f1);
      filter: saturate(.8); }
    .stamp { position: absolute; right: 70px; bottom: 90px; width: 120px; height: 120px; border: 5px double #a3223a; border-radius: 50%; opacity: .8; }
  </style><body><header>${safe(page.head)}</header>
  ${page.address.map((line) => `<div>${safe(line)}</div>`).join('')}
  <div class="date">${safe(page.date)}</div><h1>${safe(page.subject)}</h1>
  ${page.paragraphs.map((paragraph, index) => `<p>${safe(paragraph)}</p>${look === 'mixed' && index === 0 ? '<div class="picture"></div>' : ''}`).join('')}
  <p>${safe(page.foot)}</p>${look === 'mixed' ? '<div class="stamp"></div>' : ''}</body></html>`;
}
