// Letters of Outlook taken apart: another reader finds in them what we find, and every word still where their attachments were taken out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import msgreader from '@kenjiuno/msgreader';
import fc from 'fast-check';
import { limits } from '#base/limits.ts';
import type { CfbStorage } from '#formats/cfb/cfb-tree.ts';
import { writeCfb } from '#formats/cfb/write-cfb.ts';
import { processorMs } from '../../../../test/processor-time.ts';
import type { KeepReason } from '../contract.ts';
import { type Bounds, extractFiles, type FoundFile } from './extract-files.ts';
import { probe } from './probe.ts';
import { makeMsg, type MsgLetter, type MsgPart, msgTree } from './test-msg.ts';

const BOUNDS: Bounds = { entries: limits.transit.entriesMax, bytes: limits.transit.expandedBytes, depth: 0 };
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const SIGNED_CMS = Buffer.from('308006092a864886f70d010702a080', 'hex');
const ENCRYPTED_CMS = Buffer.from('308006092a864886f70d010703a080', 'hex');

function extract(bytes: Uint8Array, bounds = BOUNDS): readonly FoundFile[] {
  return extractFiles([{ name: 'brief.msg', bytes }], bounds);
}

function isWhole(bytes: Uint8Array, reason: KeepReason | undefined): void {
  const found = extract(bytes);
  assert.deepEqual(
    found.map(({ name, kept }) => [name, kept]),
    [['brief.msg', reason]],
  );
  assert.ok(Buffer.from(found[0]?.bytes ?? []).equals(bytes), 'byte for byte');
}

interface Seen {
  readonly words: readonly unknown[];
  readonly attachments: readonly (readonly unknown[])[];
}

/** By msgreader, which shares no line with ours. */
function seenByAnother(bytes: Uint8Array): Seen {
  const reader = new msgreader.default(new Uint8Array(bytes).buffer);
  const data = reader.getFileData();
  return {
    words: [data.subject, data.body, data.senderName, data.messageClass, data.recipients?.map(({ name }) => name)],
    attachments: (data.attachments ?? []).map((attachment) => [
      attachment.fileName ?? attachment.fileNameShort ?? attachment.name,
      attachment.innerMsgContent === true ? 'letter' : reader.getAttachment(attachment).content.length,
    ]),
  };
}

const LETTER: MsgLetter = {
  subject: 'Akte Müller ./. Maier',
  body: 'Sehr geehrte Frau Kollegin,\r\nanbei die Klage. Grüße',
  parts: [
    {
      name: 'Klage Ö.pdf',
      shortName: 'KLAGE~1.PDF',
      mediaType: 'application/pdf',
      bytes: Buffer.concat([PDF, Buffer.alloc(9_000, 'x')]),
    },
    {
      letter: {
        subject: 'Ältere Nachricht',
        body: 'Innen steht auch etwas',
        parts: [{ name: 'foto.png', bytes: PNG }],
      },
    },
    { shortName: 'ZWEI.PDF', isAnsi: true, bytes: PDF },
  ],
};

test('attachments and letters inside come out in order, under their names', () => {
  const found = extract(makeMsg(LETTER));
  assert.deepEqual(
    found.map(({ name, kind, kept, foundIn }) => [name, kind, kept, foundIn]),
    [
      ['brief.msg', 'msg', undefined, []],
      ['Klage Ö.pdf', 'pdf', undefined, ['brief.msg']],
      ['Ältere Nachricht.msg', 'msg', undefined, ['brief.msg']],
      ['foto.png', 'png', undefined, ['brief.msg', 'Ältere Nachricht.msg']],
      ['ZWEI.PDF', 'pdf', undefined, ['brief.msg']],
    ],
  );
  assert.equal(found[1]?.bytes.length, PDF.length + 9_000);
  assert.ok(Buffer.from(found[4]?.bytes ?? []).equals(PDF));
});

test('no word is lost: what is left is a letter that another reader shows as before, with nothing attached to its names', () => {
  const bytes = makeMsg(LETTER);
  const before = seenByAnother(bytes);
  assert.deepEqual(before.attachments, [
    ['Klage Ö.pdf', PDF.length + 9_000],
    ['Ältere Nachricht', 'letter'],
    ['ZWEI.PDF', PDF.length],
  ]);
  const [rest, , inner] = extract(bytes);
  const after = seenByAnother(rest?.bytes ?? new Uint8Array());
  assert.deepEqual(after.words, before.words);
  assert.deepEqual(after.attachments, [
    ['Klage Ö.pdf', 0],
    ['Ältere Nachricht', 'letter'],
    ['ZWEI.PDF', 0],
  ]);
  assert.equal(rest?.restOf?.length, bytes.length);
  assert.ok((rest?.bytes.length ?? 0) < bytes.length - 9_000);
  // the letter inside is a file of its own now
  const innerSeen = seenByAnother(inner?.bytes ?? new Uint8Array());
  assert.deepEqual(innerSeen.words.slice(0, 2), ['Ältere Nachricht', 'Innen steht auch etwas']);
  assert.deepEqual(innerSeen.attachments, [['foto.png', 0]]);
});

test('a letter without files, and what is no letter, stays what it is', () => {
  isWhole(makeMsg({}), 'unknownKind');
  const office: CfbStorage = {
    kind: 'storage',
    name: 'Root Entry',
    head: new Uint8Array(36),
    children: [
      { kind: 'stream', name: 'WordDocument', bytes: Buffer.alloc(5_000) },
      { kind: 'storage', name: 'ObjectPool', head: new Uint8Array(36), children: msgTree(LETTER).children },
    ],
  };
  assert.equal(probe(writeCfb(office)), 'office', 'a document with a letter inside it is a document');
  isWhole(writeCfb(office), undefined);
});

test('signed and encrypted letters go back byte for byte', () => {
  const sealed = (bytes: Uint8Array, messageClass: string): Uint8Array =>
    makeMsg({ messageClass, parts: [{ name: 'smime.p7m', mediaType: 'application/pkcs7-mime', bytes }] });
  isWhole(sealed(SIGNED_CMS, 'IPM.Note.SMIME'), 'signed');
  isWhole(sealed(ENCRYPTED_CMS, 'IPM.Note.SMIME'), 'encrypted');
  isWhole(sealed(Buffer.from('Content-Type: multipart/signed; x'), 'IPM.Note.SMIME.MultipartSigned'), 'signed');
  isWhole(makeMsg({ parts: [{ name: 'a.asc', mediaType: 'application/pgp-encrypted', bytes: PDF }] }), 'encrypted');
  isWhole(makeMsg({ parts: [{ name: 'a.asc', mediaType: 'application/pgp-signature', bytes: PDF }] }), 'signed');
  assert.equal(extract(sealed(SIGNED_CMS, 'IPM.Note'))[0]?.kept, undefined, 'control: it is the class that says so');
});

test('small pictures that the text shows stay in it; large ones, and those it does not show, come out', () => {
  const sign: MsgPart = { name: 'logo.png', mediaType: 'image/png', contentId: 'logo@a', isHidden: true, bytes: PNG };
  isWhole(makeMsg({ parts: [sign] }), 'unknownKind');
  for (const other of [
    { ...sign, isHidden: false },
    { ...sign, mediaType: 'application/pdf' },
    { ...sign, bytes: Buffer.concat([PNG, Buffer.alloc(30_000)]) },
  ])
    assert.equal(extract(makeMsg({ parts: [other] })).length, 2);
});

test('links and objects of other programs stay in their letter', () => {
  isWhole(makeMsg({ parts: [{ name: 'wolke.pdf', method: 7 }] }), 'unknownKind');
  const [rest, pdf] = extract(
    makeMsg({
      parts: [
        { name: 'ole', method: 6, bytes: PNG },
        { name: 'a.pdf', bytes: PDF },
      ],
    }),
  );
  assert.equal(pdf?.name, 'a.pdf');
  assert.deepEqual(seenByAnother(rest?.bytes ?? new Uint8Array()).attachments, [
    ['ole', PNG.length],
    ['a.pdf', 0],
  ]);
});

test('names in old code pages keep their letters', () => {
  const names = (letter: MsgLetter): unknown => extract(makeMsg(letter)).map(({ name }) => name);
  assert.deepEqual(names({ parts: [{ name: 'Müller.pdf', isAnsi: true, bytes: PDF }] }), ['brief.msg', 'Müller.pdf']);
  assert.deepEqual(names({ codepage: 1251, parts: [{ name: '\xcf.pdf', isAnsi: true, bytes: PDF }] }), [
    'brief.msg',
    'П.pdf',
  ]);
  assert.deepEqual(names({ codepage: 4_000_000, parts: [{ name: 'a.pdf', isAnsi: true, bytes: PDF }] }), [
    'brief.msg',
    'a.pdf',
  ]);
});

test('names with paths, NUL, controls and marks of direction are harmless', () => {
  const names = ['../../etc/passwd', 'C:\\x.png', 'a\0b.png', 'ru\u202egnp.exe', '..', '\ud800.png', '', 'x\r\ny'];
  const found = extract(makeMsg({ parts: names.map((name) => ({ name, bytes: PNG })) }));
  assert.equal(found.length, names.length + 1);
  for (const { name } of found) assert.match(name, /^(?!\.+$)[^/\\\p{Cc}\p{Cs}\u202a-\u202e]+$/u);
});

test('entries and bytes are counted over the whole letter, letters inside too', () => {
  const bytes = makeMsg(LETTER);
  const reasons = (bounds: Partial<Bounds>): unknown =>
    extract(bytes, { ...BOUNDS, ...bounds }).map(({ kept }) => kept);
  assert.deepEqual(reasons({ entries: 4 }), [undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual(reasons({ entries: 3 }), [undefined, undefined, 'tooManyEntries', undefined]);
  assert.deepEqual(reasons({ entries: 2 }), ['tooManyEntries']);
  assert.deepEqual(reasons({ bytes: 9_000 }), ['expandsTooFar']);
  assert.deepEqual(reasons({ bytes: 30_000 }), [undefined, undefined, undefined, undefined, undefined]);
});

test('a torn letter is damage, and is still told to be a letter', () => {
  const bytes = makeMsg({ parts: [{ name: 'a.pdf', bytes: Buffer.alloc(40_000, 1) }] });
  const torn = bytes.subarray(0, bytes.length - 600);
  assert.equal(probe(torn), 'msg');
  isWhole(torn, 'damaged');
  assert.equal(extract(bytes).length, 2);
});

test('changed bytes are opened or refused with a reason, never thrown, and quickly', () => {
  const bytes = makeMsg(LETTER);
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 15 }),
    fc.option(fc.nat(bytes.length), { nil: undefined, freq: 6 }),
    (changes, end) => {
      const copy = bytes.slice(0, end ?? bytes.length);
      for (const [at, byte] of changes) if (at < copy.length) copy[at] = byte;
      const begun = processorMs();
      const found = extract(copy);
      assert.ok(found.length > 0 && processorMs() - begun < 2_000);
      const [first] = found;
      if (found.length === 1 && first?.restOf === undefined) assert.ok(Buffer.from(first?.bytes ?? []).equals(copy));
    },
  );
  fc.assert(property, { numRuns: 500 });
});
