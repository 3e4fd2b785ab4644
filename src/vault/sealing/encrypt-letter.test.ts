// A letter sealed by its writer: gpg, sq and this house open it and know the writer; certificates that must not be used are refused.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { outerFields, sealedLetter } from '#formats/compose/sealed-letter.ts';
import { writeLetter, type LetterFields } from '#formats/compose/write-letter.ts';
import { cryptoShape } from '#formats/message/crypto-shape.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { parsePackets, PACKET } from '#formats/openpgp/packet.ts';
import { requireValue } from '#base/assert.ts';
import { checkCertificate } from './client/certificate.ts';
import { encryptLetter, ownCertificate } from './client/encrypt-letter.ts';
import { decideSign } from './open.ts';
import { bytesOf, makeMailbox, NOW_MS, type TestMailbox } from './test-mailbox.ts';

const [anna, ben, cora] = await Promise.all(['anna', 'ben', 'cora'].map((name) => makeMailbox(`${name}@siegel.test`)));
const FIELDS: LetterFields = {
  from: { name: 'Anna', address: 'anna@siegel.test' },
  to: [{ name: 'Ben Möller', address: 'ben@siegel.test' }],
  cc: [],
  bcc: [],
  subject: 'Der Weinberg',
  dateMs: NOW_MS,
  messageId: 'one@siegel.test',
  inReplyTo: [],
  references: [],
};

async function seal(to: readonly TestMailbox[], body = 'Die Papiere sind fertig.\n') {
  const outer = outerFields(FIELDS);
  if (!outer.ok) throw new Error(outer.error.kind);
  const frame = { boundarySeed: 'x', isProtected: true, autocrypt: undefined, outerFields: outer.value.lines };
  const inner = writeLetter(FIELDS, { plainText: body, plainHtml: undefined, files: [] }, frame);
  if (!inner.ok) throw new Error(inner.error.kind);
  const certificates = to.map((one) => one.made.certificate);
  const message = await encryptLetter(inner.value.plainBytes, writer.keyring, certificates, NOW_MS);
  return { letter: sealedLetter(outer.value, message, 'y'), message, plainInner: inner.value.plainBytes };
}
const writer = requireValue(anna, 'anna');
const readers = [requireValue(ben, 'ben'), requireValue(cora, 'cora')];
const pinned = async () => writer.made.certificate;

describe('a letter sealed by its writer', () => {
  it('is end-to-end for each reader of this house, and shows neither subject nor names outside', async () => {
    const { letter, plainInner } = await seal(readers);
    for (const reader of readers) {
      const signed = await decideSign(letter, reader.keyring, pinned, NOW_MS);
      assert.equal(signed.sign, 'endToEnd');
      assert.deepEqual(signed.plainInner, plainInner);
    }
    const outside = new TextDecoder('latin1').decode(letter);
    assert.equal(readLetter(letter).subject, '[...]');
    assert.doesNotMatch(outside, /Weinberg|Papiere|M=C3=B6ller|Ben/);
    assert.equal(cryptoShape(letter, readLetter(letter)), 'pgpMime');
    const hidden = readLetter(plainInner).findFields('hp-outer');
    assert.ok(hidden.some(({ rawValue }) => rawValue.trim() === 'Subject: [...]'));
  });

  it('is not proven by another key, and not opened by who is not among its readers', async () => {
    const { letter } = await seal(readers.slice(0, 1));
    const [first, second] = readers;
    const other = async () => second?.made.certificate;
    assert.equal(
      (await decideSign(letter, requireValue(first, 'ben').keyring, other, NOW_MS)).sign,
      'encryptedSenderNotProven',
    );
    const closed = await decideSign(letter, requireValue(second, 'cora').keyring, pinned, NOW_MS);
    assert.equal(closed.plainInner, undefined);
  });

  it('is SEIPD v1 with one key packet a reader, also where the clock of a reader is half a minute behind', async () => {
    const { message, letter } = await seal(readers);
    const packets = parsePackets(message);
    assert.ok(packets.ok);
    assert.deepEqual(
      packets.value.map(({ tag }) => tag),
      [PACKET.pkesk, PACKET.pkesk, PACKET.seipd],
    );
    assert.equal(packets.value[2]?.body[0], 1);
    const reader = requireValue(readers[0], 'ben');
    assert.equal((await decideSign(letter, reader.keyring, pinned, NOW_MS - 30_000)).sign, 'endToEnd');
  });

  it('gives the account its own certificate', async () => {
    assert.deepEqual(await ownCertificate(writer.keyring), writer.made.certificate);
  });
});

describe('other programs open it and know the writer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-compose-'));
  after(() => {
    spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
    rmSync(folder, { recursive: true, force: true });
  });
  const has = (program: string): boolean =>
    spawnSync(program, [program === 'sqop' ? 'version' : '--version'], { stdio: 'ignore' }).status === 0;
  const reader = requireValue(readers[0], 'ben');
  const [secret, signer] = [join(folder, 'ben.pgp'), join(folder, 'anna.pgp')];
  writeFileSync(secret, requireValue(reader.keyring.openpgp[0], 'secret key'), { mode: 0o600 });
  writeFileSync(signer, writer.made.certificate);

  it('with gpg', { skip: !has('gpg') && 'gpg is not installed' }, async () => {
    const { message, plainInner } = await seal(readers);
    const gpg = (args: readonly string[], input?: Uint8Array) =>
      spawnSync(
        'gpg',
        [
          '--homedir',
          folder,
          '--batch',
          '--quiet',
          '--trust-model',
          'always',
          '--status-fd',
          '2',
          '--faked-system-time',
          String(NOW_MS / 1000),
          ...args,
        ],
        { input },
      );
    gpg(['--import', secret]);
    gpg(['--import', signer]);
    const opened = gpg(['--decrypt'], message);
    assert.deepEqual(new Uint8Array(opened.stdout), new Uint8Array(plainInner));
    assert.match(opened.stderr.toString(), /\[GNUPG:\] GOODSIG \w+ <?anna@siegel\.test>?/);
  });

  it('with sq', { skip: !has('sq') && 'sq is not installed' }, async () => {
    const { message, plainInner } = await seal(readers);
    const args = [
      '--no-cert-store',
      'decrypt',
      '--recipient-key',
      secret,
      '--signer-cert',
      signer,
      '--signatures',
      '1',
    ];
    const plain = run('sq', args, message) ?? run('sq', args.slice(1), message);
    assert.deepEqual(new Uint8Array(requireValue(plain, 'what sq opened')), new Uint8Array(plainInner));
  });

  it('with sqop', { skip: !has('sqop') && 'sqop is not installed' }, async () => {
    const { message, plainInner } = await seal(readers);
    const verdict = join(folder, 'verified');
    const args = ['decrypt', `--verify-with=${signer}`, `--verifications-out=${verdict}`, secret];
    assert.deepEqual(
      new Uint8Array(execFileSync('sqop', args, { input: message, stdio: 'pipe' })),
      new Uint8Array(plainInner),
    );
  });

  it(
    'with a key that gpg made itself, of each kind it makes',
    { skip: !has('gpg') && 'gpg is not installed' },
    async () => {
      const home = join(folder, 'otto');
      mkdirSync(home, { mode: 0o700 });
      const gpg = (args: readonly string[], input?: Uint8Array) =>
        spawnSync(
          'gpg',
          [
            '--homedir',
            home,
            '--batch',
            '--quiet',
            '--trust-model',
            'always',
            '--passphrase',
            '',
            '--status-fd',
            '2',
            ...args,
          ],
          { input },
        );
      gpg(['--import', signer]);
      for (const [kind, address] of [
        ['default', 'rsa@elsewhere.test'],
        ['future-default', 'ecc@elsewhere.test'],
      ] as const) {
        assert.equal(gpg(['--quick-generate-key', address, kind]).status, 0);
        const { stdout } = gpg(['--export', address]);
        const nowMs = Date.now() + 1_000;
        const certificate = await checkCertificate(Uint8Array.from(stdout), nowMs);
        assert.ok(certificate.ok, kind);
        assert.deepEqual(certificate.value.addresses, [address]);
        const message = await encryptLetter(bytesOf('Guten Tag'), writer.keyring, [certificate.value.bytes], nowMs);
        const opened = gpg(['--decrypt'], message);
        assert.equal(opened.stdout.toString(), 'Guten Tag', opened.stderr.toString());
        assert.match(opened.stderr.toString(), /\[GNUPG:\] GOODSIG/);
      }
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    },
  );

  it('with a key that sq made itself', { skip: !has('sq') && 'sq is not installed' }, async () => {
    const made = join(folder, 'sq.pgp');
    const args = ['key', 'generate', '--userid', '<sq@elsewhere.test>', '--export', made];
    assert.equal(spawnSync('sq', args).status, 0);
    const { stdout } = spawnSync('sq', ['key', 'extract-cert', '--binary', made]);
    const certificate = await checkCertificate(Uint8Array.from(stdout), Date.now());
    assert.ok(certificate.ok, JSON.stringify(certificate));
    const message = await encryptLetter(bytesOf('Guten Tag'), writer.keyring, [certificate.value.bytes], Date.now());
    const plain = run(
      'sq',
      ['decrypt', '--recipient-key', made, '--signer-cert', signer, '--signatures', '1'],
      message,
    );
    assert.equal(Buffer.from(requireValue(plain, 'what sq opened')).toString(), 'Guten Tag');
  });

  function run(program: string, args: readonly string[], input: Uint8Array): Uint8Array | undefined {
    const { status, stdout } = spawnSync(program, args, { input });
    return status === 0 ? stdout : undefined;
  }
});

describe('a certificate', () => {
  const made = async (
    options: Partial<openpgp.KeyOptions> = {},
  ): Promise<{ privateKey: openpgp.PrivateKey; publicKey: openpgp.PublicKey; revocationCertificate: string }> =>
    openpgp.generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ name: 'Otto', email: 'Otto@Elsewhere.test' }],
      date: new Date(NOW_MS - 86_400_000),
      ...options,
      format: 'object',
    });
  const check = (bytes: Uint8Array, nowMs = NOW_MS) => checkCertificate(Uint8Array.from(bytes), nowMs);
  const kindOf = async (bytes: Uint8Array, nowMs = NOW_MS) => {
    const checked = await check(bytes, nowMs);
    return checked.ok ? 'ok' : checked.error.kind;
  };

  it('is taken binary or armoured, and names its addresses and fingerprint', async () => {
    const { publicKey } = await made();
    const checked = await check(publicKey.write());
    assert.ok(checked.ok);
    assert.deepEqual(checked.value.addresses, ['otto@elsewhere.test']);
    assert.equal(checked.value.fingerprint, publicKey.getFingerprint());
    const armoured = await check(bytesOf(publicKey.armor()));
    assert.ok(armoured.ok);
    assert.deepEqual(armoured.value.bytes, checked.value.bytes);
  });

  it('is refused when it ran out, was revoked, is too weak, is private, or is none', async () => {
    const shortLived = await made({ keyExpirationTime: 3_600 });
    assert.equal(await kindOf(shortLived.publicKey.write()), 'expired');
    const { privateKey, publicKey, revocationCertificate } = await made();
    const revoked = await openpgp.revokeKey({
      key: publicKey,
      revocationCertificate,
      format: 'object',
      date: new Date(NOW_MS),
    });
    assert.equal(await kindOf(revoked.publicKey.write()), 'revoked');
    const weak = await made({ type: 'rsa', rsaBits: 1_024, config: { minRSABits: 1_024 } });
    assert.equal(await kindOf(weak.publicKey.write()), 'weak');
    assert.equal(await kindOf(privateKey.write()), 'unreadable');
    assert.equal(await kindOf(bytesOf('no certificate')), 'unreadable');
    assert.equal(await kindOf(new Uint8Array(0)), 'unreadable');
  });

  it('of the newest kind is written to in its own form, without OCB for version 4', async () => {
    const modern = await made({ config: { aeadProtect: true, preferredAEADAlgorithm: openpgp.enums.aead.gcm } });
    const message = await encryptLetter(
      bytesOf('x'),
      writer.keyring,
      [Uint8Array.from(modern.publicKey.write())],
      NOW_MS,
    );
    const packets = parsePackets(message);
    assert.ok(packets.ok);
    const data = packets.value.at(-1)?.body;
    const isGcm = data?.[0] === 2 && data[2] === openpgp.enums.aead.gcm;
    assert.ok(data?.[0] === 1 || isGcm, `version ${data?.[0]}`);
  });
});
