// Letters sealed at the door open at their readers, byte for byte, and nowhere else.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { applyInsertions, protectInsertions } from '#formats/message/protect-insertion.ts';
import { parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import { parsePackets } from '#formats/openpgp/packet.ts';
import { dearmor } from '#formats/openpgp/armor.ts';
import { hmacSha256 as clientHmac } from './derive.ts';
import { checkSummary, openLetter, openSummary, openTerms } from './open.ts';
import { outerDate, render, renderedSizeBytes, RENDER_VERSION } from './render.ts';
import { hmacSha256 } from './seal-blobs.ts';
import { sealLetter } from './seal.ts';
import { padmeLength } from './sealed-blob.ts';
import { bytesOf, deliver, letterFor, makeDoorKey, makeMailbox, NOW_MS } from './test-mailbox.ts';

const anna = await makeMailbox();
const bert = await makeMailbox('bert@siegel.test');
const doorKey = makeDoorKey();

describe('a letter sealed at the door', () => {
  it('opens at its reader to the original bytes, with summary, terms and block', async () => {
    const { sealed, copy, opened, trusted } = await deliver(anna, doorKey);
    assert.deepEqual(await checkSummary(opened, trusted, sealed.packetDigest), { ok: true, value: undefined });
    assert.equal(opened.summary.receivedMs, NOW_MS);
    assert.deepEqual(opened.summary.verdict, { spf: 'pass', dkim: 'pass', dmarc: 'pass' });
    assert.deepEqual(opened.summary.facts, { subject: 'The vineyard', from: 'carl@example.org' });
    const terms = await openTerms(copy.terms, opened, anna.summaryKeys);
    assert.deepEqual(terms, { ok: true, value: { tokeniser: 1, words: ['papers', 'ready', 'vineyard'] } });
    const letter = await openLetter(
      { keyPacket: copy.keyPacket, dataPacket: sealed.packet },
      anna.keyring,
      opened.summary,
    );
    assert.ok(letter.ok);
    const input = letterFor([anna]);
    assert.deepEqual(letter.value.plainOriginal, input.plainOriginal);
    assert.deepEqual(letter.value.plainBlock, input.plainBlock);
  });

  it('shows none of its words in anything that is stored', () => {
    const sealed = sealLetter(letterFor([anna, bert]), doorKey);
    const stored = [sealed.packet, ...sealed.copies.flatMap((copy) => [copy.keyPacket, copy.summary, copy.terms])];
    for (const bytes of stored) {
      const text = Buffer.from(bytes).toString('latin1');
      for (const word of ['vineyard', 'papers', 'carl', 'example.org']) assert.ok(!text.includes(word), word);
    }
  });

  it('sealed twice shares no byte string with its first sealing', () => {
    const [first, second] = [letterFor([anna]), letterFor([anna])].map((letter) => sealLetter(letter, doorKey));
    assert.notDeepEqual(first?.packet.subarray(6, 40), second?.packet.subarray(6, 40));
    assert.notDeepEqual(first?.copies[0]?.keyPacket.subarray(13), second?.copies[0]?.keyPacket.subarray(13));
    assert.notDeepEqual(first?.copies[0]?.summary.subarray(6), second?.copies[0]?.summary.subarray(6));
  });

  it('for several readers names in each copy only the key id of that reader', () => {
    const sealed = sealLetter(letterFor([anna, bert]), doorKey);
    const ids = [anna, bert].map(({ readerKeys }) => Buffer.from(readerKeys.openpgp.keyId));
    sealed.copies.forEach((copy, i) => {
      const rendered = render(RENDER_VERSION, { ...copy, receivedMs: NOW_MS }, sealed.packet);
      const armored = dearmor(Buffer.from(rendered).toString('latin1'));
      assert.ok(armored.ok);
      const packets = parsePackets(armored.value.bytes);
      assert.ok(packets.ok);
      assert.deepEqual(
        packets.value.map(({ tag }) => tag),
        [1, 18],
      );
      const key = parseKeyPacket(requireValue(packets.value[0], 'key packet').body);
      assert.ok(key.ok);
      assert.deepEqual(Buffer.from(key.value.keyId), ids[i]);
      assert.equal(Buffer.from(armored.value.bytes).indexOf(requireValue(ids[1 - i], 'other id')), -1);
    });
  });

  it('opens at every one of its readers, and at no reader with the key packet of another', async () => {
    const sealed = sealLetter(letterFor([anna, bert]), doorKey);
    for (const [i, mailbox] of [anna, bert].entries()) {
      const copy = requireValue(sealed.copies[i], 'copy');
      const opened = await openSummary(copy.summary, copy, mailbox.summaryKeys);
      assert.ok(opened.ok);
      const stored = { keyPacket: copy.keyPacket, dataPacket: sealed.packet };
      assert.ok((await openLetter(stored, mailbox.keyring, opened.value.summary)).ok);
      const other = mailbox === anna ? bert : anna;
      const refused = await openLetter(stored, other.keyring, opened.value.summary);
      assert.deepEqual(refused, { ok: false, error: { kind: 'alteredInStorage' } });
    }
  });

  it('that came encrypted gets an outer summary and no terms', async () => {
    const { copy, opened, trusted } = await deliver(anna, doorKey, { kind: 'outer', terms: undefined });
    assert.equal(copy.terms.length, 0);
    assert.equal(opened.kind, 'outer');
    assert.ok((await checkSummary(opened, trusted)).ok);
    assert.throws(() => sealLetter(letterFor([anna], { kind: 'outer' }), doorKey), /no terms/);
  });

  it('comes back byte for byte, whatever its bytes are', { timeout: 120_000 }, async () => {
    for (let i = 0; i < 2_000; i++) {
      const plainOriginal = randomLetter(i);
      const insertions = protectInsertions(plainOriginal);
      const { sealed, copy, opened } = await deliver(anna, doorKey, { plainOriginal, insertions });
      const stored = { keyPacket: copy.keyPacket, dataPacket: sealed.packet };
      const letter = await openLetter(stored, anna.keyring, opened.summary);
      assert.ok(letter.ok, `letter ${i}`);
      assert.ok(Buffer.from(letter.value.plainOriginal).equals(plainOriginal), `letter ${i}`);
    }
  });
});

describe('sizes', () => {
  it('of summaries go in steps of 256 bytes, of terms in Padmé steps', async () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const { copy } = await deliver(anna, doorKey, { facts: { subject: 'x'.repeat(i * 11) } });
      lengths.add(copy.summary.length);
      assert.equal((copy.summary.length - 6 - 32 - 16) % 256, 0);
    }
    assert.ok(lengths.size <= 4);
    assert.deepEqual([9, 100, 1000, 10_000, 65_000].map(padmeLength), [10, 104, 1024, 10_240, 65_536]);
    for (let length = 2; length < 70_000; length += 7) assert.ok(padmeLength(length) / length <= 1.12);
  });

  it('of a rendered letter are known without rendering it', () => {
    for (const letterBytes of [0, 1, 2, 3, 100, 190, 191, 192, 8000, 8383, 8384, 65_536, 70_001]) {
      const sealed = sealLetter(
        letterFor([anna], { plainOriginal: new Uint8Array(letterBytes), insertions: [] }),
        doorKey,
      );
      const copy = requireValue(sealed.copies[0], 'copy');
      const rendered = render(RENDER_VERSION, { ...copy, receivedMs: NOW_MS }, sealed.packet);
      assert.equal(rendered.length, copy.renderSizeBytes);
      assert.equal(rendered.length, renderedSizeBytes(1, copy.keyPacket.length, sealed.packet.length));
    }
  });
});

describe('a rendered letter', () => {
  it('is the same bytes every time and shows only the day it came', async () => {
    const { sealed, copy } = await deliver(anna, doorKey);
    const at = (receivedMs: number): string =>
      Buffer.from(render(1, { ...copy, receivedMs }, sealed.packet)).toString('latin1');
    assert.equal(at(NOW_MS), at(NOW_MS));
    assert.equal(at(NOW_MS), at(Date.UTC(2026, 4, 17, 23, 59, 59)));
    assert.match(at(NOW_MS), /^Date: Sun, 17 May 2026 00:00:00 \+0000\r\n/);
    assert.match(at(NOW_MS), /\r\nSubject: \[\.\.\.\]\r\n/);
    assert.equal(outerDate(0).length, outerDate(NOW_MS).length);
    assert.throws(() => render(2, { ...copy, receivedMs: 0 }, sealed.packet), /unknown render version/);
  });

  it('opens as the stored packets do', async () => {
    const { sealed, copy, opened } = await deliver(anna, doorKey);
    const rendered = render(1, { ...copy, receivedMs: NOW_MS }, sealed.packet);
    assert.ok((await openLetter({ rendered }, anna.keyring, opened.summary)).ok);
    const refused = await openLetter({ rendered: bytesOf('no letter') }, anna.keyring, opened.summary);
    assert.deepEqual(refused, { ok: false, error: { kind: 'notAStoredLetter' } });
  });
});

it('insertions out of order are a mistake, not a letter', () => {
  const insertions = [
    { offset: 9, bytes: bytesOf('a') },
    { offset: 3, bytes: bytesOf('b') },
  ];
  assert.throws(() => sealLetter(letterFor([anna], { insertions }), doorKey), /not in order/);
  assert.throws(() => applyInsertions(new Uint8Array(20), insertions));
});

it('the two HMACs of server and client agree', () => {
  for (let length = 0; length < 200; length += 13) {
    const key = crypto.getRandomValues(new Uint8Array(length % 65));
    const data = crypto.getRandomValues(new Uint8Array(length));
    assert.deepEqual(Uint8Array.from(hmacSha256(key, data)), clientHmac(key, data));
  }
});

/** Sizes around every length boundary, header shapes that matter, bytes of all kinds. */
function randomLetter(i: number): Uint8Array<ArrayBuffer> {
  const random = crypto.getRandomValues(new Uint8Array(1 + ((i * 37) % 9_000)));
  const heads = [
    '',
    'Subject: x\r\n\r\n',
    'Content-Type: text/plain\r\n\r\n',
    'content-type : TEXT/html (comment; "x) ; charset="utf-8\r\n\r\n',
    'Content-Type: multipart/signed; boundary=x\r\n\r\n',
    'Subject: a\nContent-Type:\n text/plain\n\n',
    'Content-Type: text/plain; hp="clear"\r\n\r\n',
    '\r\n',
  ];
  const head = bytesOf(heads[i % heads.length] ?? '');
  const body =
    i % 3 === 0
      ? random
      : bytesOf(
          Buffer.from(random)
            .toString('base64')
            .replace(/(.{60})/g, '$1\r\n'),
        );
  const letter = new Uint8Array(head.length + body.length);
  letter.set(head);
  letter.set(body, head.length);
  return letter;
}
