// Which letters show end-to-end, which sender not proven, which sealed on arrival.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { decideSign, type SignedView } from './open.ts';
import { bytesOf, makeMailbox, NOW_MS, PLAIN_LETTER, type TestMailbox } from './test-mailbox.ts';

const anna = await makeMailbox();
const carl = await makeMailbox('carl@example.org');
const server = await makeMailbox('carl@example.org'); // the same address, but keys of the server's own making

const FIELDS = {
  From: 'Carl <carl@example.org>',
  To: 'anna@siegel.test',
  Date: 'Sun, 17 May 2026 12:00:00 +0000',
  'Message-ID': '<inner@example.org>',
};

function entity(fields: Readonly<Record<string, string>>, type = 'text/plain; hp="cipher"'): string {
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${head.join('')}Content-Type: ${type}\r\n\r\nOnly for you.\r\n`;
}

interface Layers {
  readonly signer?: TestMailbox | undefined;
  readonly payload?: string;
  readonly compress?: boolean;
}

async function encrypted({ signer, payload = entity(FIELDS), compress = false }: Layers): Promise<string> {
  return openpgp.encrypt({
    message: await openpgp.createMessage({ binary: bytesOf(payload) }),
    encryptionKeys: await openpgp.readKey({ binaryKey: anna.made.certificate }),
    ...(signer === undefined
      ? {}
      : { signingKeys: await openpgp.readPrivateKey({ binaryKey: signer.keyring.openpgp[0] ?? new Uint8Array() }) }),
    date: new Date(NOW_MS),
    config: compress ? { preferredCompressionAlgorithm: openpgp.enums.compression.zlib } : {},
  });
}

function mime(
  armored: string,
  label = 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
): Uint8Array<ArrayBuffer> {
  return bytesOf(
    `From: Carl <carl@example.org>\r\nTo: anna@siegel.test\r\nSubject: [...]\r\nContent-Type: ${label}\r\n\r\n` +
      '--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n' +
      `--b\r\nContent-Type: application/octet-stream\r\n\r\n${armored}\r\n--b--\r\n`,
  );
}

async function signOf(letter: Uint8Array<ArrayBuffer>, pinned: TestMailbox | undefined = carl): Promise<SignedView> {
  const find = async (address: string): Promise<Uint8Array<ArrayBuffer> | undefined> =>
    address === 'carl@example.org' ? pinned?.made.certificate : undefined;
  return decideSign(letter, anna.keyring, find, NOW_MS + 1000);
}

describe('a letter shows end-to-end', () => {
  it('when its inner message is signed by the key pinned for its sender, over its own fields', async () => {
    const shown = await signOf(mime(await encrypted({ signer: carl })));
    assert.equal(shown.sign, 'endToEnd');
    assert.match(Buffer.from(shown.plainInner ?? []).toString(), /Only for you/);
    assert.equal((await signOf(mime(await encrypted({ signer: carl, compress: true })))).sign, 'endToEnd');
  });

  it('also when the signature stands beside the text inside the encryption (RFC 3156 §6.1)', async () => {
    const signed = entity(FIELDS);
    assert.equal((await signOf(mime(await encrypted({ payload: await besides(signed, carl) })))).sign, 'endToEnd');
    const forged = (await besides(signed, carl)).replace('Only for you', 'Only for him');
    assert.equal((await signOf(mime(await encrypted({ payload: forged })))).sign, 'encryptedSenderNotProven');
  });
});

describe('a letter shows encrypted, sender not proven', () => {
  const cases: readonly (readonly [string, Layers, (TestMailbox | 'none')?])[] = [
    ['when nobody signed it', {}],
    ['when no key is pinned for its sender', { signer: carl }, 'none'],
    ['when a key of the server’s own making signed it', { signer: server }],
    ['when a server that knows only the public key encrypted it, with all fields in place', { signer: undefined }],
    [
      'when its author meant it to be read by all: a signed letter that someone else encrypted',
      { signer: carl, payload: entity(FIELDS, 'text/plain; hp="clear"') },
    ],
    ['when it does not say that its author encrypted it', { signer: carl, payload: entity(FIELDS, 'text/plain') }],
    ['when From stands twice', { signer: carl, payload: `From: carl@example.org\r\n${entity(FIELDS)}` }],
    [
      'when its From names two people',
      { signer: carl, payload: entity({ ...FIELDS, From: 'carl@example.org, eve@example.org' }) },
    ],
    [
      'when its From is another than the signer',
      { signer: carl, payload: entity({ ...FIELDS, From: 'eve@example.org' }) },
    ],
  ];
  for (const [name, layers, pinned] of cases) {
    it(name, async () => {
      const letter = mime(await encrypted(layers));
      const shown =
        pinned === 'none'
          ? await decideSign(letter, anna.keyring, async () => undefined, NOW_MS + 1000)
          : await signOf(letter);
      assert.equal(shown.sign, 'encryptedSenderNotProven');
      assert.ok(shown.plainInner !== undefined);
    });
  }

  for (const missing of Object.keys(FIELDS)) {
    it(`when the signature does not cover ${missing}`, async () => {
      const fields = Object.fromEntries(Object.entries(FIELDS).filter(([name]) => name !== missing));
      const shown = await signOf(mime(await encrypted({ signer: carl, payload: entity(fields) })));
      assert.equal(shown.sign, 'encryptedSenderNotProven');
    });
  }

  it('when it is inline armor, which covers no fields', async () => {
    const armored = await encrypted({ signer: carl });
    const shown = await signOf(bytesOf(`From: carl@example.org\r\nTo: anna@siegel.test\r\n\r\n${armored}`));
    assert.equal(shown.sign, 'encryptedSenderNotProven');
  });

  it('when it cannot be opened with any key of the keyring, and shows nothing of it', async () => {
    const letter = mime(await encrypted({ signer: carl }));
    const shown = await decideSign(letter, carl.keyring, async () => undefined, NOW_MS);
    assert.deepEqual(shown, { sign: 'encryptedSenderNotProven', plainInner: undefined });
  });

  it('when its bytes were changed on the way, and shows nothing of it', async () => {
    const armored = await encrypted({ signer: carl });
    const at = armored.indexOf('\n\n') + 300;
    const changed = `${armored.slice(0, at)}${armored[at] === 'A' ? 'B' : 'A'}${armored.slice(at + 1)}`;
    const shown = await signOf(mime(changed.replace(/\r?\n=[A-Za-z0-9+/]{4}\r?\n/, '\n')));
    assert.deepEqual(shown, { sign: 'encryptedSenderNotProven', plainInner: undefined });
  });
});

describe('a letter shows sealed on arrival', () => {
  it('when it is a plain letter', async () => {
    assert.deepEqual(await signOf(bytesOf(PLAIN_LETTER)), { sign: 'sealedOnArrival', plainInner: undefined });
  });

  it('when it only says that it is encrypted', async () => {
    assert.equal((await signOf(mime('Nothing here is encrypted.'))).sign, 'sealedOnArrival');
    const literal = await openpgp.createMessage({ binary: bytesOf(entity(FIELDS)) });
    assert.equal((await signOf(mime(literal.armor()))).sign, 'sealedOnArrival');
    const signer = await openpgp.readPrivateKey({ binaryKey: carl.keyring.openpgp[0] ?? new Uint8Array() });
    const signed = await openpgp.sign({ message: literal, signingKeys: signer, date: new Date(NOW_MS) });
    assert.equal((await signOf(mime(signed))).sign, 'sealedOnArrival');
  });

  it('when it is signed in the clear', async () => {
    const payload = await besides(entity(FIELDS), carl);
    assert.equal((await signOf(bytesOf(`From: carl@example.org\r\n${payload}`))).sign, 'sealedOnArrival');
  });
});

async function besides(signed: string, signer: TestMailbox): Promise<string> {
  const signature = await openpgp.sign({
    message: await openpgp.createMessage({ binary: bytesOf(signed) }),
    signingKeys: await openpgp.readPrivateKey({ binaryKey: signer.keyring.openpgp[0] ?? new Uint8Array() }),
    detached: true,
    date: new Date(NOW_MS),
  });
  return (
    'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha512; boundary=s\r\n\r\n' +
    `--s\r\n${signed}\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n${signature}\r\n--s--\r\n`
  );
}
