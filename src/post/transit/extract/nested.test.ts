// Archives and letters of every kind in one another: opened down to the fifth, counted over all of them, and what is not touched is the same to the byte.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import type { SentFile } from '../contract.ts';
import { type Bounds, extractFiles, type FoundFile } from './extract-files.ts';
import { makeMsg, type MsgLetter } from './test-msg.ts';
import { makeZip } from './test-zip.ts';

const BOUNDS: Bounds = { entries: limits.transit.entriesMax, bytes: limits.transit.expandedBytes, depth: 0 };
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const TEXT = Buffer.from('was auch immer das ist\n');

type Wrap = 'zip' | 'eml' | 'msg';
const WRAPS: readonly Wrap[] = ['zip', 'eml', 'msg'];

function eml(files: readonly SentFile[]): Uint8Array {
  const parts = files.map(
    ({ name, bytes }) =>
      `--grenze\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(
        bytes,
      )
        .toString('base64')
        .replaceAll(/.{76}/g, '$&\r\n')}\r\n`,
  );
  return Buffer.from(
    `From: a@b.example\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=grenze\r\n\r\n--grenze\r\n\r\nanbei\r\n${parts.join('')}--grenze--\r\n`,
  );
}

function wrap(kind: Wrap, files: readonly SentFile[], name: string): SentFile {
  if (kind === 'zip') return { name: `${name}.zip`, bytes: makeZip(files) };
  if (kind === 'eml') return { name: `${name}.eml`, bytes: eml(files) };
  return { name: `${name}.msg`, bytes: makeMsg({ parts: files }) };
}

/** A picture and a file that nobody knows, in so many, outermost first. */
function nested(kinds: readonly Wrap[]): SentFile {
  let inner: readonly SentFile[] = [
    { name: 'seite.png', bytes: PNG },
    { name: 'rest.xyz', bytes: TEXT },
  ];
  for (const [index, kind] of kinds.toReversed().entries())
    inner = [wrap(kind, inner, String(kinds.length - 1 - index))];
  return inner[0] ?? { name: '', bytes: PNG };
}

function extract(files: readonly SentFile[], bounds = BOUNDS): readonly FoundFile[] {
  return extractFiles(files, bounds);
}

function leaves(found: readonly FoundFile[]): readonly FoundFile[] {
  return found.filter(({ restOf }) => restOf === undefined);
}

const TURNS = WRAPS.flatMap((one) => WRAPS.map((other) => [one, other] as const));

for (const [one, other] of TURNS) {
  const five = [one, other, one, other, one];
  test(`five of ${one} and ${other} in one another are opened, the path is told, and the bytes are the same`, () => {
    const sent = nested(five);
    const found = leaves(extract([sent]));
    const places = five.map((kind, depth) => `${depth}.${kind}`);
    assert.deepEqual(
      found.map(({ name, kept, foundIn }) => [name, kept, foundIn]),
      [
        ['seite.png', undefined, places],
        ['rest.xyz', 'unknownKind', places],
      ],
    );
    assert.ok(PNG.equals(found[0]?.bytes ?? new Uint8Array()) && TEXT.equals(found[1]?.bytes ?? new Uint8Array()));
  });

  test(`of six of ${one} and ${other} the sixth stays shut, and is what it was`, () => {
    const sent = nested([...five, other]);
    const found = leaves(extract([sent]));
    const sixth = wrap(
      other,
      [
        { name: 'seite.png', bytes: PNG },
        { name: 'rest.xyz', bytes: TEXT },
      ],
      '5',
    );
    assert.deepEqual(
      found.map(({ name, kept, foundIn }) => [name, kept, foundIn.length]),
      [[sixth.name, 'tooDeep', limits.transit.depthMax]],
    );
    assert.ok(Buffer.from(sixth.bytes).equals(found[0]?.bytes ?? new Uint8Array()));
  });
}

test('a letter in a letter of Outlook counts as deep as one in an archive', () => {
  let letter: MsgLetter = { subject: 'Nr. 9', parts: [{ name: 'seite.png', bytes: PNG }] };
  for (let depth = 8; depth >= 0; depth--) letter = { subject: `Nr. ${depth}`, parts: [{ letter }] };
  const found = leaves(extract([{ name: 'brief.msg', bytes: makeMsg(letter) }]));
  assert.deepEqual(
    found.map(({ name, kept, foundIn }) => [name, kept, foundIn.length]),
    [['Nr. 5.msg', 'tooDeep', 5]],
  );
  // nothing in it is lost: opened by itself it goes on
  const on = leaves(extract([{ name: 'weiter.msg', bytes: found[0]?.bytes ?? PNG }]));
  assert.deepEqual(
    on.map(({ name, kept }) => [name, kept]),
    [['seite.png', undefined]],
  );
});

test('entries and bytes hold across kinds: what one archive used up the next has not', () => {
  const files = [nested(['zip', 'msg']), nested(['msg', 'eml']), nested(['eml', 'zip'])];
  // three entries each: the inner one, and its two
  const reasons = (bounds: Partial<Bounds>): readonly string[] =>
    extract(files, { ...BOUNDS, ...bounds }).flatMap(({ name, kept }) =>
      kept === undefined || kept === 'unknownKind' ? [] : [`${name}: ${kept}`],
    );
  assert.deepEqual(reasons({ entries: 9 }), []);
  assert.deepEqual(reasons({ entries: 8 }), ['1.zip: tooManyEntries']);
  assert.deepEqual(reasons({ entries: 6 }), ['0.eml: tooManyEntries']);
  const all = extract(files).reduce((sum, { bytes, restOf }) => sum + (restOf === undefined ? bytes.length : 0), 0);
  assert.ok(reasons({ bytes: all }).some((reason) => reason.endsWith('expandsTooFar')));
  assert.deepEqual(reasons({ bytes: 1_000_000 }), []);
});

test('what blows up stays shut alone, however deep it lies, and the files beside it are found', () => {
  const bomb = { name: 'bombe.zip', bytes: makeZip([{ name: 'null', bytes: new Uint8Array(3 * 1024 * 1024) }]) };
  for (const kind of WRAPS) {
    const inner = wrap(kind, [bomb, { name: 'seite.png', bytes: PNG }], 'innen');
    const found = leaves(extract([wrap('msg', [inner], 'aussen')]));
    assert.deepEqual(
      found.map(({ name, kept }) => [name, kept]),
      [
        ['bombe.zip', 'expandsTooFar'],
        ['seite.png', undefined],
      ],
    );
    assert.ok(Buffer.from(bomb.bytes).equals(found[0]?.bytes ?? new Uint8Array()));
  }
});
