// TLS on the way out: used when offered, demanded where a policy says so, never pretended.

import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { test, type TestContext } from 'node:test';

import { clockStartingAt, manualClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { createOutgoing, type Outgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { formatTlsReport } from '#formats/mta-sts/tls-report.ts';
import { certificateFor, type NamedCertificate } from '../../../../test/fakes/certificates.ts';
import type { Zone } from '../../../../test/fakes/dns-server.ts';
import { inShort, ONE_HOST, openWorld } from './test-world.ts';

const own = certificateFor('siegel.test');
const certificate = own;
const SIEGEL: Zone = { 'siegel.test': { MX: [{ priority: 1, exchange: 'siegel.test' }], A: ['127.0.0.1'] } };
const toSiegel = { domain: 'siegel.test', recipients: ['ben@siegel.test'] };

test('TLS is used when it is offered, also with a certificate that proves nothing, and the outcome says which', async (t) => {
  const { send, peer } = await openWorld(t, { certificate });
  assert.deepEqual(inShort(await send()), ['delivered 250 2.0.0 encrypted']);
  assert.ok(peer.letters[0]?.isTls);
  assert.equal(
    peer.lines.filter((line) => line.startsWith('EHLO')).length,
    2,
    'what was said in the clear is forgotten',
  );
  const proven = await openWorld(t, { certificate }, { zone: SIEGEL, trustPem: own.certificatePem });
  assert.deepEqual(inShort(await proven.send(toSiegel)), ['delivered 250 2.0.0 verified']);
  const otherName = await openWorld(t, { certificate }, { trustPem: own.certificatePem });
  assert.deepEqual(inShort(await otherName.send()), ['delivered 250 2.0.0 encrypted']);
});

test('where nobody demands TLS, broken TLS is followed by one try in the clear, remembered and counted', async (t) => {
  for (const conduct of [
    { certificate, isTlsBroken: true },
    { certificate, answers: { STARTTLS: '454 4.7.0 not now' } },
  ]) {
    const { send, peer, transport } = await openWorld(t, conduct);
    assert.deepEqual(inShort(await send()), ['delivered 250 2.0.0 none']);
    assert.deepEqual([transport.counters.brokenTls, peer.connectionsCount], [1, 2]);
    const [day] = transport.tlsCounters.today;
    assert.deepEqual(day?.failures, [{ type: 'validation-failure', mxHost: 'mx.there.test', sessionsCount: 1 }]);
  }
});

test('words in the clear behind the answer to STARTTLS are never taken for the peer’s', async (t) => {
  const { send, peer } = await openWorld(t, { certificate, injected: '250 2.0.0 forged' });
  const [outcome] = await send();
  assert.equal(outcome?.tls, 'none', 'the connection with the forged word was given up');
  assert.equal(peer.connectionsCount, 2);
});

async function policyServer(
  t: TestContext,
  text: string,
  key: NamedCertificate,
): Promise<{ readonly port: number; text: string; asked: number }> {
  const served = { port: 0, text, asked: 0 };
  const server = createServer({ key: key.keyPem, cert: key.certificatePem }, (_, response) => {
    served.asked++;
    response.writeHead(served.text === '' ? 404 : 200, { 'content-type': 'text/plain' }).end(served.text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  served.port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return served;
}

function outgoing(trustPem: string): Outgoing {
  return createOutgoing({
    resolve: () => Promise.resolve(ok(['127.0.0.1'])),
    mayPrivate: true,
    trustPem,
  });
}

const policyText = (mode: string, mx: string): string =>
  `version: STSv1\r\nmode: ${mode}\r\nmx: ${mx}\r\nmax_age: 86400\r\n`;
const STS_ZONE: Zone = { ...ONE_HOST, '_mta-sts.there.test': { TXT: ['v=STSv1; id=1;'] } };

test('a domain that demands TLS gets no letter in the clear, to a false name or to a host it does not name', async (t) => {
  const forPolicy = certificateFor('mta-sts.there.test');
  const forHost = certificateFor('mx.there.test');
  const trustPem = `${forPolicy.certificatePem}\n${forHost.certificatePem}\n${own.certificatePem}`;
  const served = await policyServer(t, policyText('enforce', 'mx.there.test'), forPolicy);
  const options = { zone: STS_ZONE, trustPem, outgoing: outgoing(trustPem), policyPort: served.port };
  const cases = [
    [{ certificate: forHost }, 'delivered 250 2.0.0 verified', undefined],
    [{ certificate: own }, 'deferred 0 4.7.5 none', 'certificate-host-mismatch'],
    [{ certificate: forHost, isStripped: true }, 'deferred 0 4.7.4 none', 'starttls-not-supported'],
    [{ certificate: forHost, isTlsBroken: true }, 'deferred 0 4.7.5 none', 'validation-failure'],
  ] as const;
  for (const [conduct, wanted, failure] of cases) {
    const { send, peer, transport } = await openWorld(t, conduct, options);
    assert.deepEqual(inShort(await send()), [wanted]);
    assert.equal(peer.letters.length, wanted.startsWith('delivered') ? 1 : 0);
    const [day] = transport.tlsCounters.today;
    assert.equal(day?.failures[0]?.type, failure);
    assert.equal(day?.policy.type, 'sts');
  }
  const untrusted = await openWorld(t, { certificate: forHost }, { ...options, trustPem: forPolicy.certificatePem });
  assert.deepEqual(inShort(await untrusted.send()), ['deferred 0 4.7.5 none']);
  served.text = policyText('enforce', '*.elsewhere.test');
  const elsewhere = await openWorld(t, { certificate: forHost }, options);
  assert.deepEqual(inShort(await elsewhere.send()), ['deferred 0 4.7.5 none']);
  assert.equal(elsewhere.peer.connectionsCount, 0);
  // the twin: in testing mode the same hosts get their letters, and the report tells
  served.text = policyText('testing', 'mx.there.test');
  const testing = await openWorld(t, { certificate: own }, options);
  assert.deepEqual(inShort(await testing.send()), ['delivered 250 2.0.0 encrypted']);
  assert.equal(testing.transport.tlsCounters.today[0]?.failures[0]?.type, 'certificate-not-trusted');
});

test('a policy is fetched once, holds when its record or its server is gone, and is fetched again when its id changes', async (t) => {
  const forPolicy = certificateFor('mta-sts.there.test');
  const trustPem = forPolicy.certificatePem;
  const served = await policyServer(t, policyText('enforce', 'other.test'), forPolicy);
  const { createStsPolicies } = await import('./sts-policies.ts');
  let record = 'v=STSv1; id=1;';
  const clock = manualClock(0);
  const policies = createStsPolicies({
    clock,
    dns: { lookUp: () => ok([[record]]) },
    outgoing: outgoing(trustPem),
    policyPort: served.port,
  });
  const mode = async (): Promise<string> => {
    const { policy, problem } = await policies.find('there.test');
    return `${policy?.mode ?? 'nothing'} ${problem ?? ''}`.trim();
  };
  assert.deepEqual([await mode(), await mode(), served.asked], ['enforce', 'enforce', 1]);
  record = '';
  assert.deepEqual([await mode(), served.asked], ['enforce', 1]);
  record = 'v=STSv1; id=2;';
  served.text = '';
  assert.deepEqual([await mode(), served.asked], ['enforce sts-policy-fetch-error', 2]);
  served.text = policyText('none', 'x.test');
  clock.advanceMs(limits.delivery.stsRetryMs);
  assert.equal(await mode(), 'none');
  served.text = 'nonsense';
  record = 'v=STSv1; id=3;';
  assert.equal(await mode(), 'none sts-policy-invalid');
});

test('days that are over become reports, each once', async (t) => {
  const day = Date.UTC(2026, 4, 17, 23, 59, 59, 500);
  const { send, transport } = await openWorld(t, { certificate }, { clock: clockStartingAt(day) });
  await send();
  assert.deepEqual(transport.tlsCounters.takeDays(), []);
  await new Promise((resolve) => {
    setTimeout(resolve, 600);
  });
  const [over, ...more] = transport.tlsCounters.takeDays();
  assert.ok(over !== undefined && more.length === 0);
  assert.deepEqual(transport.tlsCounters.takeDays(), []);
  const reporter = { organization: 'Siegel', contact: 'postmaster@siegel.test', reportId: '1' };
  const report: unknown = JSON.parse(formatTlsReport(over, reporter));
  assert.deepEqual(report, {
    'organization-name': 'Siegel',
    'date-range': { 'start-datetime': '2026-05-17T00:00:00Z', 'end-datetime': '2026-05-17T23:59:59Z' },
    'contact-info': 'postmaster@siegel.test',
    'report-id': '1',
    policies: [
      {
        policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'there.test' },
        summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 0 },
      },
    ],
  });
});

test('everything goes to the smarthost when there is one: signed in over TLS with a proven name, or not at all', async (t) => {
  const credentials = { user: 'house', plainPassword: 'secret ü' };
  const password = { user: 'house', password: 'secret ü' };
  const zone = { 'siegel.test': { A: ['127.0.0.1'] } };
  const extensions = (mechanisms: string): string[] => ['PIPELINING', `AUTH ${mechanisms}`];
  const open = async (conduct: object, trustPem?: string) => {
    const world = await openWorld(t, { certificate, password, ...conduct }, { zone, mayPrivate: false });
    const { port } = world.peer;
    const smarthost = { host: 'siegel.test', port, credentials, isTlsFirst: false };
    const relayed = await openWorld(t, {}, { zone, mayPrivate: false, smarthost, ...(trustPem && { trustPem }) });
    return { ...relayed, peer: world.peer };
  };
  for (const mechanisms of ['PLAIN LOGIN', 'LOGIN']) {
    const { send, peer } = await open({ extensions: extensions(mechanisms) }, own.certificatePem);
    const outcomes = await send({ domain: 'anywhere.example', recipients: ['x@anywhere.example'] });
    assert.deepEqual(inShort(outcomes), ['delivered 250 2.0.0 verified'], mechanisms);
    assert.deepEqual(peer.letters[0]?.recipients, ['x@anywhere.example']);
  }
  const unproven = await open({ extensions: extensions('PLAIN') });
  assert.deepEqual(inShort(await unproven.send()), ['deferred 0 4.7.5 none']);
  const stripped = await open({ extensions: extensions('PLAIN'), isStripped: true }, own.certificatePem);
  assert.deepEqual(inShort(await stripped.send()), ['deferred 0 4.7.4 none']);
  for (const { peer } of [unproven, stripped]) assert.ok(!peer.lines.some((line) => line.startsWith('AUTH')));
  const wrong = await open(
    { extensions: extensions('PLAIN'), password: { user: 'x', password: 'y' } },
    own.certificatePem,
  );
  assert.deepEqual(inShort(await wrong.send()), ['deferred 535 4.7.8 none']);
  const none = await open({ extensions: ['PIPELINING'] }, own.certificatePem);
  assert.deepEqual(inShort(await none.send()), ['deferred 0 4.7.0 none']);
});

test('a smarthost with TLS from the first byte is spoken to so, and one that does not prove its name gets no password', async (t) => {
  const zone = { 'siegel.test': { A: ['127.0.0.1'] } };
  const password = { user: 'house', password: 'secret' };
  const relay = await openWorld(t, {
    certificate,
    isTlsFirst: true,
    password,
    extensions: ['PIPELINING', 'AUTH PLAIN'],
  });
  const credentials = { user: 'house', plainPassword: 'secret' };
  const smarthost = { host: 'siegel.test', port: relay.peer.port, credentials, isTlsFirst: true };
  const proven = await openWorld(t, {}, { zone, smarthost, trustPem: own.certificatePem });
  assert.deepEqual(inShort(await proven.send()), ['delivered 250 2.0.0 verified']);
  const linesCount = relay.peer.lines.length;
  const unproven = await openWorld(t, {}, { zone, smarthost });
  assert.deepEqual(inShort(await unproven.send()), ['deferred 0 4.7.5 none']);
  assert.equal(relay.peer.lines.length, linesCount);
  const open = await openWorld(t, {}, { zone, smarthost: { ...smarthost, credentials: undefined } });
  assert.deepEqual(inShort(await open.send()), ['delivered 250 2.0.0 encrypted']);
  const clear = await openWorld(t, {});
  const wrongPort = await openWorld(t, {}, { zone, smarthost: { ...smarthost, port: clear.peer.port } });
  assert.equal((await wrongPort.send())[0]?.kind, 'deferred');
  assert.equal(clear.peer.letters.length, 0);
});
