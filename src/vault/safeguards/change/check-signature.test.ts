// SSH signatures against vectors made by OpenSSH, against ssh-keygen itself where it is there, and altered in a thousand ways.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '#formats/base64/base64.ts';
import { joinStrings } from '#formats/sshsig/ssh-fields.ts';
import { formatSshKey, parseSshKey, parseSshKeyLine } from '#formats/sshsig/ssh-key.ts';
import { parseSshSignature, sshSignedBytes } from '#formats/sshsig/ssh-signature.ts';
import { checkSignature } from './check-signature.ts';

interface Vector {
  readonly name: string;
  readonly message: string;
  readonly namespace: string;
  readonly publicKey: string;
  readonly signature: string;
}

const vectors = JSON.parse(readFileSync(new URL('signature-vectors.json', import.meta.url), 'utf8')) as Vector[];
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function standing(signature: string, message: string, namespace = 'siegel-change'): string {
  const checked = checkSignature(signature, { namespace, bytes: utf8(message) });
  return checked.ok ? 'holds' : checked.error.kind;
}

function blobOf(line: string): string {
  const parsed = parseSshKeyLine(line);
  assert.ok(parsed.ok, line);
  return toBase64(parsed.value.blob);
}

for (const { name, message, namespace, publicKey, signature } of vectors) {
  test(`a signature that OpenSSH made with ${name} holds, for these bytes and this purpose only`, () => {
    const checked = checkSignature(signature, { namespace, bytes: utf8(message) });
    assert.ok(checked.ok);
    assert.equal(toBase64(checked.value.keyBlob), blobOf(publicKey));
    assert.equal(standing(signature.replaceAll('\n', '\r\n'), message), 'holds');
    assert.equal(standing(signature, `${message} `), 'forged');
    assert.equal(standing(signature, message, 'siegel-procedure'), 'otherNamespace');
  });
}

test('a thousand altered signatures are refused, whichever byte was changed, cut off or added', () => {
  for (const { message, signature } of vectors) {
    const encoded = signature.split('\n').slice(1, -2).join('');
    const bytes = fromBase64(encoded);
    assert.ok(bytes);
    const armored = (altered: Uint8Array): string =>
      `-----BEGIN SSH SIGNATURE-----\n${toBase64(altered)}\n-----END SSH SIGNATURE-----\n`;
    assert.equal(standing(armored(bytes), message), 'holds');
    const alteration = fc.record({
      at: fc.nat(bytes.length - 1),
      by: fc.integer({ min: 1, max: 255 }),
      how: fc.constantFrom('change', 'cut', 'add', 'drop'),
    });
    fc.assert(
      fc.property(alteration, ({ at, by, how }) => {
        const altered = [...bytes];
        if (how === 'change') altered[at] = (altered[at] ?? 0) ^ by;
        if (how === 'cut') altered.length = at;
        if (how === 'add') altered.splice(at, 0, by);
        if (how === 'drop') altered.splice(at, 1);
        if (Buffer.from(altered).equals(Buffer.from(bytes))) return;
        assert.notEqual(standing(armored(Uint8Array.from(altered)), message), 'holds');
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.nat(signature.length - 2), fc.constantFrom('A', '=', '\n', ' ', '-'), (at, character) => {
        const altered = signature.slice(0, at) + character + signature.slice(at + 1);
        const isSame = altered.replaceAll(/\s/g, '') === signature.replaceAll(/\s/g, '');
        if (!isSame) assert.notEqual(standing(altered, message), 'holds');
      }),
      { numRuns: 100 },
    );
  }
});

/** A security key in software: the bytes are those of OpenSSH PROTOCOL.u2f. */
function securityKeySignature(privateKey: KeyObject, point: Uint8Array, flags: number, message: string): string {
  const application = utf8('ssh:');
  const key = joinStrings(utf8('sk-ssh-ed25519@openssh.com'), point, application);
  const digest = createHash('sha512').update(message).digest();
  const about = { namespace: 'siegel-change', reserved: new Uint8Array(0), hash: 'sha512' } as const;
  const middle = Uint8Array.of(flags, 0, 0, 0, 7);
  const hashed = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  const signed = Buffer.concat([hashed(application), middle, hashed(sshSignedBytes(about, digest))]);
  const inner = joinStrings(utf8('sk-ssh-ed25519@openssh.com'), sign(null, signed, privateKey));
  const whole = Buffer.concat([
    utf8('SSHSIG'),
    Uint8Array.of(0, 0, 0, 1),
    joinStrings(key, utf8(about.namespace), about.reserved, utf8(about.hash), Buffer.concat([inner, middle])),
  ]);
  return `-----BEGIN SSH SIGNATURE-----\n${toBase64(whole)}\n-----END SSH SIGNATURE-----\n`;
}

test('a security key counts only when somebody touched it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = fromBase64(String(publicKey.export({ format: 'jwk' })['x'])) ?? new Uint8Array();
  assert.equal(standing(securityKeySignature(privateKey, point, 1, 'plan'), 'plan'), 'holds');
  assert.equal(standing(securityKeySignature(privateKey, point, 0, 'plan'), 'plan'), 'forged');
  assert.equal(standing(securityKeySignature(privateKey, point, 1, 'plan'), 'another'), 'forged');
});

test('a private key, a weak key and a line that is no key are refused before anything is kept', () => {
  const kindOf = (line: string): string => {
    const parsed = parseSshKeyLine(line);
    return parsed.ok ? 'taken' : parsed.error.kind;
  };
  assert.equal(kindOf('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA'), 'privateKey');
  assert.equal(kindOf('ssh-ed25519 AAAA'), 'notAKey');
  assert.equal(kindOf('ssh-ed25519'), 'notAKey');
  assert.equal(kindOf(`${vectors[0]?.publicKey ?? ''}\n${vectors[0]?.publicKey ?? ''}`), 'notAKey');
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const number = (text: unknown): Uint8Array => {
    const bytes = Buffer.from(String(text), 'base64url');
    return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  };
  const weak = joinStrings(utf8('ssh-rsa'), number(small['e']), number(small['n']));
  assert.equal(kindOf(`ssh-rsa ${toBase64(weak)}`), 'weakKey');
  assert.equal(kindOf(`ssh-dss ${toBase64(joinStrings(utf8('ssh-dss'), Uint8Array.of(1)))}`), 'unknownKind');
  for (const { publicKey } of vectors) {
    const parsed = parseSshKeyLine(publicKey);
    assert.ok(parsed.ok);
    assert.equal(formatSshKey(parsed.value), publicKey.split(' ').slice(0, 2).join(' '));
    fc.assert(
      fc.property(fc.nat(parsed.value.blob.length - 1), (length) => {
        assert.ok(!parseSshKey(parsed.value.blob.subarray(0, length)).ok);
      }),
    );
  }
});

test('nothing that anybody sends makes the reader of signatures fall', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300 }), (bytes, text) => {
      const framed = `-----BEGIN SSH SIGNATURE-----\n${toBase64(bytes)}\n-----END SSH SIGNATURE-----`;
      assert.ok(!parseSshSignature(framed).ok);
      assert.ok(!parseSshSignature(text).ok);
      assert.ok(!parseSshKey(bytes).ok);
    }),
  );
});

test(
  'ssh-keygen and we agree, whichever kind of key and hash, with one message and another',
  { skip: hasSshKeygen ? false : 'no ssh-keygen here' },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'siegel-sshsig-'));
    try {
      for (const [index, kind] of ['ed25519', 'ecdsa', 'rsa'].entries()) {
        const file = join(folder, kind);
        execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', 'x', '-f', file]);
        const hash = index % 2 === 0 ? 'sha512' : 'sha256';
        const message = `${kind} ${'x'.repeat(index * 1000)}`;
        const words = ['-q', '-Y', 'sign', '-n', 'siegel-change', '-O', `hashalg=${hash}`, '-f', file];
        const signature = execFileSync('ssh-keygen', words, { input: message }).toString();
        assert.equal(standing(signature, message), 'holds', kind);
        writeFileSync(`${file}.sig`, signature);
        const verify = ['-Y', 'check-novalidate', '-n', 'siegel-change', '-s', `${file}.sig`];
        for (const [text, expected] of [
          [message, 'holds'],
          [`${message}.`, 'forged'],
        ] as const) {
          const theirs = spawnSync('ssh-keygen', verify, { input: text }).status === 0 ? 'holds' : 'forged';
          assert.equal(theirs, expected);
          assert.equal(standing(signature, text), expected);
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
