// A reply written in the browser reaches the mail server of somebody outside, signed so that a program of other people (python3-dkim) accepts it.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { noWatching, strangers, THIS_MACHINE } from '../connections.ts';
import { startDnsServer, type DnsServerFake, type Zone } from '../fakes/dns-server.ts';
import { startHostilePeer, type HostilePeer, type PeerLetter } from '../fakes/hostile-peer.ts';
import { setTrap, type Trap } from '../fakes/trap.ts';
import { openSmtp } from '../smtp-client.ts';
import { dkimZone, openWorldHouse, until, type WorldHouse } from '../world.ts';
import { openChromium } from './chromium.ts';

const PYTHON = '/usr/bin/python3';
const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const noPython = spawnSync(PYTHON, ['-c', 'import dkim, nacl']).status === 0 ? false : 'python3-dkim with nacl is not installed'; // prettier-ignore
const PASSWORD = 'Mantı am Sonntag';
const ANNA = 'anna@siegel.test';
const OTTO = 'otto@there.test';
const here = { A: ['127.0.0.1'] };
const ZONE: Zone = {
  'there.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }], ...here },
  'mx.there.test': here,
};
const opened = new AsyncDisposableStack();
let names: DnsServerFake;
let sink: HostilePeer;
/** A web server that speaks no TLS: there is no key directory. */
let web: Trap;
let house: WorldHouse;
let page: Page;

before(async () => {
  if (!browser) return;
  opened.defer(() => browser.close());
  names = await startDnsServer(ZONE);
  opened.defer(() => names.close());
  [sink, web] = [opened.use(await startHostilePeer()), opened.use(await setTrap())];
  const env = { SIEGEL_DNS: names.endpoint, SIEGEL_OUTBOUND_PRIVATE: '1' };
  house = opened.use(await openWorldHouse({ peerPort: sink.port, securePort: web.port, trustPem: '' }, { env }));
  await house.program.signUp('anna', PASSWORD);
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Pacific/Auckland' })).newPage();
  page.setDefaultTimeout(15_000);
});
after(() => opened.disposeAsync());

let reply: PeerLetter;

test(
  'Anna answers a letter from outside in the browser, and it reaches the server there',
  { skip, timeout: 60_000 },
  async () => {
    const head = [`From: Otto <${OTTO}>`, `To: ${ANNA}`, 'Subject: Angebot', 'Date: Sun, 17 May 2026 12:00:00 +0000'];
    const text = [...head, 'Message-ID: <angebot@there.test>', '', 'Passt Ihnen Montag?', ''].join('\r\n');
    await using smtp = await openSmtp(house.program.smtpPort);
    const taken = await smtp.send({ from: OTTO, to: [ANNA], bytes: Buffer.from(text) });
    assert.equal(taken.code, 250, taken.text);
    await page.goto(house.program.url);
    await page.locator('input[name=username]').fill(ANNA);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('.row', { hasText: 'Angebot' }).click();
    await page.locator('.letter-subject').waitFor();
    await page.keyboard.press('r');
    await page.locator('.editor-quote').waitFor();
    await page.keyboard.type('Montag um zehn, gern.');
    await page.locator('.send-open .send-main', { hasText: 'Send, unsealed for 1' }).click();
    reply = await until(() => sink.letters[0], 'the reply at the server outside');
    assert.deepEqual([reply.mailFrom, reply.recipients], [ANNA, [OTTO]]);
  },
);

test('it names what it answers, and neither her address on the net, her browser nor her time zone', { skip }, () => {
  const letter = reply.bytes.toString('latin1');
  assert.match(letter, /^Subject: Re: Angebot\r\n/m);
  assert.match(letter, /^In-Reply-To: <angebot@there\.test>\r\n/m);
  assert.match(letter, /^Date: .* \+0000\r\n/m);
  assert.match(letter, /Montag um zehn, gern\./);
  assert.doesNotMatch(letter, /127\.0\.0\.1|Chrom|Mozilla|User-Agent|X-Mailer|\+1[23]00/i);
});

test(
  'python3-dkim accepts both of its signatures, and none when a word is changed',
  { skip: skip || noPython },
  async () => {
    const zone = await dkimZone(house.program, 'siegel.test');
    const records = Object.fromEntries(Object.entries(zone).map(([name, found]) => [name, typeof found === 'object' ? found.TXT?.[0] : ''])); // prettier-ignore
    await writeFile(join(house.folder, 'records.json'), JSON.stringify(records));
    assert.equal(await verdict(reply.bytes), '[True, True]');
    const changed = reply.bytes.toString('latin1').replace('um zehn', 'um neun');
    assert.equal(await verdict(Buffer.from(changed, 'latin1')), '[False, False]');
  },
);

const PROGRAM = `
import sys, json, dkim
records = json.load(open(sys.argv[1]))
find = lambda name, timeout=5: records.get((name.decode() if isinstance(name, bytes) else name).rstrip("."), "").encode()
d = dkim.DKIM(open(sys.argv[2], "rb").read())
def passes(i):
    try: return d.verify(idx=i, dnsfunc=find)
    except dkim.ValidationError: return False
print([passes(i) for i in range(2)])
`;

async function verdict(letter: Buffer): Promise<string> {
  const path = join(house.folder, 'reply.eml');
  await writeFile(path, letter);
  const words = ['-c', PROGRAM, join(house.folder, 'records.json'), path];
  return execFileSync(PYTHON, words, { encoding: 'utf8' }).trim();
}

test('the house connected to nothing that is not on its list', { skip: skip || (noWatching ?? false) }, async () => {
  const outside = [names.endpoint, `127.0.0.1:${web.port}`, `127.0.0.1:${sink.port}`];
  const connections = (await house.connections()) ?? [];
  assert.deepEqual(strangers(connections, [...outside, ...THIS_MACHINE]), []);
  assert.ok(connections.some(({ port }) => port === sink.port));
});
