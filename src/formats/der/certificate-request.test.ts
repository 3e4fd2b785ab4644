// Requests and certificates as independent readers see them: openssl and the runtime.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { certificateRequest, selfSigned } from './certificate-request.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const signDer = (bytes: Uint8Array): Uint8Array => sign('sha256', bytes, privateKey);
const names = ['mail.example.org', 'mta-sts.example.org', `${'a'.repeat(60)}.${'b'.repeat(60)}.example.org`];

test('openssl accepts the request, its signature and every name', () => {
  const input = certificateRequest({ names, publicKey: spki }, signDer);
  const text = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-text'], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const name of names) assert.ok(text.includes(`DNS:${name}`), name);
  assert.match(text, /prime256v1/);
});

test('a changed request is refused', () => {
  const input = certificateRequest({ names, publicKey: spki }, signDer);
  input[input.length - 90] = (input[input.length - 90] ?? 0) ^ 1;
  assert.throws(() => {
    const out = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout'], { input, stdio: 'pipe' });
    if (!out.includes('OK')) throw new Error('not verified');
  });
});

test('a certificate signed by its own key is read with its names and times', () => {
  const fromMs = Date.UTC(2026, 4, 17, 12, 0, 1);
  for (const untilMs of [Date.UTC(2027, 0, 1), Date.UTC(2051, 0, 1)]) {
    const der = selfSigned({ names, publicKey: spki, serial: Uint8Array.of(0, 0x90, 1), fromMs, untilMs }, signDer);
    const certificate = new X509Certificate(der);
    assert.ok(certificate.verify(publicKey));
    assert.equal(Date.parse(certificate.validFrom), fromMs);
    assert.equal(Date.parse(certificate.validTo), untilMs);
    for (const name of names) assert.equal(certificate.checkHost(name), name);
  }
});
