// A certificate by ACME against an authority that checks everything: fetched, kept, renewed, taken up by open doors, and failures that stop nothing.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { Hono } from 'hono';
import { manualClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { destinations } from '#base/outgoing/destinations.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { err, ok } from '#base/result.ts';
import { createHttp } from '#office/api/http-server.ts';
import { startAcmeServer, type AcmeServerFake } from '../../../test/fakes/acme-server.ts';
import { createChallenges, openChallengePort } from './challenges.ts';
import { openKeeper, type CertificateKeeper } from './keeper.ts';

const NAMES = ['mail.example.org', 'mta-sts.example.org', 'autoconfig.example.org'];
const DAY_MS = 86_400_000;

interface Place extends AsyncDisposable {
  readonly authority: AcmeServerFake;
  readonly clock: ReturnType<typeof manualClock>;
  readonly keeper: CertificateKeeper;
  /** The same folder, as after a restart. */
  reopen(): CertificateKeeper;
  readonly folder: string;
  readonly proofUrl: string;
}

async function open(
  isNamed: (name: string) => boolean = () => true,
  proof?: (name: string, token: string) => string,
): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-keeper-'));
  const challenges = createChallenges();
  const port = await openChallengePort(challenges, { host: '127.0.0.1', port: 0, leadsTo: 'https://mail.example.org' });
  const proofUrl = `http://127.0.0.1:${port.port}`;
  const usual = (_: string, token: string): string => `${proofUrl}/.well-known/acme-challenge/${token}`;
  const authority = await startAcmeServer(proof ?? usual);
  const clock = manualClock(Date.now());
  const outgoing = createOutgoing({
    resolve: async () => ok(['127.0.0.1']),
    mayPrivate: true,
    trustPem: authority.trustPem,
  });
  const make = (): CertificateKeeper =>
    openKeeper({
      clock,
      log: silentLog,
      outgoing,
      resolve: async (name) => (isNamed(name) ? ok(['192.0.2.1']) : err({ kind: 'noSuchHost' })),
      directory: authority.directory,
      contact: 'postmaster@example.org',
      names: NAMES,
      folder,
      challenges,
      pollWait: async () => undefined,
    });
  const keeper = make();
  return {
    authority,
    clock,
    keeper,
    folder,
    proofUrl,
    reopen: make,
    async [Symbol.asyncDispose]() {
      await keeper[Symbol.asyncDispose]();
      await authority[Symbol.asyncDispose]();
      await port[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function namesOf({ current }: CertificateKeeper): readonly string[] {
  const { subjectAltName = '' } = new X509Certificate(current.certificatePem);
  return [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name);
}

test('ACME is in the public list of requests', () => assert.ok(destinations.acme.inUse));

test('a certificate is fetched with every name, each proven over HTTP, and kept for the next start', async () => {
  await using place = await open();
  const { keeper, authority } = place;
  assert.ok(!keeper.isTrusted && /stand-in/.test(keeper.warnings()[0] ?? ''));
  assert.deepEqual(namesOf(keeper), NAMES, 'the stand-in holds them too');
  await keeper.look();
  assert.deepEqual(authority.complaints, []);
  assert.deepEqual(authority.proven, NAMES);
  assert.ok(keeper.isTrusted);
  assert.deepEqual(keeper.warnings(), []);
  assert.deepEqual(namesOf(keeper), NAMES);
  for (const file of ['tls.pem', 'acme-account.pem'])
    assert.equal((await stat(join(place.folder, file))).mode & 0o777, 0o600);
  const next = place.reopen();
  assert.deepEqual(next.current, keeper.current);
  await next.look();
  assert.equal(authority.issued, 1, 'nothing is fetched while it lasts');
});

test('it is renewed when two thirds of its life are over, with the same account', async () => {
  await using place = await open();
  const { keeper, authority, clock } = place;
  await keeper.look();
  const first = keeper.current;
  clock.advanceMs(59 * DAY_MS);
  await keeper.look();
  assert.equal(authority.issued, 1);
  clock.advanceMs(2 * DAY_MS);
  const told: string[] = [];
  keeper.onChange(({ certificatePem }) => told.push(certificatePem));
  await keeper.look();
  assert.equal(authority.issued, 2);
  assert.notEqual(keeper.current.keyPem, first.keyPem, 'each has a key of its own');
  assert.deepEqual(told, [keeper.current.certificatePem]);
});

test('an open door takes the new certificate without a restart', async () => {
  await using place = await open();
  const { keeper } = place;
  const { current } = keeper;
  const routes = new Hono();
  const pages = { isBuilt: false, frame: undefined, find: () => new Response('') };
  const http = createHttp(
    { host: '127.0.0.1', port: 0, tls: { cert: current.certificatePem, key: current.keyPem }, log: silentLog },
    { auth: routes, jmap: routes, wkd: routes, book: routes, outside: routes, trust: routes, more: [], pages },
  );
  const listening = await http.listen();
  assert.ok(listening.ok);
  try {
    keeper.onChange((pair) => http.useCertificate(pair));
    const issuer = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ port: listening.value.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().issuer.CN));
          socket.end();
        });
        socket.once('error', reject);
      });
    assert.equal(await issuer(), NAMES[0]);
    await keeper.look();
    assert.equal(await issuer(), 'Fake authority');
  } finally {
    await http.close();
  }
});

test('a name that does not exist yet is left out, and fetched once it does', async () => {
  const missing = new Set(['autoconfig.example.org']);
  await using place = await open((name) => !missing.has(name));
  await place.keeper.look();
  assert.deepEqual(namesOf(place.keeper), NAMES.slice(0, 2));
  missing.clear();
  await place.keeper.look();
  assert.deepEqual(namesOf(place.keeper), NAMES);
  assert.equal(place.authority.issued, 2);
});

test('a proof that is not found fails loudly, and the doors go on with what they have', async () => {
  await using place = await open(undefined, () => 'http://127.0.0.1:1/');
  await place.keeper.look();
  assert.equal(place.authority.issued, 0);
  assert.match(place.keeper.warnings().join(), /The last try failed \(proof: unauthorized\)/);
  assert.ok(place.keeper.current.certificatePem.includes('CERTIFICATE'));
});

test('a renewal that fails leaves the old certificate, says so, and is mended by the next try', async () => {
  await using place = await open();
  const { keeper, authority, clock } = place;
  await keeper.look();
  const before = keeper.current;
  clock.advanceMs(61 * DAY_MS);
  authority.failNext('rateLimited', 1);
  await keeper.look();
  assert.equal(keeper.current, before);
  assert.match(keeper.warnings().join(), /could not be renewed.*account: rateLimited/);
  await keeper.look();
  assert.notEqual(keeper.current, before);
  assert.deepEqual(keeper.warnings(), []);
});

test('a nonce that the authority has forgotten is asked for anew', async () => {
  await using place = await open();
  place.authority.failNext('badNonce', 2);
  await place.keeper.look();
  assert.equal(place.authority.issued, 1);
});

test('an authority nobody trusts is not spoken to', async () => {
  await using place = await open();
  const outgoing = createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true });
  const { clock, folder, authority } = place;
  const keeper = openKeeper({
    clock,
    log: silentLog,
    outgoing,
    resolve: async () => ok(['192.0.2.1']),
    directory: authority.directory,
    contact: undefined,
    names: NAMES,
    folder,
    challenges: createChallenges(),
  });
  await keeper.look();
  assert.match(keeper.warnings().join(), /directory: untrusted/);
});

test('the port for proofs shows proofs and leads everything else to the page', async () => {
  await using place = await open();
  const other = await fetch(`${place.proofUrl}/anything?x`, { redirect: 'manual' });
  assert.equal(other.status, 308);
  assert.equal(other.headers.get('location'), 'https://mail.example.org');
  const unknown = await fetch(`${place.proofUrl}/.well-known/acme-challenge/nothing`);
  assert.equal(unknown.status, 404);
});
