// Packets, numbers, armor, key and data packets: both ways, and broken in every way.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { armor, armoredLength, dearmor } from './armor.ts';
import { encodeMpi, parseMpi } from './mpi.ts';
import { encodePacket, leadingTags, packetHeaderLength, parsePackets } from './packet.ts';
import { encodeKeyPacket, encodeSessionKey, KEY_PACKET_BYTES, parseKeyPacket } from './pkesk.ts';
import { layOutDataPacket, splitStoredLetter, writeDataPacketFrame } from './seipd.ts';

const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));

describe('packets', () => {
  it('of every length are read as they were written', () => {
    for (const length of [0, 1, 191, 192, 193, 8383, 8384, 8385, 70_000]) {
      const whole = encodePacket(18, new Uint8Array(length).fill(9));
      assert.equal(whole.length, packetHeaderLength(length) + length);
      const parsed = parsePackets(whole);
      assert.ok(parsed.ok);
      assert.deepEqual(
        parsed.value.map(({ tag, body }) => [tag, body.length]),
        [[18, length]],
      );
    }
  });

  it('with old headers are read too', () => {
    const old = Uint8Array.of(0x84 | 0, 2, 7, 8, 0xb5, 0, 1, 9);
    const parsed = parsePackets(old);
    assert.ok(parsed.ok);
    assert.deepEqual(
      parsed.value.map(({ tag, body }) => [tag, [...body]]),
      [
        [1, [7, 8]],
        [13, [9]],
      ],
    );
  });

  it('that are cut, partial or none are refused by name', () => {
    const refusal = (...bytes: number[]): string => {
      const parsed = parsePackets(Uint8Array.from(bytes));
      return parsed.ok ? 'ok' : parsed.error.kind;
    };
    assert.equal(refusal(0x41, 1), 'notAPacket');
    assert.equal(refusal(0xd2, 5, 1), 'truncatedPacket');
    assert.equal(refusal(0xd2), 'truncatedPacket');
    assert.equal(refusal(0xd2, 200), 'truncatedPacket');
    assert.equal(refusal(0xd2, 255, 0, 0), 'truncatedPacket');
    assert.equal(refusal(0x85, 1), 'truncatedPacket');
    assert.equal(refusal(0xd2, 0xe1, 1), 'partialLength');
    assert.equal(refusal(0x87, 1), 'partialLength');
    const many = parsePackets(new Uint8Array(5_000).map((_, i) => (i % 2 === 0 ? 0xd2 : 0)));
    assert.ok(!many.ok && many.error.kind === 'tooManyPackets');
  });

  it('of a foreign message are named up to the first partial one', () => {
    const key = encodePacket(1, new Uint8Array(9));
    assert.deepEqual(leadingTags(Uint8Array.from([...key, 0xd2, 0xe1, 1, 2])), [1, 18]);
    assert.deepEqual(leadingTags(Uint8Array.from([...key, 0x8b])), [1, 2]);
    assert.deepEqual(leadingTags(Uint8Array.from([...key, 0x11])), [1]);
    fc.assert(fc.property(someBytes, (bytes) => leadingTags(bytes).length <= bytes.length));
  });

  it('never stop the program, whatever the bytes', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const parsed = parsePackets(bytes);
        if (!parsed.ok) return;
        const joined = parsed.value.flatMap(({ whole }) => [...whole]);
        assert.deepEqual(joined, [...bytes]);
      }),
    );
    fc.assert(
      fc.property(someBytes, (bytes) => void [splitStoredLetter(bytes), parseKeyPacket(bytes), parseMpi(bytes, 0)]),
    );
  });
});

describe('numbers', () => {
  it('have one form only', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const encoded = encodeMpi(bytes);
        const parsed = parseMpi(encoded, 0);
        assert.ok(parsed.ok);
        assert.equal(parsed.value.end, encoded.length);
      }),
    );
    assert.deepEqual(parseMpi(Uint8Array.of(0, 9, 0, 1), 0), { ok: false, error: { kind: 'looseMpi' } });
    assert.deepEqual(parseMpi(Uint8Array.of(0, 9, 1), 0), { ok: false, error: { kind: 'truncatedMpi' } });
  });
});

describe('armor', () => {
  it('is undone, and as long as foretold', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const text = armor('PGP MESSAGE', bytes);
        assert.equal(text.length, armoredLength('PGP MESSAGE', bytes.length));
        assert.equal(armor('PGP MESSAGE', bytes, '\n').length, armoredLength('PGP MESSAGE', bytes.length, 1));
        assert.deepEqual(dearmor(text), { ok: true, value: { kind: 'PGP MESSAGE', bytes } });
      }),
    );
  });

  it('with fields, without a checksum, or amid other text is read', () => {
    const text = armor('PGP SIGNATURE', Uint8Array.of(1, 2, 3), '\n').replace('-----\n\n', '-----\nVersion: x\n\n');
    const bare = text.replace(/=....\n/, '');
    for (const form of [text, bare, `Dear you,\n${text}yours`]) {
      const read = dearmor(form);
      assert.ok(read.ok);
      assert.deepEqual([...read.value.bytes], [1, 2, 3]);
    }
  });

  it('that is none, broken or has a wrong checksum is refused', () => {
    const text = armor('PGP MESSAGE', Uint8Array.of(1, 2, 3));
    assert.deepEqual(dearmor('hello'), { ok: false, error: { kind: 'notArmored' } });
    assert.deepEqual(dearmor(text.replace('END', 'UND')), { ok: false, error: { kind: 'badArmor' } });
    assert.deepEqual(dearmor(text.replace('AQID', 'A§ID')), { ok: false, error: { kind: 'badArmor' } });
    assert.deepEqual(dearmor(text.replace('AQID', 'AQIE')), { ok: false, error: { kind: 'armorChecksum' } });
  });
});

describe('a key packet', () => {
  it('has one length and is read as it was written', () => {
    const [keyId, point, wrapped] = [8, 32, 48].map((length) => crypto.getRandomValues(new Uint8Array(length)));
    assert.ok(keyId && point && wrapped);
    const bytes = encodeKeyPacket(keyId, point, wrapped);
    assert.equal(bytes.length, KEY_PACKET_BYTES);
    const packets = parsePackets(bytes);
    assert.ok(packets.ok);
    const parsed = parseKeyPacket(packets.value[0]?.body ?? new Uint8Array(0));
    assert.deepEqual(parsed, { ok: true, value: { keyId, ephemeralPoint: point, wrapped } });
    assert.equal(encodeSessionKey(new Uint8Array(32).fill(255)).length, 40);
  });
});

describe('the layout of a data packet', () => {
  it('is a packet list of one literal for every length', () => {
    for (const letterBytes of [0, 1, 150, 165, 166, 186, 190, 8_300, 8_330, 8_360, 8_380, 90_000]) {
      const layout = layOutDataPacket(letterBytes);
      const packet = new Uint8Array(layout.packetBytes);
      writeDataPacketFrame(packet, layout);
      const outer = parsePackets(packet);
      assert.ok(outer.ok && outer.value.length === 1);
      const inner = parsePackets(packet.slice(layout.literalAt, layout.packetBytes));
      assert.ok(inner.ok);
      assert.deepEqual(
        inner.value.map(({ tag, body }) => [tag, body.length]),
        [
          [11, letterBytes + 6],
          [19, 20],
        ],
      );
    }
  });
});
