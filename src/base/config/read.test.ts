// Options: who wins, what is refused, and that a refusal says what is allowed.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { clockOf, readConfig, type Config, type ConfigRefusal, type Sources } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'siegel-config-'));
after(() => rmSync(folder, { recursive: true }));
const surroundings = { isRoot: false, programDir: '/srv/siegel' };

function read(sources: Sources): Config {
  const read = readConfig({ surroundings, environment: {}, ...sources });
  assert.ok(read.ok, read.ok ? '' : read.error.sentence);
  return read.value;
}

function refusal(sources: Sources): ConfigRefusal {
  const read = readConfig({ surroundings, environment: {}, ...sources });
  assert.ok(!read.ok, 'this was expected to be refused');
  return read.error;
}

test('without any option the defaults of the documentation hold', () => {
  const config = read({});
  assert.equal(config.smtpPort, 2525);
  assert.equal(config.httpPort, 8025);
  assert.equal(config.domain, 'siegel.test');
  assert.equal(config.dataDir, '/srv/siegel/data');
  assert.equal(config.kitDir, '/srv/siegel/data-kit');
  assert.equal(read({ surroundings: { ...surroundings, isRoot: true } }).dataDir, '/var/lib/siegel');
  assert.ok(Object.isFrozen(config));
});

test('a flag wins over the environment and the environment over the file', () => {
  const file = join(folder, 'some.conf');
  writeFileSync(file, '# ports\nsmtp-port = 1\nhttp-port = 1\n\ndomain = one.example\n');
  const config = read({
    file,
    environment: { SIEGEL_SMTP_PORT: '2', SIEGEL_HTTP_PORT: '2' },
    flags: { 'smtp-port': '3' },
  });
  assert.deepEqual([config.smtpPort, config.httpPort, config.domain], [3, 2, 'one.example']);
});

test('siegel.conf in the data folder is read without being named', () => {
  writeFileSync(join(folder, 'siegel.conf'), 'domain = found.example\n');
  assert.equal(read({ environment: { SIEGEL_DATA_DIR: folder } }).domain, 'found.example');
});

test('an unknown option is refused wherever it stands, with the nearest known one', () => {
  assert.match(refusal({ flags: { 'smpt-port': '1' } }).sentence, /--smpt-port: .*smtp-port/);
  assert.match(refusal({ environment: { SIEGEL_SMPT_PORT: '1' } }).sentence, /SIEGEL_SMPT_PORT: .*SIEGEL_SMTP_PORT/);
  const file = join(folder, 'typo.conf');
  writeFileSync(file, 'smtp-port = 1\nflavour = red\n');
  assert.match(refusal({ file }).sentence, /typo\.conf line 2 \(flavour\): there is no such option/);
});

test('a bad value is refused with what is allowed and without the value', () => {
  const bad: Record<string, string> = {
    SIEGEL_SMTP_PORT: '65536',
    SIEGEL_DOMAIN: 'not a domain',
    SIEGEL_BIND: 'localhost',
    SIEGEL_LOG: 'loud',
    SIEGEL_TRUSTED_NETWORKS: '10.0.0.0/33',
    SIEGEL_DNS: '127.0.0.1:0',
    SIEGEL_CLOCK: 'tomorrow',
    SIEGEL_URL: 'https://siegel.example/mail',
    SIEGEL_WORKERS: '0',
    SIEGEL_OUTBOUND_PRIVATE: 'perhaps',
    SIEGEL_RSPAMD: 'http://192.168.0.7:11333',
    SIEGEL_RUN_AS: 'an unlikely user',
    DATABASE_URL: 'mysql://root:secret@127.0.0.1/x',
  };
  for (const [name, value] of Object.entries(bad)) {
    const { kind, sentence } = refusal({ environment: { [name]: value } });
    assert.equal(kind, 'bad-value', name);
    assert.match(sentence, new RegExp(`^${name} must be `));
    assert.ok(!sentence.includes(value), name);
  }
});

test('an option whose work is not built yet is refused and not ignored', () => {
  const { kind, sentence } = refusal({ environment: { SIEGEL_IMAP_PORT: '143' } });
  assert.equal(kind, 'not-yet');
  assert.match(sentence, /SIEGEL_IMAP_PORT: .*yet, so it cannot be set/);
  assert.equal(refusal({ flags: { 'imap-port': '143' } }).kind, 'not-yet');
  assert.equal(read({ environment: { SIEGEL_IMAP_PORT: '' } }).smtpPort, 2525);
});

test('a named file that cannot be read, or a line without an equals sign, is refused', () => {
  assert.equal(refusal({ file: join(folder, 'missing.conf') }).kind, 'unreadable-file');
  const file = join(folder, 'broken.conf');
  writeFileSync(file, 'smtp-port 25\n');
  assert.match(refusal({ file }).sentence, /line 1 must be of the form name = value/);
});

test('an empty list of trusted networks is a list, an empty port is no port', () => {
  const config = read({ environment: { SIEGEL_TRUSTED_NETWORKS: '', SIEGEL_SMTP_PORT: '' } });
  assert.deepEqual(config.trustedNetworks, []);
  assert.equal(config.smtpPort, 2525);
});

test('lists, name servers and times are understood', () => {
  const config = read({
    environment: { SIEGEL_DNS: '127.0.0.1:5353, [::1]:53 9.9.9.9', SIEGEL_TRUSTED_NETWORKS: '10.0.0.0/8,::1' },
  });
  assert.deepEqual(config.dns, [
    { address: '127.0.0.1', port: 5353 },
    { address: '::1', port: 53 },
    { address: '9.9.9.9', port: 53 },
  ]);
  assert.deepEqual(config.trustedNetworks[1], { address: '::1', prefixBits: 128 });
  const fixed = clockOf(read({ environment: { SIEGEL_CLOCK: '2030-01-01T00:00Z' } })).nowMs();
  assert.ok(Math.abs(fixed - Date.UTC(2030, 0, 1)) < 1_000);
  const later = clockOf(read({ environment: { SIEGEL_CLOCK: '+38d' } })).nowMs() - Date.now();
  assert.ok(Math.abs(later - 38 * 86_400_000) < 1_000);
});

test('a certificate without its key is refused', () => {
  assert.match(refusal({ environment: { SIEGEL_TLS_CERT: '/x.pem' } }).sentence, /belong together/);
});

test('rspamd is taken on this machine only', () => {
  const place = (text: string): unknown => read({ environment: { SIEGEL_RSPAMD: text } }).rspamd;
  assert.deepEqual(place('http://127.0.0.1:11333'), { origin: 'http://127.0.0.1:11333', socketPath: undefined });
  assert.deepEqual(place('http://[::1]:11333/'), { origin: 'http://[::1]:11333', socketPath: undefined });
  assert.deepEqual(place('unix:/run/rspamd.sock'), { origin: 'http://127.0.0.1', socketPath: '/run/rspamd.sock' });
  assert.equal(place(''), undefined);
  const away = 'http://localhost:11333 http://10.0.0.1 http://example.org https://127.0.0.1 http://0.0.0.0:11333';
  const odd =
    'http://[::ffff:127.0.0.1]:11333 http://a@127.0.0.1 http://127.0.0.1/checkv2 unix:run/x unix: 127.0.0.1:11333';
  for (const text of [...away.split(' '), ...odd.split(' ')])
    assert.equal(refusal({ environment: { SIEGEL_RSPAMD: text } }).kind, 'bad-value', text);
});

test('private networks are closed to requests until they are opened by name', () => {
  assert.equal(read({}).outboundPrivate, false);
  assert.equal(read({ environment: { SIEGEL_OUTBOUND_PRIVATE: '1' } }).outboundPrivate, true);
  assert.equal(read({ flags: { 'outbound-private': '0' } }).outboundPrivate, false);
});

test('a smarthost is a host with or without a port, and a login without one is refused', () => {
  const relay = (text: string) => read({ environment: { SIEGEL_SMARTHOST: text } }).smarthost;
  assert.deepEqual(relay('Mail.Example.org'), { host: 'mail.example.org', port: 587 });
  assert.deepEqual(relay('10.0.0.1:25'), { host: '10.0.0.1', port: 25 });
  assert.deepEqual(relay('[fd00::1]:465'), { host: 'fd00::1', port: 465 });
  for (const bad of [
    'mail.example.org:0',
    'mail.example.org:99999',
    'a b',
    'user@host',
    'smtp://host',
    'host:',
    '[1.2.3.4]',
    'fd00::1',
  ])
    assert.equal(refusal({ environment: { SIEGEL_SMARTHOST: bad } }).kind, 'bad-value', bad);
  const alone = refusal({ environment: { SIEGEL_SMARTHOST_LOGIN: '/x' } });
  assert.match(alone.sentence, /smarthost-login needs smarthost/);
});

test('the store for documents is the whole path of a socket, or a server behind TLS without a login in it', () => {
  for (const place of ['/run/siegel-store/redis.sock', 'rediss://store.example:6379', 'rediss://[::1]:7000/'])
    assert.equal(read({ environment: { SIEGEL_TRANSIT_STORE: place } }).transitStore, place);
  for (const place of [
    'redis.sock',
    'redis://store.example',
    'rediss://a:b@store.example',
    'rediss://store.example/1',
    '/run/',
  ])
    assert.match(refusal({ environment: { SIEGEL_TRANSIT_STORE: place } }).sentence, /SIEGEL_TRANSIT_STORE must be/);
});
