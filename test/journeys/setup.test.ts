// A house set up as its operator does it: options by command, a certificate by ACME, the records checked against a name server, keys changed while it runs.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { startAcmeServer } from '../fakes/acme-server.ts';
import { startDnsServer, type ZoneRecords } from '../fakes/dns-server.ts';
import { freePort, runSiegel } from '../running-program.ts';
import { startSetUp } from '../set-up-program.ts';

interface Copied {
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly isOpen: boolean;
}

/** What an operator types into his provider's panel. */
function zoneOf(records: readonly Copied[]): Record<string, ZoneRecords> {
  const zone: Record<string, { -readonly [T in keyof ZoneRecords]: ZoneRecords[T] }> = {};
  for (const { name, type, value } of records) {
    const entry = (zone[name] ??= {});
    if (type === 'TXT') entry.TXT = [...(entry.TXT ?? []), value];
    else if (type === 'MX') entry.MX = [{ priority: 10, exchange: value.slice(3) }];
    else if (type === 'A' || type === 'AAAA' || type === 'CNAME') entry.A = ['127.0.0.1'];
    else if (type === 'SRV') {
      const [, , port, exchange = ''] = value.split(' ');
      entry.SRV = [{ priority: 0, port: Number(port), exchange }];
    }
  }
  return zone;
}

function fetchSecure(
  port: number,
  host: string,
  path: string,
): Promise<{ status: number; text: string; issuer: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', path, headers: { host }, rejectUnauthorized: false, agent: false },
      (answer) => {
        const { socket } = answer;
        const issuer = 'getPeerCertificate' in socket ? String(readIssuer(socket)) : '';
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, issuer }));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

function readIssuer(socket: object): unknown {
  const read = Reflect.get(socket, 'getPeerCertificate');
  return typeof read === 'function' ? Reflect.get(Reflect.get(read.call(socket), 'issuer') ?? {}, 'CN') : undefined;
}

/** Who signed the certificate of the port where TLS comes first. */
function issuerAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().issuer.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('from setup to green: a house with a certificate fetched by itself', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-journey-setup-'));
  const [smtp, http, submission, submissions, acmePort] = await Promise.all(Array.from({ length: 5 }, freePort));
  assert.ok(smtp && http && submission && submissions && acmePort);
  const proof = (_: string, token: string): string =>
    `http://127.0.0.1:${acmePort}/.well-known/acme-challenge/${token}`;
  await using authority = await startAcmeServer(proof);
  const dns = await startDnsServer({ 'acme.test': { A: ['127.0.0.1'] } });
  const token = join(folder, 'token');
  await writeFile(token, 'a-token-of-sixteen-characters\n', { mode: 0o600 });
  const env = { ...process.env, SIEGEL_DATA_DIR: join(folder, 'data') };
  try {
    const ports = {
      'smtp-port': smtp,
      'http-port': http,
      'submission-port': submission,
      'submissions-port': submissions,
    };
    const flags = {
      domain: 'example.org',
      bind: '127.0.0.2',
      acme: authority.directory,
      'acme-port': acmePort,
      ...ports,
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const set = await runSiegel(['setup', ...words, '--apply', '--json'], '', env);
    assert.equal(set.code, 0, set.stderr + set.stdout);
    const { records } = JSON.parse(set.stdout) as { records: readonly Copied[] };
    dns.useZone({ ...zoneOf(records), 'acme.test': { A: ['127.0.0.1'] } });

    await writeFile(
      join(folder, 'data/siegel.conf'),
      `${(await readFile(join(folder, 'data/siegel.conf'), 'utf8')).replace('127.0.0.2', '127.0.0.1')}metrics-token = ${token}\ndns = ${dns.endpoint}\noutbound-private = 1\n`,
    );
    await using program = await startSetUp({ env, trustPem: authority.trustPem });
    for (let tries = 0; tries < 200 && authority.issued === 0; tries++) await wait(50);
    assert.deepEqual(authority.complaints, []);
    assert.equal(authority.issued, 1, program.output());
    await wait(200);

    const policy = await fetchSecure(http, 'mta-sts.example.org', '/.well-known/mta-sts.txt');
    assert.equal(policy.issuer, 'Fake authority');
    assert.equal(await issuerAt(submissions), 'Fake authority', 'the doors for letters took it too');
    assert.match(policy.text, /mode: enforce\r\nmx: mail\.example\.org/);
    const config = await fetchSecure(http, 'autoconfig.example.org', '/mail/config-v1.1.xml');
    assert.match(config.text, new RegExp(`<port>${submissions}<`));
    assert.deepEqual(JSON.parse((await fetchSecure(http, 'mail.example.org', '/healthz')).text), {
      ready: true,
      reasons: [],
    });
    assert.equal((await fetchSecure(http, 'mail.example.org', '/metrics')).status, 401);

    const checked = await runSiegel(['domain', 'check', '--json'], '', env);
    const report = JSON.parse(checked.stdout) as {
      findings: readonly { id: string; state: string; sentence: string }[];
    };
    const reds = report.findings.filter(({ state }) => state === 'red');
    // its own web server does not listen on 443 here, which the command asks
    assert.deepEqual(
      reds.map(({ id }) => id),
      ['mta-sts-policy'],
      JSON.stringify(reds),
    );
    assert.equal(checked.code, 1);

    const rotated = await runSiegel(['dkim', 'rotate', '--apply', '--json'], '', env);
    assert.equal(rotated.code, 0, rotated.stdout);
    const states = (JSON.parse(rotated.stdout) as { records: readonly { state: string }[] }).records.map(
      ({ state }) => state,
    );
    assert.deepEqual(states, ['signing', 'signing', 'coming', 'coming']);
    const after = JSON.parse((await runSiegel(['domain', 'check', '--json'], '', env)).stdout) as typeof report;
    const missing = after.findings.filter(({ id, state }) => id === 'dkim' && state === 'red');
    assert.equal(missing.length, 2, 'the new keys are to be published');
    const status = await runSiegel(['status', '--json'], '', env);
    assert.ok(!/certificate/i.test(status.stdout), status.stdout);
  } finally {
    await dns.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
