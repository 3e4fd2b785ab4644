// A domain that asks for it hears how connections to it were encrypted: by mail, by HTTPS, once, and nobody else hears anything.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer as createSecureServer } from 'node:https';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { manualClock, systemClock } from '#base/clock.ts';
import { createDns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { canonicalBody } from '#formats/dkim/canonical-body.ts';
import { certificateFor } from '../../../../test/fakes/certificates.ts';
import { startDnsServer, type DnsServerFake, type Zone } from '../../../../test/fakes/dns-server.ts';
import { startHostilePeer, type HostilePeer, type PeerConduct } from '../../../../test/fakes/hostile-peer.ts';
import { createDkimSigner } from '../peer/dkim-signer.ts';
import { createPeerTransport } from '../peer/peer-transport.ts';
import { createTlsCounters } from '../peer/tls-counters.ts';
import { readReportTarget } from './report-target.ts';
import { startTlsReports, type TlsReports } from './tls-reports.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 4, 17);
const silentLog = { info() {}, warn() {}, error() {}, fault() {} };

const wish = (rua: string): Zone => ({
  '_smtp._tls.there.test': { TXT: [`v=TLSRPTv1; rua=${rua}`] },
  'there.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }] },
  'mx.there.test': { A: ['127.0.0.1'] },
});

interface World {
  readonly clock: ReturnType<typeof manualClock>;
  readonly counters: ReturnType<typeof createTlsCounters>;
  readonly reports: TlsReports;
  readonly peer: HostilePeer;
  readonly names: DnsServerFake;
}

const edKeys = generateKeyPairSync('ed25519');

async function open(t: TestContext, zone: Zone, conduct: PeerConduct = {}, trustPem?: string): Promise<World> {
  const clock = manualClock(START_MS + 10 * 3_600_000);
  const counters = createTlsCounters(clock);
  const names = await startDnsServer(zone);
  const peer = await startHostilePeer(conduct);
  const dns = () => createDns(systemClock, { servers: [names], tryWaitMs: 200 });
  const pair = {
    selector: 's1',
    algorithm: 'ed25519-sha256',
    privateKey: edKeys.privateKey,
    createdMs: 0,
    fromMs: 0,
    untilMs: undefined,
  } as const;
  let tokens = 0;
  const reports = startTlsReports({
    clock,
    log: silentLog,
    // a clock of its own: what is not there yet must not be remembered from one round to the next
    dns: { lookUp: (name, type) => dns().lookUp(name, type) },
    outgoing: createOutgoing({
      resolve: () => Promise.resolve(ok(['127.0.0.1'])),
      mayPrivate: true,
      ...(trustPem === undefined ? {} : { trustPem }),
    }),
    takeDays: () => counters.takeDays(),
    openTransport: () =>
      createPeerTransport({
        clock: systemClock,
        dns: dns(),
        greetingName: 'siegel.test',
        mayPrivate: true,
        port: peer.port,
        sign: createDkimSigner({
          clock,
          keys: () => [pair],
          isOwnDomain: (domain) => domain === 'siegel.test',
          mainDomain: 'siegel.test',
        }),
      }),
    house: { domain: 'siegel.test', token: () => `token${++tokens}` },
  });
  t.after(async () => {
    reports[Symbol.dispose]();
    await peer[Symbol.asyncDispose]();
    await names.close();
  });
  return { clock, counters, reports, peer, names };
}

function countSome({ counters }: World): void {
  counters.success('there.test', undefined);
  counters.success('there.test', undefined);
  counters.failure('there.test', undefined, { type: 'starttls-not-supported', mxHost: 'mx.there.test' });
}

function reportIn(letter: Buffer): Record<string, unknown> {
  const text = letter.toString('latin1');
  const base64 = /application\/tlsrpt\+gzip[\s\S]*?\r\n\r\n([\s\S]*?)\r\n\r\n--/.exec(text)?.[1] ?? '';
  return JSON.parse(gunzipSync(Buffer.from(base64, 'base64')).toString()) as Record<string, unknown>;
}

test('the day after, the domain gets one letter with the day in numbers, signed by the house', async (t) => {
  const world = await open(t, wish('mailto:tls@there.test'));
  countSome(world);
  await world.reports.run();
  assert.equal(world.peer.connectionsCount, 0, 'a day that is not over is not reported');
  world.clock.advanceMs(DAY_MS);
  await world.reports.run();
  await world.reports.run();
  const [letter] = world.peer.letters;
  assert.ok(letter && world.peer.letters.length === 1);
  assert.equal(letter.mailFrom, '');
  assert.deepEqual(letter.recipients, ['tls@there.test']);
  const text = letter.bytes.toString('latin1');
  for (const field of [
    /^DKIM-Signature: v=1; a=ed25519-sha256;[\s\S]*?d=siegel\.test/m,
    /^Subject: Report Domain: there\.test Submitter: siegel\.test Report-ID:\r\n <token1@siegel\.test>/m,
    /^TLS-Report-Domain: there\.test\r$/m,
    /^TLS-Report-Submitter: siegel\.test\r$/m,
    /^Content-Type: multipart\/report; report-type=tlsrpt; boundary=token1\r$/m,
    /^Content-Type: application\/tlsrpt\+gzip\r$/m,
    /filename\*?0?\*?="?siegel\.test!there\.test!1778976000!1779062399!token1\.json\.gz/m,
  ])
    assert.match(text, field);
  assert.ok(isSigned(letter.bytes), 'the signature holds for the body that arrived');
  const report = reportIn(letter.bytes);
  assert.equal(report['report-id'], 'token1@siegel.test');
  assert.deepEqual(report['date-range'], {
    'start-datetime': '2026-05-17T00:00:00Z',
    'end-datetime': '2026-05-17T23:59:59Z',
  });
  const [policy] = report['policies'] as { summary: Record<string, number>; policy: Record<string, string> }[];
  assert.equal(policy?.policy['policy-domain'], 'there.test');
  assert.deepEqual(policy?.summary, { 'total-successful-session-count': 2, 'total-failure-session-count': 1 });
  assert.deepEqual(world.reports.counts, { sent: 1, givenUp: 0 });
});

/** The body hash in the signature is that of the body (its own signature is python3-dkim's to check, in the journeys). */
function isSigned(letter: Buffer): boolean {
  const field = /^DKIM-Signature:[\s\S]*?\r\n(?![ \t])/m.exec(letter.toString('latin1'))?.[0] ?? '';
  const hash = /bh=([^;]+);/.exec(field)?.[1] ?? '';
  const body = letter.subarray(letter.indexOf('\r\n\r\n') + 4);
  const hasher = createHash('sha256');
  for (const piece of canonicalBody(body, 'relaxed').pieces) hasher.update(piece);
  return hasher.digest('base64') === hash.replaceAll(/\s/g, '');
}

test('a domain that wants its report over HTTPS gets the packed JSON and nothing else', async (t) => {
  const { keyPem, certificatePem } = certificateFor('reports.there.test');
  const got: { readonly headers: Record<string, unknown>; readonly body: Buffer }[] = [];
  let status = 503;
  const server = createSecureServer({ key: keyPem, cert: certificatePem }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const world = await open(t, wish(`https://reports.there.test:${address.port}/v1`), {}, certificatePem);
  countSome(world);
  world.clock.advanceMs(DAY_MS);
  await world.reports.run();
  assert.equal(world.reports.waiting, 1, 'a server that is busy is asked again');
  status = 201;
  await world.reports.run();
  assert.equal(world.reports.waiting, 0);
  assert.deepEqual(world.reports.counts, { sent: 1, givenUp: 0 });
  const [, second] = got;
  assert.equal(second?.headers['content-type'], 'application/tlsrpt+gzip');
  const report = JSON.parse(gunzipSync(second?.body ?? Buffer.alloc(0)).toString()) as Record<string, unknown>;
  assert.equal(report['organization-name'], 'siegel.test');
  assert.equal(world.peer.letters.length, 0);
});

test('a domain that asks for no report gets none', async (t) => {
  const zones: readonly Zone[] = [
    {},
    { '_smtp._tls.there.test': { TXT: ['v=TLSRPTv1; rua=ftp://there.test/'] } },
    {
      '_smtp._tls.there.test': { TXT: ['v=TLSRPTv1; rua=mailto:a@there.test', 'v=TLSRPTv1; rua=mailto:b@there.test'] },
    },
  ];
  for (const zone of zones) {
    const world = await open(t, zone);
    countSome(world);
    world.clock.advanceMs(DAY_MS);
    await world.reports.run();
    assert.equal(world.reports.waiting, 0);
    assert.equal(world.peer.connectionsCount, 0);
    assert.ok(world.names.asked.includes('TXT _smtp._tls.there.test'));
  }
});

test('a report leaves although the encryption it complains about is still broken, and causes no report of its own', async (t) => {
  const zone = { ...wish('mailto:tls@there.test'), '_mta-sts.there.test': { TXT: ['v=STSv1; id=1'] } };
  const world = await open(t, zone, { isTlsBroken: true, certificate: certificateFor('elsewhere.test') });
  countSome(world);
  world.clock.advanceMs(DAY_MS);
  await world.reports.run();
  assert.equal(world.peer.letters.length, 1);
  assert.equal(world.peer.letters[0]?.isTls, false);
  assert.ok(!world.names.asked.some((name) => name.includes('_mta-sts')), 'no policy is asked for');
  world.clock.advanceMs(DAY_MS);
  await world.reports.run();
  assert.equal(world.peer.letters.length, 1, 'the report’s own session is in no report');
});

test('a report that is put off is tried for a day and then given up; one that is refused is not tried again', async (t) => {
  const world = await open(t, wish('mailto:tls@there.test'), { answers: { MAIL: '451 4.3.0 later' } });
  countSome(world);
  world.clock.advanceMs(DAY_MS);
  for (let round = 0; round < limits.delivery.tlsReportTriesMax; round++) await world.reports.run();
  assert.equal(world.reports.waiting, 0);
  assert.deepEqual(world.reports.counts, { sent: 0, givenUp: 1 });
  const refusing = await open(t, wish('mailto:tls@there.test'), { answers: { RCPT: '550 5.1.1 nobody' } });
  countSome(refusing);
  refusing.clock.advanceMs(DAY_MS);
  await refusing.reports.run();
  assert.equal(refusing.reports.waiting, 0);
  assert.deepEqual(refusing.reports.counts, { sent: 0, givenUp: 1 });
});

test('while names cannot be looked up the day waits', async (t) => {
  const world = await open(t, { '_smtp._tls.there.test': 'servfail' });
  countSome(world);
  world.clock.advanceMs(DAY_MS);
  await world.reports.run();
  assert.equal(world.reports.waiting, 1);
  world.names.useZone(wish('mailto:tls@there.test'));
  await world.reports.run();
  assert.equal(world.reports.waiting, 0);
  assert.equal(world.peer.letters.length, 1);
});

test('a wish that is no address is no target', () => {
  assert.deepEqual(readReportTarget('mailto:TLS%2Breports@There.test?subject=x'), {
    kind: 'mail',
    address: 'TLS+reports@there.test',
    domain: 'there.test',
  });
  for (const text of [
    'mailto:',
    'mailto:x',
    'mailto:a@[127.0.0.1]',
    'mailto:a%zz@b.test',
    'mailto:a@b.test%0d%0aRCPT',
    '',
  ])
    assert.equal(readReportTarget(text), undefined, text);
});
