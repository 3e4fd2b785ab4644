// `node tools/make-report-font.ts`: writes src/formats/pdf/public-sans.ts, the outlines of the letters that reports are printed in.

import { readFileSync, writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { openChromium } from '../test/journeys/chromium.ts';

// A variable font has to be set at a weight before its outlines can be taken; a browser that prints to PDF does just that.

const FILES = ['latin', 'latin-ext'] as const;
const FOLDER = new URL('../node_modules/@fontsource-variable/public-sans/files/', import.meta.url);
const OUT = new URL('../src/formats/pdf/public-sans.ts', import.meta.url);
const UNITS = 1000;
const MORE = 'ŒœŠšŽžŸŁłĞğİışŞĆćČčĐđĘęĄąŃńŘřŚśŮůŹźŻżŐőŰű–—‘’‚“”„•…€™';

interface Glyph {
  readonly width: number;
  readonly path: string;
}

const letters = [
  ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)),
  ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(0xa1 + at)).filter((letter) => letter !== '\u00ad'),
  ...Array.from(MORE),
];

const { pdf, blank } = await printLetters(letters);
const glyphs = new Map([...readGlyphs(pdf), [' ', { width: blank, path: '' }]]);
const lines = letters.flatMap((letter) => {
  const glyph = glyphs.get(letter);
  return glyph ? [`  ${JSON.stringify(`${letter}${glyph.width} ${glyph.path}`.trimEnd())},`] : [];
});
writeFileSync(
  OUT,
  `// Made by tools/make-report-font.ts from Public Sans 400 (SIL OFL 1.1): letter, width and outline, 1000 units a size.

export interface Outline {
  readonly width: number;
  /** Operators of a page; empty for a blank. */
  readonly path: string;
}

const OUTLINES: readonly string[] = [
${lines.join('\n')}
];

export const PUBLIC_SANS: Readonly<Record<string, Outline | undefined>> = Object.fromEntries(
  OUTLINES.map((line) => {
    const blank = line.indexOf(' ', 1);
    const end = blank < 0 ? line.length : blank;
    return [line.slice(0, 1), { width: Number(line.slice(1, end)), path: line.slice(end + 1) }];
  }),
);
`,
);
console.log(`${lines.length} of ${letters.length} letters`);

async function printLetters(wanted: readonly string[]): Promise<{ readonly pdf: string; readonly blank: number }> {
  const browser = await openChromium();
  if (!browser) throw new Error('no browser to set the letters with');
  const page = await browser.newPage();
  const faces = FILES.map((name) => {
    const data = readFileSync(new URL(`public-sans-${name}-wght-normal.woff2`, FOLDER)).toString('base64');
    const range =
      name === 'latin'
        ? 'U+0000-00FF,U+0131,U+0152-0153,U+2000-206F,U+20AC,U+2122'
        : 'U+0100-0130,U+0132-0151,U+0154-02BA';
    return `@font-face{font-family:P;font-weight:100 900;src:url(data:font/woff2;base64,${data});unicode-range:${range}}`;
  });
  const text = wanted.map(
    (letter) => `<b>${letter.replace('&', '&amp;').replace('<', '&lt;').replace(' ', '&#32;')}</b>`,
  );
  await page.setContent(
    `<style>${faces.join('')} b{font:400 20px P;font-kerning:none;font-variant-ligatures:none;white-space:pre;display:inline-block}</style>${text.join('')}`,
  );
  await page.evaluate(() => document.fonts.ready);
  // A blank has no shape and is left out of what is printed.
  const blank = await page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d');
    if (!pen) throw new Error('no canvas');
    pen.font = '400 1000px P';
    return Math.round(pen.measureText(' ').width);
  });
  const printed = await page.pdf();
  await browser.close();
  return { pdf: printed.toString('latin1'), blank };
}

function readGlyphs(file: string): ReadonlyMap<string, Glyph> {
  const objects = new Map<string, string>();
  for (const [, number = '', body = ''] of file.matchAll(/(\d+) 0 obj\s([^]*?)endobj/g)) objects.set(number, body);
  const found = new Map<string, Glyph>();
  for (const font of objects.values()) {
    if (!/\/Subtype\s*\/Type3/.test(font)) continue;
    const descriptor = objects.get(one(font, /\/FontDescriptor (\d+) 0 R/)) ?? '';
    if (!descriptor.includes('PublicSans')) continue;
    const scale = Number(one(font, /\/FontMatrix\s*\[\s*([\d.]+)/)) * UNITS;
    const first = Number(one(font, /\/FirstChar (\d+)/));
    const widths = one(font, /\/Widths\s*\[([^\]]*)\]/)
      .trim()
      .split(/\s+/)
      .map(Number);
    const procs = new Map(
      [...one(font, /\/CharProcs\s*<<([^>]*)>>/).matchAll(/\/(\S+) (\d+) 0 R/g)].map(([, name = '', number = '']) => [
        name,
        number,
      ]),
    );
    const names = namesByCode(one(font, /\/Differences\s*\[([^\]]*)\]/));
    for (const [code, letter] of unicodes(streamOf(objects.get(one(font, /\/ToUnicode (\d+) 0 R/)) ?? ''))) {
      const outline = streamOf(objects.get(procs.get(names.get(code) ?? '') ?? '') ?? '');
      found.set(letter, { width: Math.round((widths[code - first] ?? 0) * scale), path: rescale(outline, scale) });
    }
  }
  return found;
}

function one(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? '';
}

function streamOf(body: string): string {
  const data = /stream\r?\n([^]*?)\r?\nendstream/.exec(body)?.[1] ?? '';
  return body.includes('/FlateDecode') ? inflateSync(Buffer.from(data, 'latin1')).toString('latin1') : data;
}

function namesByCode(differences: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let code = 0;
  for (const token of differences.match(/\/\S+?(?=[\s/]|$)|\d+/g) ?? []) {
    if (token.startsWith('/')) names.set(code++, token.slice(1));
    else code = Number(token);
  }
  return names;
}

function unicodes(map: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [, block = ''] of map.matchAll(/beginbfchar([^]*?)endbfchar/g))
    for (const [, code = '', letter = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g))
      found.set(Number.parseInt(code, 16), String.fromCharCode(Number.parseInt(letter, 16)));
  for (const [, block = ''] of map.matchAll(/beginbfrange([^]*?)endbfrange/g))
    for (const [, from = '', to = '', letter = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g))
      for (let code = Number.parseInt(from, 16); code <= Number.parseInt(to, 16); code++)
        found.set(code, String.fromCharCode(Number.parseInt(letter, 16) + code - Number.parseInt(from, 16)));
  return found;
}

/** Whole units with the y axis up; the glyph's own head (`d1`) and end (`f`) are left to the writer. */
function rescale(outline: string, scale: number): string {
  const kept: string[] = [];
  let numbers: number[] = [];
  for (const token of outline.split(/\s+/)) {
    if (/^[-+.\d]/.test(token)) numbers.push(Number(token));
    else {
      const places = numbers.map((value, at) => String(Math.round(value * scale * (at % 2 === 0 ? 1 : -1)) + 0));
      if (token === 'm' || token === 'l' || token === 'c' || token === 'v' || token === 'y' || token === 're')
        kept.push(...places, token);
      else if (token === 'h') kept.push('h');
      numbers = [];
    }
  }
  return kept.join(' ');
}
