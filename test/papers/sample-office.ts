// Office documents made by hand: words, pages, and where it is wished pictures and templates elsewhere, macros, signatures.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { makeZip } from '#post/transit/extract/test-zip.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'application/vnd.openxmlformats-officedocument';
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';
const WORDS = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

export interface Part {
  readonly name: string;
  readonly text: string;
}

export interface DocxWay {
  /** A picture that the body shows, and a template it is attached to, lie there. */
  readonly outside?: string;
  readonly macro?: string;
  /** Parts beside, or in the place of one with that name. */
  readonly parts?: readonly Part[];
}

/** One paragraph a line; each page has its own. */
export function docx(pages: readonly (readonly string[])[], way: DocxWay = {}): Uint8Array {
  const { outside, macro, parts = [] } = way;
  const pageBreak = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>';
  const body = pages.map((lines) => lines.map(paragraph).join('')).join(pageBreak);
  const all: readonly Part[] = [
    types([['/word/document.xml', `${MAIN}.wordprocessingml.document.main+xml`]]),
    rels('_rels/.rels', [relation('r1', 'officeDocument', 'word/document.xml')]),
    rels('word/_rels/document.xml.rels', [
      ...(outside === undefined ? [] : [relation('p1', 'image', `${outside}/picture.png`, true)]),
      ...(macro === undefined ? [] : [relation('v1', 'vbaProject', 'vbaProject.bin')]),
      relation('s1', 'settings', 'settings.xml'),
    ]),
    {
      name: 'word/settings.xml',
      text: `<w:settings xmlns:w="${WORDS}" xmlns:r="${OFFICE}">${outside === undefined ? '' : '<w:attachedTemplate r:id="t1"/>'}</w:settings>`,
    },
    rels(
      'word/_rels/settings.xml.rels',
      outside === undefined ? [] : [relation('t1', 'attachedTemplate', `${outside}/template.dotx`, true)],
    ),
    ...(macro === undefined ? [] : [{ name: 'word/vbaProject.bin', text: macro }]),
    {
      name: 'word/document.xml',
      text: `<w:document xmlns:w="${WORDS}" xmlns:r="${OFFICE}" xmlns:wp="${DRAWING}/wordprocessingDrawing" xmlns:a="${DRAWING}/main" xmlns:pic="${DRAWING}/picture"><w:body>${outside === undefined ? '' : PICTURE}${body}</w:body></w:document>`,
    },
  ];
  const kept = all.filter(({ name }) => !parts.some((part) => part.name === name));
  return pack([...kept, ...parts]);
}

const PICTURE = `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="990000" cy="990000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="${DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="p1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="990000" cy="990000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;

/** One sheet, a row of words a line. */
export function xlsx(rows: readonly (readonly string[])[]): Uint8Array {
  const sheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const cells = rows
    .map((row) => `<row>${row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`)
    .join('');
  return pack([
    types([
      ['/xl/workbook.xml', `${MAIN}.spreadsheetml.sheet.main+xml`],
      ['/xl/worksheets/sheet1.xml', `${MAIN}.spreadsheetml.worksheet+xml`],
    ]),
    rels('_rels/.rels', [relation('r1', 'officeDocument', 'xl/workbook.xml')]),
    rels('xl/_rels/workbook.xml.rels', [relation('s1', 'worksheet', 'worksheets/sheet1.xml')]),
    {
      name: 'xl/workbook.xml',
      text: `<workbook xmlns="${sheet}" xmlns:r="${OFFICE}"><sheets><sheet name="Kosten" sheetId="1" r:id="s1"/></sheets></workbook>`,
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      text: `<worksheet xmlns="${sheet}"><sheetData>${cells}</sheetData></worksheet>`,
    },
  ]);
}

export interface OdfWay {
  readonly outside?: string;
  readonly macro?: string;
  readonly parts?: readonly Part[];
}

/** One paragraph a line. */
export function odt(lines: readonly string[], way: OdfWay = {}): Uint8Array {
  const picture =
    way.outside === undefined
      ? ''
      : `<text:p><draw:frame svg:width="3cm" svg:height="3cm" text:anchor-type="paragraph"><draw:image xlink:href="${way.outside}/picture.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>`;
  const body = lines.map((line) => `<text:p>${line}</text:p>`).join('');
  return odf('text', `<office:text>${picture}${body}</office:text>`, way);
}

/** One sheet, a row of words a line. */
export function ods(rows: readonly (readonly string[])[]): Uint8Array {
  const cell = (text: string): string =>
    `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
  const body = rows.map((row) => `<table:table-row>${row.map(cell).join('')}</table:table-row>`).join('');
  const table = `<table:table table:name="Kosten">${body}</table:table>`;
  return odf('spreadsheet', `<office:spreadsheet>${table}</office:spreadsheet>`);
}

/** A slide for each line. */
export function odp(lines: readonly string[]): Uint8Array {
  const slides = lines.map(
    (line, at) =>
      `<draw:page draw:name="${at}"><draw:frame svg:width="20cm" svg:height="3cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>${line}</text:p></draw:text-box></draw:frame></draw:page>`,
  );
  return odf('presentation', `<office:presentation>${slides.join('')}</office:presentation>`);
}

function odf(kind: string, body: string, { macro, parts = [] }: OdfWay = {}): Uint8Array {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  const names = 'urn:oasis:names:tc:opendocument:xmlns';
  const manifest = `${names}:manifest:1.0`;
  const basic = macro === undefined ? [] : [{ name: 'Basic/Standard/Module1.xml', text: `<module>${macro}</module>` }];
  return makeZip(
    [
      { name: 'mimetype', text: type },
      {
        name: 'META-INF/manifest.xml',
        text: `<manifest:manifest xmlns:manifest="${manifest}" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>${basic.map(({ name }) => `<manifest:file-entry manifest:full-path="${name}" manifest:media-type="text/xml"/>`).join('')}</manifest:manifest>`,
      },
      {
        name: 'content.xml',
        text: `<office:document-content xmlns:office="${names}:office:1.0" xmlns:text="${names}:text:1.0" xmlns:table="${names}:table:1.0" xmlns:draw="${names}:drawing:1.0" xmlns:svg="${names}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"><office:body>${body}</office:body></office:document-content>`,
      },
      ...basic,
      ...parts,
    ].map(({ name, text }) => ({ name, bytes: Buffer.from(text), method: name === 'mimetype' ? 0 : 8 })),
  );
}

/** As LibreOffice wrote it: `Sehr geehrte Frau Müller` and a second page, or `Gebühr` and 100. */
export function writtenOffice(format: 'doc' | 'xls' | 'ppt' | 'pptx'): Uint8Array {
  const names = { doc: 'brief.doc.gz', xls: 'kosten.xls.gz', ppt: 'folien.ppt.gz', pptx: 'folien.pptx.gz' };
  return unpacked(names[format]);
}

/** Its words, and a picture that it says to lie at that place: `http://127.0.0.1:` and five figures. */
export function linkingDoc(outside: string): Uint8Array {
  const bytes = Buffer.from(unpacked('verweis.doc.gz'));
  for (const encoding of ['latin1', 'utf16le'] as const) {
    const [made, wanted] = [Buffer.from('http://127.0.0.1:54321', encoding), Buffer.from(outside, encoding)];
    if (made.length !== wanted.length) throw new Error(`the port must have five figures: ${outside}`);
    for (let at = bytes.indexOf(made); at >= 0; at = bytes.indexOf(made, at + 1)) wanted.copy(bytes, at);
  }
  return bytes;
}

function unpacked(name: string): Uint8Array {
  return gunzipSync(readFileSync(join(import.meta.dirname, 'office', name)));
}

function paragraph(line: string): string {
  return `<w:p><w:r><w:t xml:space="preserve">${line}</w:t></w:r></w:p>`;
}

function pack(parts: readonly Part[]): Uint8Array {
  return makeZip(parts.map(({ name, text }) => ({ name, bytes: Buffer.from(text) })));
}

function types(overrides: readonly (readonly [string, string])[]): Part {
  const all = overrides.map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`).join('');
  return {
    name: '[Content_Types].xml',
    text: `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${all}</Types>`,
  };
}

function rels(name: string, all: readonly string[]): Part {
  return { name, text: `<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>` };
}

function relation(id: string, type: string, target: string, isExternal = false): string {
  return `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${isExternal ? ' TargetMode="External"' : ''}/>`;
}
