// Two houses, each with its own domain: a key found by WKD, a letter over SMTP with TLS as the other's policy demands, opened end-to-end, and its answer.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { requireValue } from '#base/assert.ts';
import type { LetterId } from '#base/ids.ts';
import { writeLetter } from '#formats/compose/write-letter.ts';
import { submit } from '#web/client/compose/submissions.ts';
import type { MailboxClient } from '#web/client/mailbox-client.ts';
import { openSession } from '#web/client/open-session.ts';
import { readIdentities } from '#web/client/own-addresses.ts';
import { searchBytes, searchFolder } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { noWatching, strangers, THIS_MACHINE } from '../connections.ts';
import { certificateFor, type NamedCertificate } from '../fakes/certificates.ts';
import { startDnsServer, type DnsServerFake, type Zone } from '../fakes/dns-server.ts';
import { startHttpsHost, type HttpsHost } from '../fakes/https-host.ts';
import { startListeningRelay, type ListeningRelay } from '../fakes/listening-relay.ts';
import { freePort } from '../running-program.ts';
import { signUp, type Person } from '../signed-in.ts';
import { arrival, dkimZone, draftFor, openMailbox, openWorldHouse, type WorldHouse } from '../world.ts';

const TOKENS = [
  'streuobstwiesenvertrag',
  'hagebuttenmarmelade',
  'dachziegelgutachten',
  'ofenbaenkchen',
  'wiesensalbei',
];
const [SUBJECT = '', TEXT = '', FILE_NAME = '', FILE_TEXT = '', REPLY = ''] = TOKENS;
const BEN = 'ben@south.test';
const needles = TOKENS.flatMap((token) => needlesOf(token));

interface House {
  readonly domain: string;
  readonly house: WorldHouse;
  readonly relay: ListeningRelay;
  readonly policies: HttpsHost;
  /** Ports it may reach beside the name server's. */
  readonly allowed: readonly string[];
}

const opened = new AsyncDisposableStack();
let names: DnsServerFake;
let north: House;
let south: House;
let annaHerself: Person;
let anna: MailboxClient;
let ben: MailboxClient;
let sentId: LetterId;

before(async () => {
  const certificates = { north: certificateOf('north.test'), south: certificateOf('south.test') };
  const trustPem = `${certificates.north.certificatePem}\n${certificates.south.certificatePem}`;
  setDefaultCACertificates([
    ...getCACertificates('default'),
    ...Object.values(certificates).map((one) => one.certificatePem),
  ]);
  names = await startDnsServer({});
  opened.defer(() => names.close());
  const folder = await mkdtemp(join(tmpdir(), 'siegel-two-houses-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const [northPorts, southPorts] = [await portsOf(), await portsOf()];
  const relays = {
    north: opened.use(await startListeningRelay({ certificate: certificates.north, targetPort: northPorts.smtp })),
    south: opened.use(await startListeningRelay({ certificate: certificates.south, targetPort: southPorts.smtp })),
  };
  const open = (domain: string, certificate: NamedCertificate, own: Ports, other: Ports, peerPort: number) =>
    openHouse({ folder, domain, certificate, own, trustPem, peerPort, securePort: other.http });
  const houses = await Promise.all([
    open('north.test', certificates.north, northPorts, southPorts, relays.south.port),
    open('south.test', certificates.south, southPorts, northPorts, relays.north.port),
  ]);
  const [northHouse, southHouse] = houses.map((house) => opened.use(house));
  assert.ok(northHouse && southHouse);
  // beside the house's own web server, at an address of its own: where its domain says how letters to it must travel
  const policyHost = async (certificate: NamedCertificate, port: number) =>
    opened.use(await startHttpsHost({ certificate, address: '127.0.0.3', port }));
  const about = (other: Ports, relay: ListeningRelay): readonly string[] => [
    names.endpoint,
    `127.0.0.1:${relay.port}`,
    `127.0.0.1:${other.http}`,
    `127.0.0.3:${other.http}`,
    ...THIS_MACHINE,
  ];
  north = {
    domain: 'north.test',
    house: northHouse,
    relay: relays.north,
    policies: await policyHost(certificates.north, northPorts.http),
    allowed: about(southPorts, relays.south),
  };
  south = {
    domain: 'south.test',
    house: southHouse,
    relay: relays.south,
    policies: await policyHost(certificates.south, southPorts.http),
    allowed: about(northPorts, relays.north),
  };
  for (const { domain, policies } of [north, south]) policies.serve(policyPages(domain));
  names.useZone({ ...(await zoneOf(north)), ...(await zoneOf(south)) });
  const [annaNow, benNow] = await Promise.all([
    signUp(() => northHouse.program, 'anna'),
    signUp(() => southHouse.program, 'ben'),
  ]);
  annaHerself = annaNow;
  anna = await openMailbox(annaHerself);
  ben = await openMailbox(benNow);
});
after(() => opened.disposeAsync());

interface Ports {
  readonly smtp: number;
  readonly http: number;
}

async function portsOf(): Promise<Ports> {
  return { smtp: await freePort(), http: await freePort() };
}

function certificateOf(domain: string): NamedCertificate {
  return certificateFor(domain, `mx.${domain}`, `openpgpkey.${domain}`, `mta-sts.${domain}`, '127.0.0.1');
}

interface HouseOrder {
  readonly folder: string;
  readonly domain: string;
  readonly certificate: NamedCertificate;
  readonly own: Ports;
  readonly trustPem: string;
  readonly peerPort: number;
  readonly securePort: number;
}

async function openHouse({ folder, domain, certificate, own, ...world }: HouseOrder): Promise<WorldHouse> {
  const [cert, key] = [join(folder, `${domain}.pem`), join(folder, `${domain}.key`)];
  await writeFile(cert, certificate.certificatePem);
  await writeFile(key, certificate.keyPem, { mode: 0o600 });
  return openWorldHouse(world, {
    isSecure: true,
    ports: own,
    env: {
      SIEGEL_DOMAIN: domain,
      SIEGEL_DNS: names.endpoint,
      SIEGEL_OUTBOUND_PRIVATE: '1',
      SIEGEL_TLS_CERT: cert,
      SIEGEL_TLS_KEY: key,
      SIEGEL_SUBMISSION_PORT: 'none',
      SIEGEL_SUBMISSIONS_PORT: 'none',
    },
  });
}

function policyPages(domain: string) {
  const body = `version: STSv1\r\nmode: enforce\r\nmx: mx.${domain}\r\nmax_age: 86400\r\n`;
  return { [`mta-sts.${domain}/.well-known/mta-sts.txt`]: { type: 'text/plain', body } };
}

async function zoneOf({ domain, house }: House): Promise<Zone> {
  const here = { A: ['127.0.0.1'] };
  return {
    ...(await dkimZone(house.program, domain)),
    [domain]: { MX: [{ priority: 10, exchange: `mx.${domain}` }], TXT: ['v=spf1 ip4:127.0.0.1 -all'], ...here },
    [`mx.${domain}`]: here,
    [`openpgpkey.${domain}`]: here,
    [`mta-sts.${domain}`]: { A: ['127.0.0.3'] },
    [`_mta-sts.${domain}`]: { TXT: ['v=STSv1; id=one'] },
    [`_dmarc.${domain}`]: { TXT: ['v=DMARC1; p=reject'] },
  };
}

test('Anna finds Ben’s key in his house’s directory, and her letter goes sealed', async () => {
  const [state] = await anna.recipientStates([BEN]);
  assert.deepEqual([state?.state, state?.deliverable], ['first-use', true]);
  const file = { name: `${FILE_NAME}.txt`, mediaType: 'text/plain', contentId: undefined };
  const bytes = Uint8Array.from(Buffer.from(`${FILE_TEXT}\n`.repeat(50)));
  const draft = await draftFor(anna, BEN, {
    subject: `Der ${SUBJECT}`,
    plainText: `Lieber Ben, ${TEXT}.`,
  });
  const sent = await anna.send(
    { ...draft, files: [{ ...file, bytes }] },
    { undoMs: 0, sendAtMs: undefined, unsealed: [] },
  );
  assert.ok(sent.ok, JSON.stringify(sent));
  sentId = sent.value.letterId;
});

test('it comes by SMTP over TLS, under the policy that Ben’s domain publishes', async () => {
  await arrival(ben);
  assert.equal(south.relay.secureCount, 1);
  assert.deepEqual(south.policies.asked, ['mta-sts.south.test/.well-known/mta-sts.txt']);
  assert.ok(names.asked.includes('TXT _mta-sts.south.test'));
});

test('Ben’s client pins Anna’s key, for her house signed for her, and from then on her letters show as end-to-end', async () => {
  const row = await arrival(ben);
  const first = await ben.open(row.id);
  assert.ok(first.ok, JSON.stringify(first));
  assert.equal(first.value.sign, 'encrypted', 'nobody vouched for the key yet');
  assert.equal(first.value.subject, `Der ${SUBJECT}`);
  assert.match(first.value.plainText ?? '', new RegExp(TEXT));
  assert.equal(Buffer.from(first.value.attachments[0]?.bytes ?? []).toString(), `${FILE_TEXT}\n`.repeat(50));
  const again = await ben.open(row.id);
  assert.ok(again.ok);
  assert.equal(again.value.sign, 'end-to-end');
});

test('Ben answers, and Anna sees at once that it is from him: his key is the one she wrote to', async () => {
  const row = await arrival(ben);
  const draft = await draftFor(ben, 'anna@north.test', {
    subject: `Re: Der ${SUBJECT}`,
    plainText: `${REPLY}, danke.`,
  });
  const [state] = await ben.recipientStates(['anna@north.test']);
  assert.equal(state?.state, 'first-use');
  const answers = { id: row.id, how: 'reply' } as const;
  const sent = await ben.send({ ...draft, answers }, { undoMs: 0, sendAtMs: undefined, unsealed: [] });
  assert.ok(sent.ok, JSON.stringify(sent));
  const opened = await anna.open((await arrival(anna)).id);
  assert.ok(opened.ok, JSON.stringify(opened));
  assert.equal(opened.value.sign, 'end-to-end');
  assert.match(opened.value.plainText ?? '', new RegExp(REPLY));
  assert.equal(north.relay.secureCount, 1);
});

test('who listened to both connections, TLS taken away, heard nothing of it; nor does either disk hold it', async () => {
  for (const { relay, house, domain } of [north, south]) {
    const heard = relay.heard();
    assert.match(heard.toString('latin1'), /^Subject: \[\.\.\.\]\r\n/m, 'the letter was heard');
    assert.deepEqual(await searchBytes(`the way to ${domain}`, heard, needles), []);
    assert.deepEqual(await searchFolder(house.program.dataDir, needles), []);
    assert.deepEqual(await searchBytes('what it printed', Buffer.from(house.program.output()), needles), []);
  }
});

test('twin: the same letter handed over in the clear is heard', async () => {
  const { reach, signedIn } = annaHerself;
  const session = await openSession(reach, signedIn);
  assert.ok(session.ok);
  const [identity] = await readIdentities(session.value);
  const { id, email } = requireValue(identity, 'an identity');
  const people = { from: { name: '', address: email }, to: [{ name: '', address: BEN }], cc: [], bcc: [] };
  const place = { dateMs: Date.now(), messageId: 'twin@north.test', inReplyTo: [], references: [] };
  const letter = writeLetter(
    { ...people, ...place, subject: SUBJECT },
    { plainText: TEXT, plainHtml: undefined, files: [] },
    { boundarySeed: 'twin', isProtected: false, autocrypt: undefined, outerFields: [] },
  );
  assert.ok(letter.ok);
  const order = { identityId: id, mailFrom: email, letterId: sentId, addresses: [BEN], undoMs: 0, sendAtMs: undefined };
  const handed = await submit(session.value.jmap, order, letter.value.plainBytes, Date.now());
  assert.ok(handed.ok, JSON.stringify(handed));
  await arrival(ben, 2);
  const finds = await searchBytes('the way', south.relay.heard(), needles);
  assert.deepEqual(new Set(finds.map(({ token }) => token)), new Set([SUBJECT, TEXT]));
});

test('neither house connected to anything that is not on the list', { skip: noWatching }, async () => {
  for (const { house, allowed } of [north, south]) {
    const connections = (await house.connections()) ?? [];
    assert.deepEqual(strangers(connections, allowed), []);
    for (const one of allowed.slice(0, -THIS_MACHINE.length)) {
      const twin = strangers(
        connections,
        allowed.filter((other) => other !== one),
      );
      assert.ok(twin.length > 0, `${one} was reached`);
    }
  }
});
