// openpgp, gpg, sq and sqop open what we seal, and we open what they seal.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { applyInsertions, protectInsertions } from '#formats/message/protect-insertion.ts';
import { parsePackets, PACKET } from '#formats/openpgp/packet.ts';
import { parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import { splitStoredLetter } from '#formats/openpgp/seipd.ts';
import { joinBytes } from './bytes.ts';
import { sha256 } from './derive.ts';
import { decideSign, openLetter } from './open.ts';
import { render } from './render.ts';
import { bytesOf, deliver, makeDoorKey, makeMailbox, NOW_MS } from './test-mailbox.ts';

const anna = await makeMailbox();
const doorKey = makeDoorKey();
const secretKey = requireValue(anna.keyring.openpgp[0], 'secret key');
const folder = mkdtempSync(join(tmpdir(), 'siegel-oracle-'));
const keyFile = join(folder, 'secret.pgp');
writeFileSync(keyFile, secretKey, { mode: 0o600 });
after(() => {
  if (has('gpgconf')) spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
  rmSync(folder, { recursive: true, force: true });
});

interface StoredForm {
  readonly packets: Uint8Array<ArrayBuffer>;
  readonly rendered: Uint8Array<ArrayBuffer>;
  /** The original with exactly the recorded insertions. */
  readonly expected: Uint8Array;
}

const forms: StoredForm[] = [];
for (const letter of letters()) {
  const insertions = protectInsertions(letter);
  const plainBlock = bytesOf('Return-Path: <carl@example.org>\r\n');
  const { sealed, copy } = await deliver(anna, doorKey, { plainOriginal: letter, insertions, plainBlock });
  forms.push({
    packets: joinBytes(copy.keyPacket, sealed.packet),
    rendered: render(1, { ...copy, receivedMs: NOW_MS }, sealed.packet),
    expected: joinBytes(plainBlock, applyInsertions(letter, insertions)),
  });
}

describe('the stored form opens to the original and exactly the recorded insertions', () => {
  it('with openpgp', async () => {
    const decryptionKeys = await openpgp.readPrivateKey({ binaryKey: secretKey });
    for (const { packets, expected } of forms) {
      const message = await openpgp.readMessage({ binaryMessage: packets });
      const { data } = await openpgp.decrypt({ message, decryptionKeys, format: 'binary' });
      assert.ok(Buffer.from(data).equals(expected));
    }
  });

  it('with gpg', { skip: !has('gpg') && 'gpg is not installed' }, () => {
    gpg(['--import', keyFile]);
    for (const { packets, rendered, expected } of forms) {
      assert.ok(gpg(['--decrypt'], packets).equals(expected));
      assert.ok(gpg(['--decrypt'], armorIn(rendered)).equals(expected));
    }
  });

  it('with sq', { skip: !has('sq') && 'sq is not installed' }, () => {
    for (const { packets, expected } of forms) {
      const plain = execFileSync('sq', ['decrypt', '--recipient-key', keyFile], { input: packets, stdio: 'pipe' });
      assert.ok(plain.equals(expected));
    }
  });

  it('with sqop', { skip: !has('sqop') && 'sqop is not installed' }, () => {
    for (const { packets, expected } of forms) {
      assert.ok(execFileSync('sqop', ['decrypt', keyFile], { input: packets, stdio: 'pipe' }).equals(expected));
    }
  });
});

describe('what other programs seal to the same key', () => {
  it('by openpgp has the layout ours has, and opens by our client', async () => {
    const encryptionKeys = await openpgp.readKey({ binaryKey: anna.made.certificate });
    for (const plain of letters()) {
      const packets = await openpgp.encrypt({
        message: await openpgp.createMessage({ binary: plain }),
        encryptionKeys,
        format: 'binary',
        config: { aeadProtect: false },
        date: new Date(NOW_MS),
      });
      await opensAsStored(Uint8Array.from(packets), plain);
    }
  });

  it(
    'by gpg has the layout ours has, and opens by our client',
    { skip: !has('gpg') && 'gpg is not installed' },
    async () => {
      gpg(['--import', keyFile]);
      const to = Buffer.from(anna.readerKeys.openpgp.keyId).toString('hex');
      for (const plain of letters().slice(0, 3)) {
        const options = [
          '--trust-model',
          'always',
          '--compress-algo',
          'none',
          '--cipher-algo',
          'AES256',
          '-r',
          `${to}!`,
        ];
        await opensAsStored(Uint8Array.from(gpg([...options, '--encrypt'], plain)), plain);
      }
    },
  );
});

it(
  'a long letter that gpg encrypted, in packets of partial lengths, is known to be encrypted and opens',
  { skip: !has('gpg') && 'gpg is not installed' },
  async () => {
    gpg(['--import', keyFile]);
    const to = Buffer.from(anna.readerKeys.openpgp.keyId).toString('hex');
    const inner = bytesOf(`Content-Type: text/plain\r\n\r\n${crypto.randomUUID().repeat(3_000)}`);
    const armored = gpg(['--trust-model', 'always', '--armor', '-r', `${to}!`, '--encrypt'], inner).toString();
    const letter = bytesOf(
      'From: carl@example.org\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nVersion: 1\r\n' +
        `--b\r\nContent-Type: application/octet-stream\r\n\r\n${armored}\r\n--b--\r\n`,
    );
    const shown = await decideSign(letter, anna.keyring, async () => undefined, NOW_MS);
    assert.equal(shown.sign, 'encryptedSenderNotProven');
    assert.ok(Buffer.from(shown.plainInner ?? []).equals(inner));
  },
);

/** Differential test of the layouts: our grammar reads a foreign message, our client opens it as a stored letter. */
async function opensAsStored(foreign: Uint8Array<ArrayBuffer>, plain: Uint8Array): Promise<void> {
  const packets = parsePackets(foreign);
  assert.ok(packets.ok);
  const [key, data] = packets.value;
  assert.deepEqual([key?.tag, data?.tag], [PACKET.pkesk, PACKET.seipd]);
  const parsed = parseKeyPacket(requireValue(key, 'key packet').body);
  assert.ok(parsed.ok);
  assert.deepEqual(Buffer.from(parsed.value.keyId), Buffer.from(anna.readerKeys.openpgp.keyId));
  const split = splitStoredLetter(foreign);
  assert.ok(split.ok);
  const { opened } = await deliver(anna, doorKey);
  const summary = {
    ...opened.summary,
    packetSha256: sha256(split.value.dataPacket),
    original: { sha256: sha256(plain), sizeBytes: plain.length, insertions: [] },
  };
  const letter = await openLetter(split.value, anna.keyring, summary);
  assert.ok(letter.ok);
  assert.ok(Buffer.from(letter.value.plainOriginal).equals(plain));
}

function letters(): Uint8Array<ArrayBuffer>[] {
  const long = 'Subject: long\r\nContent-Type: text/plain\r\n\r\n' + 'All work and no play.\r\n'.repeat(20_000);
  return [
    'Subject: short\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello.\r\n',
    'no header at all',
    '',
    'Subject: bytes\r\n\r\n\u0000\u0001\u00ff Grüße 日本\r\n.\r\n..\r\n',
    'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n',
    long,
  ].map(bytesOf);
}

function armorIn(rendered: Uint8Array): Buffer {
  const text = Buffer.from(rendered).toString('latin1');
  return Buffer.from(
    text.slice(text.indexOf('-----BEGIN'), text.indexOf('\r\n--siegel-', text.indexOf('-----END'))),
    'latin1',
  );
}

function gpg(options: readonly string[], input?: Uint8Array): Buffer {
  const command = [
    '--homedir',
    folder,
    '--batch',
    '--quiet',
    '--faked-system-time',
    `${Math.floor(NOW_MS / 1000)}!`,
    ...options,
  ];
  return execFileSync('gpg', command, { input, stdio: 'pipe', maxBuffer: 1 << 26 });
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
