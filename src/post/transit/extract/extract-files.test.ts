// Files out of archives and letters: what is found, what stays whole and why, and that nothing is ever dropped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import type { KeepReason, SentFile } from '../contract.ts';
import { type Bounds, extractFiles, type FoundFile } from './extract-files.ts';
import { probe } from './probe.ts';
import { makeZip, type ZipPart } from './test-zip.ts';

const BOUNDS: Bounds = { entries: limits.transit.entriesMax, bytes: limits.transit.expandedBytes, depth: 0 };
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n');
const SIGNED_CMS = Buffer.from('3080 0609 2a864886f70d010702 a080'.replaceAll(' ', ''), 'hex');
const ENCRYPTED_CMS = Buffer.from('3080 0609 2a864886f70d010703 a080'.replaceAll(' ', ''), 'hex');

function extract(files: readonly SentFile[], bounds = BOUNDS): readonly FoundFile[] {
  return extractFiles(files, bounds);
}

function zip(parts: readonly ZipPart[], name = 'akten.zip'): SentFile {
  return { name, bytes: makeZip(parts) };
}

/** The archive came back as one file, byte for byte, for this reason. */
function isWhole(sent: SentFile, reason: KeepReason): void {
  const found = extract([sent]);
  assert.deepEqual(
    found.map(({ name, kept }) => [name, kept]),
    [[sent.name, reason]],
  );
  assert.deepEqual(Buffer.from(found[0]?.bytes ?? []), Buffer.from(sent.bytes));
}

test('kinds are told by first bytes, never by names', () => {
  assert.deepEqual(
    [PNG, PDF, makeZip([{ name: 'a' }]), SIGNED_CMS, Buffer.from('hello'), new Uint8Array()].map((bytes) =>
      probe(bytes),
    ),
    ['png', 'pdf', 'zip', 'p7s', 'other', 'other'],
  );
  assert.equal(probe(Buffer.concat([Buffer.from('junk in front\n'), PDF])), 'pdf');
  assert.equal(probe(Buffer.from('From: a@b.example\r\nDate: x\r\nSubject: %PDF-\r\n\r\nhi')), 'eml');
  assert.equal(probe(Buffer.from('Subject: of a text\n\nthat is no letter')), 'other');
  assert.equal(probe(Buffer.from('-----BEGIN PKCS7-----\nAA==')), 'p7s');
  assert.equal(probe(Buffer.from([0x49, 0x49, 0x2a, 0])), 'tiff');
  assert.equal(probe(Buffer.from([0xff, 0xd8, 0xff, 0xe0])), 'jpeg');
});

test('a PDF inside a container is not taken for the container', () => {
  const tar = Buffer.concat([Buffer.from('brief.pdf'.padEnd(257, '\0') + 'ustar'), Buffer.alloc(250), PDF]);
  assert.ok(tar.indexOf('%PDF-') < 1_024);
  assert.equal(probe(tar), 'other');
  assert.equal(
    probe(Buffer.concat([Buffer.from('PK\x07\x08'), makeZip([{ name: 'a.pdf', bytes: PDF, method: 0 }])])),
    'other',
  );
});

/** One directory with this entry: tag, and a whole number of 32 bits. */
function tiff(tag: number, value: number, mark = '\0\0'): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.write('II*\0\x10\0\0\0', 'latin1');
  bytes.write(mark, 8, 'latin1');
  bytes.writeUInt16LE(1, 16);
  bytes.writeUInt16LE(tag, 18);
  bytes.writeUInt16LE(4, 20);
  bytes.writeUInt32LE(1, 22);
  bytes.writeUInt32LE(value, 26);
  return bytes;
}

test('a camera’s own file, of which only the small picture to look at would be made, is no TIFF', () => {
  const [newSubfileType, width, dngVersion] = [254, 256, 50_706];
  assert.equal(probe(tiff(newSubfileType, 1)), 'other');
  assert.equal(probe(tiff(dngVersion, 0x0401)), 'other');
  assert.equal(probe(tiff(width, 100, 'CR')), 'other');
  for (const page of [tiff(width, 100), tiff(newSubfileType, 0), tiff(newSubfileType, 2)])
    assert.equal(probe(page), 'tiff', 'a picture, and one page of several');
});

test('an archive with another one glued to it goes back whole: one of them would be lost', () => {
  const one = zip([{ name: 'a.pdf', bytes: PDF }]);
  const other = zip([{ name: 'b.pdf', bytes: PDF }]);
  for (const [front, back] of [
    [one, other],
    [one, one],
  ] as const)
    isWhole({ name: 'zwei.zip', bytes: Buffer.concat([front.bytes, back.bytes]) }, 'damaged');
  assert.equal(extract([one])[0]?.kept, undefined);
});

test('files of an archive come out in its order, with the folders they were in', () => {
  const found = extract([
    zip([{ name: 'Klage/' }, { name: 'Klage/Seite 1.png', bytes: PNG }, { name: 'brief.pdf', bytes: PDF, method: 0 }]),
    { name: 'notiz.txt', bytes: Buffer.from('hello') },
  ]);
  assert.deepEqual(
    found.map(({ name, foundIn, kind, kept }) => [name, foundIn, kind, kept]),
    [
      ['Seite 1.png', ['akten.zip', 'Klage'], 'png', undefined],
      ['brief.pdf', ['akten.zip'], 'pdf', undefined],
      ['notiz.txt', [], 'other', 'unknownKind'],
    ],
  );
});

test('archives of streaming writers, of large-file writers and with a comment are read', () => {
  const parts = [
    { name: 'a.png', bytes: PNG, hasDescriptor: true },
    { name: 'b.pdf', bytes: PDF, isZip64: true },
  ];
  for (const bytes of [makeZip(parts), makeZip(parts, { comment: 'from the scanner' })]) {
    const found = extract([{ name: 'a.zip', bytes }]);
    assert.deepEqual(
      found.map(({ kind, kept }) => [kind, kept]),
      [
        ['png', undefined],
        ['pdf', undefined],
      ],
    );
    assert.deepEqual(Buffer.from(found[1]?.bytes ?? []), PDF);
  }
});

test('names in the old code page of Windows keep their umlauts', () => {
  const [file] = extract([zip([{ name: Uint8Array.of(0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72), bytes: PNG }])]);
  assert.equal(file?.name, 'Müller');
});

test('an archive that lies goes back whole: overlapping, other names in front, wrong sizes, wrong checksum, cut', () => {
  const honest = { name: 'a.png', bytes: PNG };
  isWhole(zip([honest, { ...honest, sharesWith: 0 }]), 'damaged');
  isWhole(zip([{ ...honest, localName: 'b.png' }]), 'damaged');
  isWhole(zip([{ ...honest, plainBytes: 5 }]), 'damaged');
  isWhole(zip([{ ...honest, plainBytes: 5_000 }]), 'damaged');
  isWhole(zip([{ ...honest, packedBytes: 5_000 }]), 'damaged');
  isWhole(zip([{ ...honest, crc: 1 }]), 'damaged');
  isWhole({ name: 'x.zip', bytes: makeZip([honest]).subarray(0, -10) }, 'damaged');
  isWhole({ name: 'x.zip', bytes: makeZip([honest], { entries: 2 }) }, 'damaged');
  assert.equal(extract([zip([honest])])[0]?.kept, undefined);
});

test('encrypted archives, links and unheard-of packings go back whole', () => {
  isWhole(zip([{ name: 'a.png', bytes: PNG, flags: 1 }]), 'encrypted');
  isWhole(zip([{ name: 'a.png', bytes: PNG, method: 99 }]), 'encrypted');
  isWhole(zip([{ name: 'a.png', bytes: PNG, method: 12 }]), 'unknownKind');
  isWhole(zip([{ name: 'a.png', bytes: Buffer.from('/etc/passwd'), unixMode: 0o120777 }]), 'unknownKind');
});

test('Office documents, books and signed containers are no archives', () => {
  const docx = zip([{ name: '[Content_Types].xml' }, { name: 'word/document.xml' }], 'brief.docx');
  const odf = [{ name: 'mimetype', method: 0 }, { name: 'content.xml' }, { name: 'META-INF/manifest.xml' }];
  for (const file of [docx, zip(odf, 'brief.odt')])
    assert.deepEqual(
      extract([file]).map(({ kind, kept, bytes }) => [kind, kept, bytes.length]),
      [['office', undefined, file.bytes.length]],
    );
  isWhole(zip([{ name: '[Content_Types].xml' }, { name: 'visio/document.xml' }], 'plan.vsdx'), 'unknownKind');
  isWhole(zip([{ name: 'mimetype', method: 0 }, { name: 'META-INF/container.xml' }], 'buch.epub'), 'unknownKind');
  isWhole(zip([{ name: 'mimetype', method: 0 }, { name: 'META-INF/signatures.xml' }], 'brief.asice'), 'signed');
});

test('a member that expands more than a hundredfold keeps its archive shut; a small one may', () => {
  isWhole(zip([{ name: 'bomb', bytes: new Uint8Array(3 * 1024 * 1024) }]), 'expandsTooFar');
  assert.equal(extract([zip([{ name: 'white', bytes: new Uint8Array(500_000) }])])[0]?.bytes.length, 500_000);
});

test('bytes and entries are counted over the whole letter', () => {
  const files = [zip([{ name: 'a', bytes: PNG }], 'a.zip'), zip([{ name: 'b', bytes: PNG }], 'b.zip')];
  const reasons = (bounds: Bounds): unknown => extract(files, bounds).map(({ name, kept }) => [name, kept]);
  assert.deepEqual(reasons({ ...BOUNDS, bytes: 20 }), [
    ['a', undefined],
    ['b.zip', 'expandsTooFar'],
  ]);
  assert.deepEqual(reasons({ ...BOUNDS, entries: 1 }), [
    ['a', undefined],
    ['b.zip', 'tooManyEntries'],
  ]);
});

test('archives in archives are opened down to the bound, and the one below it stays shut', () => {
  let inner: SentFile = { name: 'page.png', bytes: PNG };
  for (let depth = 0; depth < 7; depth++) inner = zip([{ name: inner.name, bytes: inner.bytes }], `${depth}.zip`);
  const [file, ...more] = extract([inner]);
  assert.deepEqual(
    [file?.name, file?.kept, file?.foundIn, more.length],
    ['1.zip', 'tooDeep', ['6.zip', '5.zip', '4.zip', '3.zip', '2.zip'], 0],
  );
});

test('a bad archive inside a good one stays shut alone', () => {
  const bad = zip([{ name: 'a', bytes: PNG, crc: 1 }], 'bad.zip');
  const found = extract([
    zip([
      { name: 'bad.zip', bytes: bad.bytes },
      { name: 'good.png', bytes: PNG },
    ]),
  ]);
  assert.deepEqual(
    found.map(({ name, kept }) => [name, kept]),
    [
      ['bad.zip', 'damaged'],
      ['good.png', undefined],
    ],
  );
  assert.deepEqual(Buffer.from(found[0]?.bytes ?? []), Buffer.from(bad.bytes));
});

test('names with paths, NUL, controls and marks of direction are harmless', () => {
  const names = ['../../etc/cron.d/x', 'C:\\Windows\\x.png', 'a\0b.png', 'ru\u202egnp.exe', '..', '/', 'x\r\ny'];
  const found = extract([
    zip(names.map((name) => ({ name, bytes: PNG }))),
    ...names.map((name) => ({ name, bytes: PNG })),
  ]);
  assert.equal(found.length, 2 * names.length);
  for (const { name, foundIn } of found)
    for (const part of [name, ...foundIn]) assert.match(part, /^(?!\.+$)[^/\\\p{Cc}\u202a-\u202e]+$/u);
});

const FILES = `--b\r\nContent-Type: application/pdf; name="=?utf-8?Q?M=C3=BCller.pdf?="\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${PDF.toString('base64')}\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: inline; filename*=utf-8''Seite%20%C3%9C.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${PNG.toString('base64')}\r\n`;
const HEAD = 'From: a@b.example\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nSubject: Akte\r\nMIME-Version: 1.0\r\n';

function letter(parts: string, type = 'multipart/mixed'): SentFile {
  return {
    name: 'brief.eml',
    bytes: Buffer.from(`${HEAD}Content-Type: ${type}; boundary=b\r\n\r\n--b\r\n\r\nSehr geehrte\r\n${parts}--b--\r\n`),
  };
}

test('attachments and inline files come out of a letter, and the letter keeps every word', () => {
  const found = extract([letter(FILES)]);
  assert.deepEqual(
    found.map(({ name, kind, foundIn, kept }) => [name, kind, foundIn, kept]),
    [
      ['brief.eml', 'eml', [], undefined],
      ['Müller.pdf', 'pdf', ['brief.eml'], undefined],
      ['Seite Ü.png', 'png', ['brief.eml'], undefined],
    ],
  );
  assert.deepEqual(Buffer.from(found[1]?.bytes ?? []), PDF);
  const rest = Buffer.from(found[0]?.bytes ?? []).toString();
  assert.ok(rest.includes('Subject: Akte') && rest.includes('Sehr geehrte') && rest.includes('Seite%20%C3%9C.png'));
  assert.ok(!rest.includes(PDF.toString('base64')));
  assert.equal(found[0]?.restOf?.length, letter(FILES).bytes.length);
});

test('a letter inside a letter is opened, and one without files stays what it is', () => {
  const inner = Buffer.from(letter(FILES).bytes).toString();
  const outer = letter(
    `--b\r\nContent-Type: message/rfc822\r\n\r\n${inner.replaceAll('--b', '--c').replace('=b', '=c')}\r\n`,
  );
  const found = extract([outer]);
  assert.deepEqual(
    found.map(({ name, foundIn }) => [name, foundIn.length]),
    [
      ['brief.eml', 0],
      ['letter.eml', 1],
      ['Müller.pdf', 2],
      ['Seite Ü.png', 2],
    ],
  );
  isWhole(letter(''), 'unknownKind');
});

test('a signed or encrypted letter goes back byte for byte', () => {
  const signature = `--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n${SIGNED_CMS.toString('base64')}\r\n`;
  isWhole(letter(signature, 'multipart/signed; protocol="application/pkcs7-signature"'), 'signed');
  const nested = `--b\r\nContent-Type: multipart/signed; boundary=c\r\n\r\n--c\r\n\r\nhi\r\n--c\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--c--\r\n`;
  isWhole(letter(nested), 'signed');
  const sealed = Buffer.from(
    `${HEAD}Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n${ENCRYPTED_CMS.toString('base64')}`,
  );
  isWhole({ name: 'sealed.eml', bytes: sealed }, 'encrypted');
});

test('a signature beside a file keeps both as they are, and no others', () => {
  const reasons = (names: readonly string[]): unknown =>
    extract(names.map((name) => ({ name, bytes: name.endsWith('.p7s') ? SIGNED_CMS : PDF }))).map(({ kept }) => kept);
  assert.deepEqual(reasons(['a.pdf', 'a.pdf.p7s', 'b.pdf']), ['signed', 'signed', undefined]);
  assert.deepEqual(reasons(['A.pdf', 'a.p7s', 'b.pdf']), ['signed', 'signed', undefined]);
  assert.equal(extract([{ name: 'x.p7m', bytes: ENCRYPTED_CMS }])[0]?.kept, 'encrypted');
});
