// Where the options say that the store is: what cannot be read or cannot be meant is refused at the start, with what to do.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { test, type TestContext } from 'node:test';
import { readStorePlace } from './open-store-place.ts';

function files(t: TestContext): { login: string; ca: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-store-place-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [login, ca] = [join(folder, 'login'), join(folder, 'ca.pem')];
  writeFileSync(login, 'siegel\na password\n', { mode: 0o600 });
  writeFileSync(ca, `vouches for the store\n${rootCertificates[0] ?? ''}\n`);
  return { login, ca, folder };
}

function said(options: { store?: string; login?: string | undefined; ca?: string | undefined }): string {
  const { store = 'rediss://store.test', login, ca } = options;
  const read = readStorePlace({ transitStore: store, transitStoreLogin: login, transitStoreCa: ca });
  return read.ok ? 'read' : read.error.sentence;
}

test('a store is read from its options: place, login, and who vouches for it', (t) => {
  const { login, ca } = files(t);
  const read = readStorePlace({ transitStore: 'rediss://[::1]:7000', transitStoreLogin: login, transitStoreCa: ca });
  assert.ok(read.ok && read.value?.kind === 'tls');
  assert.deepEqual([read.value.host, read.value.port], ['::1', 7_000]);
  assert.deepEqual(read.value.login, { user: 'siegel', password: 'a password' });
  assert.ok(read.value.caPem?.includes(rootCertificates[0] ?? '?'));
  assert.equal(said({ store: '/run/store.sock', login }), 'read');
});

test('a certificate file that cannot be read, or holds none, is refused by its name: TLS itself would say nothing', (t) => {
  const { login, ca, folder } = files(t);
  assert.equal(said({ login, ca }), 'read');
  assert.match(
    said({ login, ca: join(folder, 'away.pem') }),
    /^transit-store-ca names .*away\.pem, which cannot be read/,
  );
  assert.match(said({ login, ca: folder }), /which cannot be read/);
  for (const text of ['', 'no certificate', (rootCertificates[0] ?? '').slice(0, 200)]) {
    writeFileSync(ca, text);
    assert.match(said({ login, ca }), /^transit-store-ca names .*ca\.pem, which holds no whole certificate/);
  }
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n');
  assert.match(said({ login, ca }), /holds no whole certificate/);
});

test('a login that is missing, open to others or not two lines is refused by its name', (t) => {
  const { login, folder } = files(t);
  assert.equal(said({ login }), 'read');
  assert.match(said({}), /^transit-store needs transit-store-login/);
  assert.match(said({ login: join(folder, 'away') }), /^transit-store-login names .*away, which cannot be read/);
  for (const text of ['siegel', 'siegel\na\nb', '\n']) {
    writeFileSync(login, text);
    assert.match(said({ login }), /^transit-store-login names .*login, which must have mode 600 and hold two lines/);
  }
  writeFileSync(login, 'siegel\na password\n');
  chmodSync(login, 0o640);
  assert.match(said({ login }), /must have mode 600/);
});

test('a place that is neither a socket nor TLS is refused, and so is a login in it', (t) => {
  const { login } = files(t);
  for (const store of ['redis://store.test', 'store.test:6379', 'rediss://siegel:secret@store.test'])
    assert.match(said({ store, login }), /^transit-store must be the path of a socket, or rediss:/);
});
