// PDF/A-2u: files of ours keep every rule; for each rule one file that breaks it, and is refused by its clause.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { writeClaimedPdf, writePdf } from '#formats/pdf/write-pdf.ts';
import { bytesOf, madePage, textOfBytes } from '../../../../test/papers/sample-pdfs.ts';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { cleanPdf } from '../pdf/clean-pdf.ts';
import { mergePdfs } from '../pdf/merge-pdfs.ts';
import { changed, faultsOf, putTogether, takeApart, type Parts } from './test-archive.ts';

const sound = takeApart();

test('files of ours are PDF/A-2u, with words, colours and pictures, coded either way, or empty', async () => {
  const make = async (channels: 3 | 4, background: string): Promise<Uint8Array> => {
    const made = sharp({ create: { width: 8, height: 8, channels: 3, background } });
    return (channels === 4 ? made.toColourspace('cmyk') : made).jpeg().toBuffer();
  };
  const box = { left: 10, top: 10, width: 60, height: 60 };
  const page = madePage();
  const ground = { jpeg: await make(3, '#ff8000'), width: 8, height: 8, box };
  const coloured = { ...page, grounds: [ground], inks: [{ box, rgb: [200, 0, 0] as const }] };
  const blank = { ...madePage(0, []), mask: { ...page.mask, bytes: new Uint8Array(page.mask.bytes.length) } };
  for (const coding of ['jbig2', 'g4'] as const) {
    for (const pages of [[page], [coloured, page], [blank], [madePage(0, ['Größe', '€', '\u{1f600}'])]])
      assert.deepEqual(faultsOf(writeClaimedPdf(pages, { coding }).bytes), []);
  }
  const inks = { ...page, grounds: [{ ...ground, jpeg: await make(4, '#ff8000') }] };
  assert.deepEqual(faultsOf(writeClaimedPdf([inks], { coding: 'jbig2' }).bytes), [
    '6.2.4.3 DeviceCMYK without a meaning',
  ]);
});

test('a file that claims nothing is not agreed to, and is the claimed one with another end', () => {
  const pages = [madePage()];
  const plain = writePdf(pages, { coding: 'jbig2' });
  const { bytes, unclaimed } = writeClaimedPdf(pages, { coding: 'jbig2' });
  assert.deepEqual(Buffer.concat([bytes.subarray(0, unclaimed.at), unclaimed.tail]), Buffer.from(plain));
  assert.ok(bytes.length - plain.length <= 900, `the claim takes ${bytes.length - plain.length} bytes`);
  assert.deepEqual(writeClaimedPdf(pages, { coding: 'jbig2' }).bytes, bytes);
  assert.ok(faultsOf(plain).includes('6.6.2.1 no metadata in the catalogue'));
});

test('the same file put together by hand is PDF/A-2u too: what the others break is the only thing wrong with them', () => {
  assert.deepEqual(faultsOf(putTogether(sound)), []);
});

type Twin = readonly [clause: string, what: string, parts: Parts];

const change = (mark: string, from: string, to: string): Parts => changed(sound, mark, [from, to]);
const inCatalogue = (entry: string): Parts => change('/Type /Catalog', '/Type /Catalog', `/Type /Catalog ${entry}`);
const onPage = (entry: string): Parts => change('/Type /Page ', '/Type /Page ', `/Type /Page ${entry} `);
const inPicture = (entry: string): Parts => change('/Subtype /Image', '/Subtype /Image', `/Subtype /Image ${entry}`);
const drawn = (operators: string): Parts => change('0 g ', '0 g ', `${operators} 0 g `);
const inFont = (from: string, to: string): Parts => change('/Subtype /CIDFontType2', from, to);
const inMap = (from: string, to: string): Parts => change('begincmap', from, to);
const claim = (from: string, to: string): Parts => change('pdfaid:part', from, to);
const mark = (entries: string): Parts => onPage(`/Annots [<</Type /Annot /Rect [0 0 9 9] ${entries}>>]`);
const link = (action: string): Parts => mark(`/Subtype /Link /F 4 /A <<${action}>>`);

const twins: readonly Twin[] = [
  ['6.1.2', 'a header of another version', { ...sound, header: sound.header.replace('1.7', '2.0') }],
  ['6.1.2', 'no comment behind the header', { ...sound, header: '%PDF-1.7\n' }],
  ['6.1.2', 'a catalogue of version 2.0', inCatalogue('/Version /2.0')],
  ['6.1.3', 'no identifier', { ...sound, trailer: sound.trailer.replace('/ID', '/IX') }],
  ['6.1.3', 'encrypted', { ...sound, trailer: `${sound.trailer} /Encrypt <<>>` }],
  ['6.1.3', 'something behind the end', { ...sound, end: '%%EOF\nmore' }],
  ['6.1.6', 'half a byte', onPage('/ArtName <abc>')],
  ['6.1.6', 'half a byte in a page', drawn('/F <<>> DP (x) <abc> pop')],
  ['6.1.7.1', 'data in another file', inPicture('/F (outside.bin)')],
  ['6.1.7.1', 'a filter of such data', inPicture('/FFilter /FlateDecode')],
  ['6.1.7.2', 'LZW', change('/Subtype /Image', '/JBIG2Decode', '/LZWDecode')],
  ['6.1.7.2', 'Crypt', change('/Subtype /Image', '/JBIG2Decode', '/Crypt')],
  ['6.1.8', 'a name that is not UTF-8', onPage('/X /a#ff')],
  ['6.1.10', 'a picture among the operators', drawn('BI /W 1 /H 1 /IM true ID x EI')],
  ['6.1.12', 'permissions', inCatalogue('/Perms <<>>')],
  ['6.1.13', 'an integer too large', onPage('/X 2147483648')],
  ['6.1.13', 'a name too long', onPage(`/X /${'n'.repeat(128)}`)],
  ['6.1.13', 'a string too long', onPage(`/X (${'s'.repeat(32_768)})`)],
  ['6.1.13', 'states too deep', drawn(`${'q '.repeat(29)}${'Q '.repeat(29)}`)],
  ['6.1.13', 'a page too large', onPage('/CropBox [0 0 14401 10]')],
  ['6.1.13', 'a page too small', onPage('/CropBox [0 0 2 10]')],
  ['6.2.2', 'an operator nobody knows', drawn('xyz')],
  ['6.2.2', 'an operator nobody knows, within BX and EX', drawn('BX xyz EX')],
  ['6.2.2', 'a picture that is not named', drawn('/Other Do')],
  ['6.2.2', 'a font that is not named', drawn('BT /Other 9 Tf ET')],
  ['6.2.2', 'a state that does not close', drawn('q')],
  ['6.2.2', 'a state that closes twice', drawn('Q')],
  ['6.2.2', 'a shading', onPage('/X <</ShadingType 2>>')],
  ['6.2.3', 'an intent of another kind', change('/OutputIntent', '/GTS_PDFA1', '/GTS_PDFX')],
  ['6.2.3', 'an intent without its profile', change('/OutputIntent', '/DestOutputProfile', '/Other')],
  ['6.2.3', 'a profile that is none', change('acsp', 'acsp', 'none')],
  ['6.2.3', 'a profile of other components', change('acsp', '/N 3', '/N 4')],
  ['6.2.3', 'a profile without a primary', change('acsp', 'bXYZ', 'cXYZ')],
  ['6.2.3', 'a profile of a camera', change('acsp', 'mntr', 'scnr')],
  ['6.2.4.3', 'colours of printing inks', drawn('0 0 0 1 k')],
  ['6.2.4.3', 'grey that nothing covers', change('/OutputIntents', '/OutputIntents', '/OutputOther')],
  ['6.2.4.1', 'colours of a space not judged', drawn('/Other cs')],
  ['6.2.5', 'a transfer function', onPage('/X <</Type /ExtGState /TR /Identity>>')],
  ['6.2.5', 'a halftone', onPage('/X <</Type /ExtGState /HT /Default>>')],
  ['6.2.6', 'an intent nobody knows', drawn('/Fast ri')],
  ['6.2.8.1', 'a smoothed picture', inPicture('/Interpolate true')],
  ['6.2.8.1', 'other pictures instead', inPicture('/Alternates []')],
  ['6.2.8.1', 'a picture of 3 bits', change('/Subtype /Image', '/BitsPerComponent 1', '/BitsPerComponent 3')],
  ['6.2.8.3', 'JPEG 2000', change('/Subtype /Image', '/JBIG2Decode', '/JPXDecode')],
  ['6.2.9.1', 'a form with PostScript', onPage('/X <</Subtype /Form /Subtype2 /PS>>')],
  ['6.2.9.2', 'a page of another file', onPage('/X <</Subtype /Form /Ref <<>> >>')],
  ['6.2.9.3', 'PostScript', onPage('/X <</Type /XObject /Subtype /PS>>')],
  ['6.2.10', 'a soft mask', onPage('/X <</Type /ExtGState /SMask <<>> >>')],
  ['6.2.10', 'a blend mode nobody knows', onPage('/X <</Type /ExtGState /BM /Other>>')],
  ['6.2.11.2', 'a font of a kind not judged', onPage('/X <</Type /Font /Subtype /Type3>>')],
  ['6.2.11.2', 'a program of another length', change('/Length1', '/Length1 ', '/Length1 1')],
  ['6.2.11.3.1', 'a font without its order', inFont('/Ordering', '/Other')],
  ['6.2.11.3.2', 'no way from codes to glyphs', inFont('/CIDToGIDMap', '/Other')],
  ['6.2.11.3.3', 'codes not judged', change('/Subtype /Type0', '/Identity-H', '/UniJIS-UCS2-H')],
  ['6.2.11.4.1', 'a font that is not embedded', onPage('/X <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>')],
  ['6.2.11.4.1', 'a font without its program', change('/FontDescriptor', '/FontFile2', '/FontFileX')],
  ['6.2.11.4.1', 'a program that lacks a table', change('/Length1', 'maxp', 'mixp')],
  ['6.2.11.4.1', 'a glyph that the font has not', change(' Tz', ' Tz', ' Tz<7fff>Tj ')],
  ['6.2.11.4.2', 'a set of glyphs not judged', change('/FontDescriptor', '/FontFile2', '/CIDSet 1 0 R /FontFile2')],
  ['6.2.11.5', 'other widths', inFont('/DW 500', '/DW 600')],
  ['6.2.11.5', 'another width of one letter', inFont('/DW 500', '/DW 500 /W [1 [500 700] 3 9 500]')],
  ['6.2.11.7.2', 'no letters', change('/Subtype /Type0', '/ToUnicode', '/Other')],
  ['6.2.11.7.2', 'a letter missing', inMap('<0002>', '<7002>')],
  ['6.2.11.7.2', 'U+0000', inMap('<0001><0020>', '<0001><0000>')],
  ['6.2.11.7.2', 'U+FEFF', inMap('<0001><0020>', '<0001><feff>')],
  ['6.2.11.7.2', 'U+FFFE', inMap('<0001><0020>', '<0001><fffe>')],
  ['6.2.11.8', 'the glyph of none', change(' Tz', ' Tz', ' Tz<0000>Tj ')],
  ['6.3.1', 'a film', mark('/Subtype /Movie /F 4')],
  ['6.3.1', 'a note', mark('/Subtype /Text /F 4')],
  ['6.3.2', 'a link without flags', mark('/Subtype /Link')],
  ['6.3.2', 'a hidden link', mark('/Subtype /Link /F 6')],
  ['6.3.3', 'the look of a link', mark('/Subtype /Link /F 4 /AP <<>>')],
  ['6.4.1', 'a form', inCatalogue('/AcroForm <</Fields []>>')],
  ['6.4.2', 'a form in XML', onPage('/X <</XFA (x)>>')],
  ['6.5.1', 'a script', link('/S /JavaScript /JS (x)')],
  ['6.5.1', 'a program to start', link('/S /Launch')],
  ['6.5.1', 'a name nobody knows', link('/S /Named /N /Print')],
  ['6.5.1', 'an action at the opening', inCatalogue('/OpenAction <</S /GoTo>>')],
  ['6.5.2', 'actions of a page', onPage('/AA <<>>')],
  ['6.6.2.1', 'no metadata', change('/Type /Catalog', '/Metadata', '/Other')],
  ['6.6.2.1', 'metadata of a page', onPage('/Metadata 1 0 R')],
  ['6.6.2.1', 'a packet that says its coding', claim(' id="W5M0', ' encoding="UTF-8" id="W5M0')],
  ['6.6.2.1', 'a packet that says its bytes', claim(' id="W5M0', ' bytes="99" id="W5M0')],
  ['6.6.2.1', 'no packet', claim('<?xpacket begin', '<?xother begin')],
  ['6.6.2.1', 'metadata that are not UTF-8', claim('U</pdfaid', '\xff</pdfaid')],
  ['6.6.2.3.1', 'a schema of its own', claim('</rdf:Description>', '<own:word>x</own:word></rdf:Description>')],
  ['6.6.3', 'a document information dictionary', { ...sound, trailer: `${sound.trailer} /Info <</Author (x)>>` }],
  ['6.6.4', 'a claim of another part', claim('part>2<', 'part>1<')],
  ['6.6.4', 'a claim of level B', claim('>U<', '>B<')],
  ['6.6.4', 'no claim', claim('<pdfaid:part>2</pdfaid:part>', '')],
  ['6.8', 'files inside', inCatalogue('/Names <</EmbeddedFiles <<>> >>')],
  ['6.8', 'the name of a file', onPage('/X <</Type /Filespec /F (x)>>')],
  ['6.9', 'layers', inCatalogue('/OCProperties <<>>')],
  ['6.9', 'a layer among the operators', drawn('/OC /Layer BDC EMC')],
  ['6.10', 'other ways to show it', onPage('/AlternatePresentations <<>>')],
  ['6.10', 'steps of a show', onPage('/PresSteps <<>>')],
  ['6.11', 'something it asks of its reader', inCatalogue('/Requirements []')],
];

for (const [clause, what, parts] of twins) {
  test(`${clause}: ${what} is refused`, () => {
    const faults = faultsOf(putTogether(parts));
    const wanted = clause === '6.1.10' ? '6.2.2' : clause;
    assert.ok(
      faults.some((fault) => fault.startsWith(`${wanted} `)),
      faults.join('; '),
    );
  });
}

test('6.1.7.1, 6.1.9, 6.1.4: other spacing of objects, streams and the cross-reference is refused', () => {
  const text = textOfBytes(putTogether(sound));
  for (const [clause, from, to] of [
    ['6.1.9', /(\n)(\d+ 0 obj)\n/, '$1$2 '],
    ['6.1.9', />>\nendobj\n/, '>> endobj\n'],
    ['6.1.7.1', /\nendstream\nendobj/, '\nendstream endobj'],
    ['6.1.4', /xref\n0 /, 'xref 0 '],
  ] as const) {
    const faults = faultsOf(bytesOf(text.replace(from, to)));
    assert.ok(
      faults.some((fault) => fault.startsWith(`${clause} `)),
      `${clause}: ${faults.join('; ')}`,
    );
  }
});

test('a claim that came with a file is taken out when it is cleaned or put together with others', async () => {
  const { bytes } = writeClaimedPdf([madePage()], { coding: 'jbig2' });
  assert.ok(textOfBytes(bytes).includes('pdfaid'));
  const cleaned = await cleanPdf(bytes);
  const merged = await mergePdfs([1, 2].map((n) => ({ bytes, title: `${n}`, foundIn: [] })));
  assert.ok(cleaned.ok && merged.ok);
  for (const made of [cleaned.value, merged.value.bytes]) {
    const read = readPdf(made);
    assert.ok(read.ok);
    assert.equal(read.value.ask(read.value.catalog, 'Metadata'), undefined);
    assert.ok(!textOfBytes(made).includes('pdfaid'));
  }
});

test('a spoiled file is judged without an error, whatever is wrong with it', () => {
  const bytes = putTogether(sound);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const spoiled = bytes.slice();
      spoiled[at] = byte;
      assert.ok(Array.isArray(faultsOf(spoiled)));
    }),
    { numRuns: 60 },
  );
});

test('other programs read the claim, and find the file sound', (t) => {
  const { bytes } = writeClaimedPdf([madePage()], { coding: 'jbig2' });
  const ask = (program: string, ...more: readonly string[]): string | undefined => {
    const ran = spawnSync(program, more, { input: bytes, encoding: 'utf8' });
    return ran.error === undefined ? ran.stdout : undefined;
  };
  const metadata = ask('pdfinfo', '-meta', '-');
  if (metadata === undefined) return t.skip('pdfinfo is not installed');
  assert.match(metadata, /<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>U</);
  return undefined;
});
