// Domains that lead into the house's own network, by their key directory, their TLS policy or their mail server: no connection is even begun.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MailboxClient } from '#web/client/mailbox-client.ts';
import { strangers, THIS_MACHINE } from '../connections.ts';
import { certificateFor } from '../fakes/certificates.ts';
import { startDnsServer, type DnsServerFake, type Zone, type ZoneRecords } from '../fakes/dns-server.ts';
import { setTrap, type Trap } from '../fakes/trap.ts';
import { signUp } from '../signed-in.ts';
import { draftFor, openMailbox, openWorldHouse, until, type WorldHouse } from '../world.ts';

/** Of the public range, but given to nobody: nothing answers there. */
const NOWHERE = '2d00::1';
/** Where the hosts of each domain are said to stand. */
const PLACES: Readonly<Record<string, () => ZoneRecords>> = {
  'loopback.test': () => ({ A: ['127.0.0.1'] }),
  'loopback-six.test': () => ({ AAAA: ['::1'] }),
  'mapped.test': () => ({ AAAA: ['::ffff:7f00:1'] }),
  'link-local.test': () => ({ A: ['169.254.169.254'] }),
  'office.test': () => ({ A: ['10.0.0.1', '192.168.1.1', '172.16.0.1'] }),
  'unique-local.test': () => ({ AAAA: ['fd00::1', 'fe80::1'] }),
  'any.test': () => ({ A: ['0.0.0.0'], AAAA: ['::'] }),
};
/** Key directories in public and here at once, or one after the other. */
const TURNING: Readonly<Record<string, ZoneRecords>> = {
  'openpgpkey.mixed.test': { A: ['127.0.0.1'], AAAA: ['::1', NOWHERE] },
  'openpgpkey.rebinding.test': rebinding(),
};
const LOOPBACK = ['loopback.test', 'loopback-six.test'];

/** Asked first it stands in public, from then on here. */
function rebinding(): ZoneRecords {
  let questions = 0;
  return {
    get A() {
      questions += 1;
      return questions === 1 ? [] : ['127.0.0.1'];
    },
    get AAAA() {
      return questions <= 1 ? [NOWHERE] : ['::1'];
    },
  };
}

function zone(): Zone {
  const entries = Object.entries(PLACES).flatMap(([domain, place]): [string, ZoneRecords][] => [
    [domain, Object.assign(place(), { MX: [{ priority: 10, exchange: `mx.${domain}` }] })],
    ...['mx', 'openpgpkey', 'mta-sts'].map((name): [string, ZoneRecords] => [`${name}.${domain}`, place()]),
    [`_mta-sts.${domain}`, { TXT: ['v=STSv1; id=one'] }],
  ]);
  return { ...Object.fromEntries(entries), ...TURNING };
}

const opened = new AsyncDisposableStack();
let names: DnsServerFake;
/** At the ports of mail and web servers, each on IPv4 and IPv6. */
let traps: readonly Trap[];

before(async () => {
  names = await startDnsServer(zone());
  opened.defer(() => names.close());
  const [mail, web] = [opened.use(await setTrap()), opened.use(await setTrap())];
  const six = await Promise.all([mail, web].map(({ port }) => setTrap('::1', port).catch(() => undefined)));
  traps = [mail, web, ...six.filter((trap) => trap !== undefined).map((trap) => opened.use(trap))];
});
after(() => opened.disposeAsync());

interface Resident {
  readonly house: WorldHouse;
  readonly mail: MailboxClient;
}

async function moveIn(env: Readonly<Record<string, string>>): Promise<Resident> {
  const { certificatePem } = certificateFor('mx.loopback.test');
  const [mail, web] = traps;
  const order = { peerPort: mail?.port ?? 0, securePort: web?.port ?? 0, trustPem: certificatePem };
  const house = opened.use(await openWorldHouse(order, { env: { SIEGEL_DNS: names.endpoint, ...env } }));
  return { house, mail: await openMailbox(await signUp(() => house.program, 'anna')) };
}

/** A letter to somebody of each of them, until all their names were asked. */
async function writeTo({ mail }: Resident, domains: readonly string[]): Promise<void> {
  const before = names.asked.length;
  const addresses = domains.map((domain) => `ben@${domain}`);
  const draft = await draftFor(mail, addresses[0] ?? '', { subject: 'Hallo', plainText: 'Ist da wer?' });
  const to = addresses.map((address) => ({ name: '', address }));
  const sent = await mail.send({ ...draft, to }, { undoMs: 0, sendAtMs: undefined, unsealed: addresses });
  assert.ok(sent.ok, JSON.stringify(sent));
  const kinds = ['openpgpkey', 'mta-sts', 'mx'];
  for (const name of domains.flatMap((domain) => kinds.map((kind) => `AAAA ${kind}.${domain}`)))
    await until(() => names.asked.includes(name, before) || undefined, name);
}

const heard = (): number => traps.reduce((sum, { heardCount }) => sum + heardCount, 0);

test('nobody inside is asked for a key, for a policy or to take a letter', { timeout: 60_000 }, async () => {
  const resident = await moveIn({});
  const states = await resident.mail.recipientStates(['ben@mixed.test', 'ben@rebinding.test']);
  assert.deepEqual(new Set(states.map(({ state }) => state)), new Set(['none']));
  await writeTo(resident, Object.keys(PLACES));
  const listed = (): Promise<{ stdout: string }> => resident.house.program.siegel(['queue', 'list', '--json']);
  const isTried = async (): Promise<true | undefined> => !(await listed()).stdout.includes('"attempts":0') || undefined;
  await until(isTried, 'the end of the first attempt');
  assert.equal(heard(), 0);
  const connections = await resident.house.connections();
  if (connections === undefined) return;
  const inside = connections.filter(({ host }) => host !== NOWHERE);
  assert.deepEqual(strangers(inside, [names.endpoint, ...THIS_MACHINE]), []);
  assert.ok(connections.length > inside.length, 'the public address of a mixed name was tried');
});

test('twin: with SIEGEL_OUTBOUND_PRIVATE all three knock', { timeout: 60_000 }, async () => {
  const resident = await moveIn({ SIEGEL_OUTBOUND_PRIVATE: '1' });
  await writeTo(resident, LOOPBACK);
  // by both methods of the directory, for the policy, and at the mail server's
  const [mail, web, ...six] = traps;
  await until(() => ((web?.heardCount ?? 0) >= 3 && (mail?.heardCount ?? 0) >= 1) || undefined, 'knocks');
  if (six.length > 0) await until(() => six.every(({ heardCount }) => heardCount > 0) || undefined, 'knocks by IPv6');
});
