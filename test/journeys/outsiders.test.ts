// People outside who use gpg: their keys found in their domain's directory, letters that gpg opens and knows the writer of, their answers; who is not asked.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { wkdHash } from '#formats/openpgp/wkd-address.ts';
import type { MailboxClient } from '#web/client/mailbox-client.ts';
import { noWatching, strangers, THIS_MACHINE } from '../connections.ts';
import { certificateFor } from '../fakes/certificates.ts';
import { startDnsServer, type DnsServerFake, type Zone } from '../fakes/dns-server.ts';
import { startHostilePeer, type HostilePeer } from '../fakes/hostile-peer.ts';
import { startHttpsHost, type HttpsHost } from '../fakes/https-host.ts';
import { setTrap, type Trap } from '../fakes/trap.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import { signUp } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';
import { arrival, draftFor, openMailbox, openWorldHouse, until, type WorldHouse } from '../world.ts';

const BEN = 'ben@there.test';
const ROSA = 'rosa@there.test';
const ANNA = 'anna@siegel.test';
const TEXT = 'Die Kiesgrube geht im Mai an die Gemeinde.';
const here = { A: ['127.0.0.1'] };
const ZONE: Zone = {
  'there.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }], TXT: ['v=spf1 ip4:127.0.0.1 -all'], ...here },
  'mx.there.test': here,
  'openpgpkey.there.test': here,
  'elsewhere.test': here,
  'openpgpkey.elsewhere.test': here,
};
const opened = new AsyncDisposableStack();
let people: GpgPeople;
let names: DnsServerFake;
let web: HttpsHost;
let sink: HostilePeer;
let trap: Trap;
let house: WorldHouse;
let anna: MailboxClient;

describe('people outside', { skip: noGpg }, () => {
  before(async () => {
    people = opened.use(new GpgPeople());
    people.addPerson(BEN, 'curve');
    people.addPerson(ROSA, 'rsa');
    const certificate = certificateFor('mx.there.test', ...Object.keys(ZONE));
    names = await startDnsServer(ZONE);
    opened.defer(() => names.close());
    web = opened.use(await startHttpsHost({ certificate }));
    sink = opened.use(await startHostilePeer({ certificate }));
    trap = opened.use(await setTrap());
    web.serve(pagesOf(trap.port));
    const order = { peerPort: sink.port, securePort: web.port, trustPem: certificate.certificatePem };
    const env = { SIEGEL_DNS: names.endpoint, SIEGEL_OUTBOUND_PRIVATE: '1' };
    house = opened.use(await openWorldHouse(order, { env }));
    anna = await openMailbox(await signUp(() => house.program, 'anna'));
  });
  after(() => opened.disposeAsync());

  test('a letter goes sealed to two people whose keys stand in their domain’s directory', async () => {
    const states = await anna.recipientStates([BEN, ROSA]);
    assert.deepEqual(states.map(({ state }) => state), ['first-use', 'first-use']); // prettier-ignore
    const draft = await draftFor(anna, BEN, { subject: 'Der Weinberg', plainText: TEXT });
    const to = [BEN, ROSA].map((address) => ({ name: '', address }));
    const sent = await anna.send({ ...draft, to }, { undoMs: 0, sendAtMs: undefined, unsealed: [] });
    assert.ok(sent.ok, JSON.stringify(sent));
    const letter = await until(() => sink.letters[0], 'the letter');
    assert.deepEqual([letter.recipients, letter.isTls], [[BEN, ROSA], true]);
    assert.doesNotMatch(letter.bytes.toString('latin1'), /Weinberg|Kiesgrube/);
  });

  test('gpg opens it; knowing no key of hers it cannot say who wrote, with the key her house publishes it can', async () => {
    const letter = await until(() => sink.letters[0], 'the letter');
    const before = people.open(letter.bytes);
    assert.match(before.plainText, new RegExp(`Subject: Der Weinberg\r\n(.*\r\n)*\r\n${TEXT}`));
    assert.match(before.status, /\[GNUPG:\] DECRYPTION_OKAY/);
    assert.match(before.status, /\[GNUPG:\] NO_PUBKEY/);
    const path = `/.well-known/openpgpkey/siegel.test/hu/${wkdHash('anna')}?l=anna`;
    people.import(Buffer.from(await (await fetch(`${house.program.url}${path}`)).arrayBuffer()));
    const opened = people.open(letter.bytes);
    assert.match(opened.status, /\[GNUPG:\] GOODSIG \w+ <?anna@siegel\.test>?/);
    const changed = Buffer.from(letter.bytes);
    const at = changed.indexOf('-----END PGP MESSAGE') - 200;
    changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
    assert.doesNotMatch(people.open(changed).status, /GOODSIG|DECRYPTION_OKAY/, 'twin: one letter changed');
  });

  test('what Ben answers with gpg is from him where his signature covers who wrote to whom and when, else it is only encrypted', async () => {
    const fields = [`From: <${BEN}>`, `To: <${ANNA}>`, 'Date: Sun, 17 May 2026 12:00:00 +0000'];
    const type = 'Content-Type: text/plain; charset=utf-8';
    await answer(1, `${type}\r\n\r\nEinverstanden.\r\n`, fields);
    const bare = await anna.open((await arrival(anna)).id);
    const inner = [...fields, 'Message-ID: <2@there.test>', `${type}; hp="cipher"`, '', 'Einverstanden.', ''];
    await answer(2, inner.join('\r\n'), fields);
    const whole = await anna.open((await arrival(anna, 2)).id);
    assert.ok(bare.ok && whole.ok, JSON.stringify([bare, whole]));
    assert.deepEqual([bare.value.sign, bare.value.plainText?.trim()], ['encrypted', 'Einverstanden.']);
    assert.deepEqual([whole.value.sign, whole.value.plainText?.trim()], ['end-to-end', 'Einverstanden.']);
  });

  test('a directory that sends the asker elsewhere is asked no further', async () => {
    const [state] = await anna.recipientStates(['eva@elsewhere.test']);
    assert.equal(state?.state, 'none');
    const asked = web.asked.filter((one) => one.includes('elsewhere'));
    assert.deepEqual(asked.map((one) => one.replace(/\/.*/, '')), ['openpgpkey.elsewhere.test', 'elsewhere.test']); // prettier-ignore
    assert.equal(trap.heardCount, 0);
  });

  test('the house connected to nothing that is not on its list', { skip: noWatching }, async () => {
    const connections = (await house.connections()) ?? [];
    const outside = [names.endpoint, `127.0.0.1:${web.port}`, `127.0.0.1:${sink.port}`];
    assert.deepEqual(strangers(connections, [...outside, ...THIS_MACHINE]), []);
    for (const one of outside) assert.ok(connections.some(({ host, port }) => `${host}:${port}` === one), one); // prettier-ignore
  });
});

/** By SMTP, as a mail program with gpg behind it writes (RFC 3156 §4). */
async function answer(number: number, plainInner: string, fields: readonly string[]): Promise<void> {
  const sealed = people.seal(BEN, ANNA, plainInner).replaceAll('\n', '\r\n');
  const text = [
    ...fields,
    'Subject: ...',
    `Message-ID: <${number}@there.test>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"',
    '',
    '--b',
    'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n',
    '--b',
    `Content-Type: application/octet-stream\r\n\r\n${sealed}`,
    '--b--',
    '',
  ].join('\r\n');
  await using smtp = await openSmtp(house.program.smtpPort);
  const reply = await smtp.send({ from: BEN, to: [ANNA], bytes: Buffer.from(text) });
  assert.equal(reply.code, 250, reply.text);
}

/** The directory's files as gpg names them; and a domain that leads into this machine. */
function pagesOf(trapPort: number) {
  const type = 'application/octet-stream';
  const files = [BEN, ROSA].map((address) => {
    const { hash, bytes } = people.published(address);
    return [`openpgpkey.there.test/.well-known/openpgpkey/there.test/hu/${hash}`, { type, body: bytes }] as const;
  });
  const location = `https://127.0.0.1:${trapPort}/`;
  const hash = wkdHash('eva');
  return {
    ...Object.fromEntries(files),
    [`openpgpkey.elsewhere.test/.well-known/openpgpkey/elsewhere.test/hu/${hash}`]: { location },
    [`elsewhere.test/.well-known/openpgpkey/hu/${hash}`]: { location },
  };
}
