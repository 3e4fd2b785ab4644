// Whatever is changed or swapped in storage is noticed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type LetterId } from '#base/ids.ts';
import { encodePacket, PACKET } from '#formats/openpgp/packet.ts';
import { joinBytes } from './bytes.ts';
import { sha256 } from './derive.ts';
import { checkSummary, openLetter, openSummary, openTerms } from './open.ts';
import { sealRebuilt } from './keys.ts';
import { sealLetter } from './seal.ts';
import { sealDataPacket, sealSessionKey } from './seal-packet.ts';
import { bytesOf, deliver, letterFor, makeDoorKey, makeMailbox, PLAIN_LETTER, trust } from './test-mailbox.ts';

const anna = await makeMailbox();
const bert = await makeMailbox('bert@siegel.test');
const doorKey = makeDoorKey();
const altered = { ok: false, error: { kind: 'alteredInStorage' } };

function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x01;
  return copy;
}

describe('a byte changed in storage', () => {
  it('anywhere in a sealed summary is noticed', async () => {
    const { copy } = await deliver(anna, doorKey);
    for (let at = 0; at < copy.summary.length; at++) {
      const opened = await openSummary(flipped(copy.summary, at), copy, anna.summaryKeys);
      assert.ok(!opened.ok, `byte ${at}`);
      assert.equal(opened.error.kind, at >= 2 && at < 6 ? 'noSuchKey' : 'alteredInStorage');
    }
    for (const length of [0, 5, 37, 53, copy.summary.length - 1]) {
      assert.ok(!(await openSummary(copy.summary.slice(0, length), copy, anna.summaryKeys)).ok);
    }
  });

  it('anywhere in sealed terms is noticed', async () => {
    const { copy, opened } = await deliver(anna, doorKey);
    for (let at = 0; at < copy.terms.length; at++) {
      assert.ok(!(await openTerms(flipped(copy.terms, at), opened, anna.summaryKeys)).ok, `byte ${at}`);
    }
  });

  it('anywhere in key packet or data packet is noticed, also when the digest is not looked at', async () => {
    const { sealed, copy, opened } = await deliver(anna, doorKey);
    const { keyPacket } = copy;
    const dataPacket = sealed.packet;
    for (let at = 0; at < keyPacket.length; at++) {
      const letter = await openLetter({ keyPacket: flipped(keyPacket, at), dataPacket }, anna.keyring, opened.summary);
      assert.ok(!letter.ok, `key packet byte ${at}`);
    }
    for (let at = 0; at < dataPacket.length; at++) {
      const changed = flipped(dataPacket, at);
      assert.deepEqual(await openLetter({ keyPacket, dataPacket: changed }, anna.keyring, opened.summary), altered);
      // the twin: a summary that names the changed packet, so that only MDC and the original's digest are left
      const blind = { ...opened.summary, packetSha256: sha256(changed) };
      assert.ok(!(await openLetter({ keyPacket, dataPacket: changed }, anna.keyring, blind)).ok, `byte ${at}`);
    }
  });
});

describe('swapped in storage', () => {
  it('packets of two letters of one account are noticed', async () => {
    const [one, two] = [await deliver(anna, doorKey), await deliver(anna, doorKey)];
    assert.deepEqual(await checkSummary(one.opened, one.trusted, two.sealed.packetDigest), altered);
    const whole = { keyPacket: two.copy.keyPacket, dataPacket: two.sealed.packet };
    assert.deepEqual(await openLetter(whole, anna.keyring, one.opened.summary), altered);
    const mixed = { keyPacket: two.copy.keyPacket, dataPacket: one.sealed.packet };
    assert.deepEqual(await openLetter(mixed, anna.keyring, one.opened.summary), altered);
  });

  it('summaries and terms of two letters, or of two accounts, are noticed', async () => {
    const [one, two] = [await deliver(anna, doorKey), await deliver(anna, doorKey)];
    assert.deepEqual(await openSummary(two.copy.summary, one.copy, anna.summaryKeys), altered);
    assert.deepEqual(await openTerms(two.copy.terms, one.opened, anna.summaryKeys), altered);
    const both = sealLetter(letterFor([anna, bert]), doorKey);
    const copy = requireValue(both.copies[1], 'copy');
    assert.deepEqual(await openSummary(copy.summary, copy, anna.summaryKeys), altered);
    const elsewhere = { accountId: anna.accountId, letterId: copy.letterId };
    assert.deepEqual(await openSummary(copy.summary, elsewhere, bert.summaryKeys), altered);
  });

  it('a reader who seals his own letter’s contents into another account is noticed: the door signed the place', async () => {
    const { opened } = await deliver(bert, doorKey);
    const moved = { ...opened, place: { accountId: anna.accountId, letterId: newId<LetterId>() } };
    assert.ok((await checkSummary(opened, trust(bert, doorKey))).ok);
    assert.deepEqual(await checkSummary(moved, trust(bert, doorKey)), altered);
  });
});

describe('made by someone without the door key', () => {
  it('a summary with a signature of another key is refused', async () => {
    const thief = makeDoorKey();
    const { opened } = await deliver(anna, thief);
    assert.deepEqual(await checkSummary(opened, trust(anna, doorKey)), altered);
    const posing = await deliver(anna, { ...thief, keyId: doorKey.keyId });
    assert.deepEqual(await checkSummary(posing.opened, trust(anna, doorKey)), altered);
  });

  it('a rebuilt summary counts only from a client of the account', async () => {
    const { copy, opened } = await deliver(anna, doorKey);
    const content = { fromDoor: opened.summary, facts: { subject: 'new' }, terms: { tokeniser: 1, words: ['new'] } };
    const to = { summaryKey: anna.made.summaryKey, version: 1 };
    const own = await sealRebuilt(anna.accountKeys, copy, to, content);
    const foreign = await sealRebuilt(bert.accountKeys, copy, to, content);
    assert.ok(own.ok && foreign.ok);
    for (const [blobs, isOwn] of [[own.value, true] as const, [foreign.value, false] as const]) {
      const rebuilt = await openSummary(blobs.summary, copy, anna.summaryKeys);
      assert.ok(rebuilt.ok);
      assert.equal((await checkSummary(rebuilt.value, trust(anna, doorKey))).ok, isOwn);
      assert.deepEqual(rebuilt.value.summary.facts, { subject: 'new' });
      assert.ok((await openTerms(blobs.terms, rebuilt.value, anna.summaryKeys)).ok);
    }
  });
});

describe('the door’s layer', () => {
  it('is refused when it holds a compressed packet, however small', async () => {
    const { deflateRawSync } = await import('node:zlib');
    const literal = encodePacket(PACKET.literal, joinBytes(bytesOf('b'), new Uint8Array(5), bytesOf(PLAIN_LETTER)));
    const compressed = encodePacket(PACKET.compressed, joinBytes(Uint8Array.of(1), deflateRawSync(literal)));
    for (const [inside, isFine] of [[literal, true] as const, [compressed, false] as const]) {
      const stored = await sealByHand(inside);
      const { opened } = await deliver(anna, doorKey);
      const summary = {
        ...opened.summary,
        packetSha256: sha256(stored.dataPacket),
        original: originalOf(PLAIN_LETTER),
      };
      assert.equal((await openLetter(stored, anna.keyring, summary)).ok, isFine);
    }
  });
});

function originalOf(text: string): { sha256: Uint8Array<ArrayBuffer>; sizeBytes: number; insertions: [] } {
  return { sha256: sha256(bytesOf(text)), sizeBytes: text.length, insertions: [] };
}

/** A data packet around any packet, made of the sealer's own pieces. */
async function sealByHand(
  inside: Uint8Array,
): Promise<{ keyPacket: Uint8Array<ArrayBuffer>; dataPacket: Uint8Array<ArrayBuffer> }> {
  const { createCipheriv, hash } = await import('node:crypto');
  const random = crypto.getRandomValues(new Uint8Array(48));
  const prefix = joinBytes(random.subarray(32, 48), random.subarray(46, 48));
  const hashed = joinBytes(prefix, inside, Uint8Array.of(0xd3, 20));
  const cipher = createCipheriv('aes-256-cfb', random.subarray(0, 32), new Uint8Array(16));
  const body = cipher.update(joinBytes(hashed, hash('sha1', hashed, 'buffer')));
  const keyPacket = sealSessionKey(random.subarray(0, 32), anna.readerKeys.openpgp);
  return { keyPacket, dataPacket: encodePacket(PACKET.seipd, joinBytes(Uint8Array.of(1), body)) };
}

it('the data packet is a function of letter, insertions and 48 random bytes', () => {
  const random = new Uint8Array(48).fill(7);
  const [one, two] = [0, 1].map(() => sealDataPacket(bytesOf(PLAIN_LETTER), [], random));
  assert.deepEqual(one, two);
});
