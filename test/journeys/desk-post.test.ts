// Letters to the desk's own address, with the real program, real gpg and other people's mail servers: sealed by what they are, answered once and only to who wrote them; a fax refused, put right by PGP mail, answered sealed.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { parseCaseFile } from '#formats/desk/case-file.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { decodePart } from '#formats/message/part-content.ts';
import { everyPart } from '#formats/message/parts.ts';
import { searchFolder } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { CLERK, LAWYER, OFFICER, openGpgDesk, runSiegel, type GpgDesk, type GpgMember } from '../desk/gpg-desk.ts';
import { unpack } from '../desk/open-package.ts';
import { startDnsServer, type DnsServerFake, type Zone, type ZoneRecords } from '../fakes/dns-server.ts';
import { startHostilePeer, type HostilePeer } from '../fakes/hostile-peer.ts';
import { setTrap, type Trap } from '../fakes/trap.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import type { RunningProgram } from '../running-program.ts';
import { openSmtp, type SmtpReply } from '../smtp-client.ts';
import { openWorldHouse, until, type WorldHouse } from '../world.ts';

const skip = noGpg ?? false;
const DESK = 'requests@siegel.test';
const marker = `kanarie${randomBytes(5).toString('hex')}`;
const here = { A: ['127.0.0.1'] };

/** Domains whose SPF lets 127.0.0.1 send, or nobody. */
function domain(name: string, allows: boolean, policy: string): Record<string, ZoneRecords> {
  return {
    [name]: {
      TXT: [`v=spf1 ${allows ? 'ip4:127.0.0.1 ' : ''}-all`],
      MX: [{ priority: 10, exchange: `mx.${name}` }],
    },
    [`mx.${name}`]: here,
    [`_dmarc.${name}`]: { TXT: [`v=DMARC1; p=${policy}`] },
  };
}

const ZONE: Zone = {
  ...domain('sta.test', true, 'reject'),
  ...domain('polizei.test', true, 'none'),
  ...domain('forged.test', false, 'none'),
  ...domain('strict.test', false, 'reject'),
};

const opened = new AsyncDisposableStack();
let names: DnsServerFake;
let sink: HostilePeer;
let web: Trap;
let desk: GpgDesk;
let house: WorldHouse;
/** Of the house; after its restart another process. */
let program: RunningProgram;
let office: GpgPeople;

before(async () => {
  if (skip !== false) return;
  desk = opened.use(await openGpgDesk());
  office = opened.use(new GpgPeople());
  office.addPerson('frau.lang@sta.test', 'rsa');
  names = await startDnsServer(ZONE);
  opened.defer(() => names.close());
  [sink, web] = [opened.use(await startHostilePeer()), opened.use(await setTrap())];
  const env = {
    SIEGEL_DNS: names.endpoint,
    SIEGEL_OUTBOUND_PRIVATE: '1',
    SIEGEL_DESK_TRUST: desk.trust,
    SIEGEL_DESK_ADDRESS: DESK,
  };
  house = opened.use(await openWorldHouse({ peerPort: sink.port, securePort: web.port, trustPem: '' }, { env }));
  program = house.program;
  opened.defer(() => program.stop());
});
after(() => opened.disposeAsync());

interface Wanted {
  readonly from?: string;
  readonly mailFrom?: string;
  readonly to?: string;
  readonly head?: readonly string[];
  readonly body?: readonly string[];
}

let sent = 0;

function letterOf({ from = 'frau.lang@sta.test', to = DESK, head = [], body }: Wanted): Buffer {
  sent += 1;
  const top = [
    `From: Frau Lang <${from}>`,
    `To: ${to}`,
    `Subject: Bestandsdaten ${marker}subject`,
    'Date: Sun, 22 Nov 2026 10:20:00 +0000',
    `Message-ID: <${marker}.${sent}@sta.test>`,
    'MIME-Version: 1.0',
  ];
  const text = body ?? ['Content-Type: text/plain; charset=utf-8', '', `Wem gehört ${marker}body@siegel.test?`, ''];
  return Buffer.from([...top, ...head, ...text].join('\r\n'));
}

async function hand(wanted: Wanted, bytes = letterOf(wanted)): Promise<SmtpReply> {
  await using smtp = await openSmtp(program.smtpPort);
  return await smtp.send({ from: wanted.mailFrom ?? wanted.from ?? 'frau.lang@sta.test', to: [DESK], bytes });
}

interface ShownArrival {
  readonly arrival: string;
  readonly channel: string;
  readonly isAnswered: boolean;
  readonly state: string;
}

const siegel = (...words: readonly string[]): Promise<Record<string, unknown>> => runSiegel(program, ...words);
const arrivals = async (): Promise<readonly ShownArrival[]> =>
  (await siegel('request', 'arrivals', '--all'))['arrivals'] as ShownArrival[];

function arrivalIn({ code, text }: SmtpReply): string {
  assert.equal(code, 250, text);
  return requireValue(/arrival-[a-z2-7]{12}/.exec(text)?.[0], text);
}

test('without a policy letters are put off, and nothing is kept', { skip, timeout: 240_000 }, async () => {
  assert.match((await hand({})).text, /4\.3\.2 this desk takes no letters at the moment/);
  await desk.putPolicy(program);
  assert.deepEqual(await arrivals(), []);
});

test('nobody else can have the address', { skip, timeout: 240_000 }, async () => {
  const { code } = JSON.parse((await program.siegel(['invite', 'create', '--json'])).stdout) as { code: string };
  const tried = await program.siegel(['user', 'signup', '--invite', code, '--address', 'requests', '--password-stdin', '--json'], 'Ein Satz, den keiner kennt\n'); // prettier-ignore
  assert.notEqual(tried.code, 0, tried.stdout);
  assert.match(`${tried.stdout}${tried.stderr}`, /address/i);
  const group = await program.siegel(['group', 'put', DESK, '--members', 'x@siegel.test']);
  assert.notEqual(group.code, 0);
});

test(
  'a plain letter is sealed, and its author told once how to ask properly',
  { skip, timeout: 240_000 },
  async (t) => {
    const arrival = arrivalIn(await hand({}));
    const answer = await until(() => sink.letters[0], 'the answer');
    assert.deepEqual([answer.mailFrom, answer.recipients], ['', ['frau.lang@sta.test']]);
    const text = answer.bytes.toString('latin1');
    assert.match(text, /^Auto-Submitted: auto-replied\r$/m);
    assert.match(text, new RegExp(`^In-Reply-To: <${marker}\\.\\d+@sta\\.test>\\r$`, 'm'));
    const view = readLetter(answer.bytes);
    assert.deepEqual(view.from.map(({ address }) => address), [DESK]); // prettier-ignore
    const words = view.readableText;
    for (const wanted of [
      /nicht verschlüsselt/,
      /Seit dem 1\. Januar 2023/,
      /§ 174 Abs\. 7 TKG/,
      /\/authorities/,
      /was not encrypted/,
      /ein Mensch/,
    ])
      assert.match(words, wanted);
    t.diagnostic(words);
    // neither what was asked nor about whom
    const [head = '', ...rest] = text.split('\r\n\r\n');
    assert.ok(!rest.join('').includes(marker) && !head.replaceAll(/^(?:In-Reply-To|References):.*$/gm, '').includes(marker)); // prettier-ignore
    assert.ok(!Buffer.from(rest.join('').replaceAll('\r\n', ''), 'base64').toString('latin1').includes(marker));
    // its keys are those of the roster, by gpg
    const keys = [...everyPart(view.root)].find(({ contentType }) => contentType.mediaType === 'application/pgp-keys');
    using anybody = new GpgPeople();
    anybody.import(decodePart(view.bytes, requireValue(keys, 'the keys'), 1 << 20));
    for (const [, address] of [CLERK, OFFICER, LAWYER])
      assert.equal(anybody.certificate(address).fingerprint, desk.people.certificate(address).fingerprint);
    const shown = await until(async () => {
      const found = (await arrivals()).find((one) => one.arrival === arrival);
      return found?.isAnswered === true ? found : undefined;
    }, 'the note of the answer');
    assert.equal(shown.channel, 'PLAIN_MAIL');
    const shownText = await openArrival(arrival);
    assert.match(shownText, /^Authentication-Results: siegel\.test;/);
    assert.ok(shownText.includes(`${marker}body`));
  },
);

/** The letter as it stands in the sealed arrival, opened by gpg. */
async function openArrival(arrival: string): Promise<string> {
  const out = join(desk.folder, `arrivals-${arrival}`);
  await mkdir(out);
  const shown = await siegel('request', 'arrivals', '--all', '--case-files', out);
  const nth = (shown['arrivals'] as ShownArrival[]).findIndex((one) => one.arrival === arrival);
  const file = requireValue((shown['files'] as string[])[nth], `a file of ${arrival}`);
  const plain = desk.people.openBytes(await readFile(file));
  const parsed = parseCaseFile(plain);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value.documents.map(({ name }) => name), ['letter.eml']); // prettier-ignore
  return Buffer.from(parsed.value.documents[0]?.bytes ?? []).toString('latin1');
}

/** Letters that a program must not answer: they arrive like any other. */
const silent: Readonly<Record<string, Wanted>> = {
  'the same author again': {},
  'an author whose domain does not stand behind it': { from: 'chef@forged.test' },
  'a forged author with an own envelope': { from: 'chef@forged.test', mailFrom: 'dieb@polizei.test' },
  'another author of the same domain': { from: 'frau.klein@sta.test', mailFrom: 'herr.gross@sta.test' },
  'nobody in the envelope': { from: 'frau.neu@polizei.test', mailFrom: '' },
  'an automatic answer': { from: 'a1@sta.test', head: ['Auto-Submitted: auto-replied'] },
  'an automatic letter': { from: 'a2@sta.test', head: ['Auto-Submitted: auto-generated'] },
  'a list': { from: 'a3@sta.test', head: ['List-Id: <presse.sta.test>'] },
  'a newsletter': { from: 'a4@sta.test', head: ['List-Unsubscribe: <https://sta.test/u>'] },
  bulk: { from: 'a5@sta.test', head: ['Precedence: bulk'] },
  'who wants no answers by programs': { from: 'a6@sta.test', head: ['X-Auto-Response-Suppress: All'] },
  'a program by its name': { from: 'noreply@sta.test' },
  'a bounce by its name': { from: 'mailer-daemon@sta.test' },
  'a list’s owner': { from: 'owner-presse@sta.test' },
  'a letter that names somebody else': { from: 'a7@sta.test', to: 'presse@irgendwo.test' },
  'two authors': { from: 'a8@sta.test>, Zwei <a9@sta.test', mailFrom: 'a8@sta.test' },
};

test(
  'forged, unproven, automatic and list letters arrive, and nobody is answered',
  { skip, timeout: 240_000 },
  async () => {
    const earlier = sink.letters.length;
    for (const [name, wanted] of Object.entries(silent)) {
      const answer = await hand(wanted);
      assert.equal(answer.code, 250, `${name}: ${answer.text}`);
    }
    // the twin: with nothing of all that, another author is answered; whatever would have gone out before it has
    arrivalIn(await hand({ from: 'herr.kurz@polizei.test' }));
    await until(() => sink.letters[earlier], 'the answer to the one who wrote');
    await wait(1_500);
    assert.deepEqual(sink.letters.slice(earlier).map(({ recipients }) => recipients), [['herr.kurz@polizei.test']]); // prettier-ignore
    assert.equal((await arrivals()).filter(({ isAnswered }) => isAnswered).length, 2);
  },
);

test('whom a letter asks about changes no word of the answer', { skip, timeout: 240_000 }, async () => {
  await program.signUp('anna', 'Mantı am Sonntag');
  const earlier = sink.letters.length;
  const asking = (who: string): readonly string[] => ['Content-Type: text/plain', '', `Wem gehört ${who}?`, ''];
  arrivalIn(await hand({ from: 'eins@polizei.test', body: asking('anna@siegel.test') }));
  await until(() => sink.letters[earlier], 'the first answer');
  arrivalIn(await hand({ from: 'zwei@polizei.test', body: asking('niemand@siegel.test') }));
  await until(() => sink.letters[earlier + 1], 'the second answer');
  const [one, two] = sink.letters.slice(earlier).map(({ bytes }) => {
    const text = bytes.toString('latin1');
    const { messageId = '' } = readLetter(bytes);
    return text
      .replaceAll(messageId.slice(0, 24), 'BOUNDARY')
      .replaceAll(/^(?:Message-ID|Date|To|In-Reply-To|References|DKIM-Signature):.*\r\n(?:[ \t].*\r\n)*/gim, '');
  });
  assert.ok(one !== undefined && one.length > 2_000);
  assert.equal(one, two);
});

test('an author is not answered again after a restart', { skip, timeout: 240_000 }, async () => {
  const earlier = sink.letters.length;
  program = await program.restart();
  const arrival = arrivalIn(await hand({ from: 'eins@polizei.test' }));
  arrivalIn(await hand({ from: 'drei@polizei.test' }));
  await until(() => sink.letters[earlier], 'the answer to a new author');
  await wait(1_500);
  assert.deepEqual(sink.letters.slice(earlier).map(({ recipients }) => recipients), [['drei@polizei.test']]); // prettier-ignore
  assert.equal((await arrivals()).find((one) => one.arrival === arrival)?.isAnswered, false);
});

test('what cannot be taken is refused with the reason, and nothing is kept', { skip, timeout: 240_000 }, async () => {
  const earlier = (await arrivals()).length;
  assert.match((await hand({ from: 'chef@strict.test' })).text, /5\.7\.1 the policy of the sender's domain/);
  const round = Array.from({ length: 101 }, (_, at) => `Received: by mx${at}.test; Sun, 22 Nov 2026 10:20:00 +0000`);
  assert.match((await hand({ head: round })).text, /5\.4\.6 the letter went round in circles/);
  const scan = (bytes: number): readonly string[] => ['Content-Type: application/pdf', 'Content-Transfer-Encoding: base64', '', ...(randomBytes(bytes).toString('base64').match(/.{1,76}/g) ?? [])]; // prettier-ignore
  assert.match((await hand({ body: scan(5_500_000) })).text, /5\.3\.4 the letter is larger than this desk takes/);
  assert.equal((await arrivals()).length, earlier);
  // the twin: a scan of four megabytes is taken
  arrivalIn(await hand({ from: 'scan@sta.test', body: scan(3_800_000) }));
});

let papers = 0;

async function sign(words: readonly string[], [name, address]: GpgMember): Promise<Record<string, unknown>> {
  const out = join(desk.folder, `paper-${++papers}.json`);
  await siegel(...words, '--by', name, '--out', out);
  const signature = await desk.write(`paper-${papers}.asc`, desk.people.sign(address, await readFile(out)));
  return siegel(...words.slice(0, 3), '--statement', out, '--signature', signature);
}

test(
  'a fax is refused by two, the authority puts it right by PGP mail, and the answer is sealed to it',
  { skip, timeout: 240_000 },
  async () => {
    const about = ['--kinds', 'SUBSCRIBER', '--target', 'anna@siegel.test'];
    const fax = String((await siegel('request', 'file', '--by', CLERK[0], '--channel', 'FAX', ...about))['filing']);
    for (const who of [OFFICER, LAWYER])
      await sign(['request', 'review', fax, '--verdict', 'REJECT', '--reasons', 'INADMISSIBLE_CHANNEL'], who);

    // the authority fetches the desk's keys and encrypts to all of them
    const keys = await fetch(`${program.url}/authorities/keys.asc`);
    office.import(new Uint8Array(await keys.arrayBuffer()));
    const inside = `Content-Type: text/plain; charset=utf-8\r\n\r\nIhr Aktenzeichen ${fax}: Bestandsdaten zu ${marker}inside\r\n`;
    const sealed = office.seal('frau.lang@sta.test', [CLERK, OFFICER, LAWYER].map(([, address]) => address), inside); // prettier-ignore
    const answersBefore = sink.letters.length;
    const body = [
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b1',
      '',
      '--b1',
      'Content-Type: application/pgp-encrypted',
      '',
      'Version: 1',
      '',
      '--b1',
      'Content-Type: application/octet-stream',
      '',
      ...sealed.trimEnd().split('\n'),
      '--b1--',
      '',
    ];
    const arrival = arrivalIn(await hand({ from: 'neu@sta.test', body }));
    const shown = (await arrivals()).find((one) => one.arrival === arrival);
    assert.equal(shown?.channel, 'PGP');
    // somebody of the roster opens both seals
    const mail = await openArrival(arrival);
    const shownText = desk.people.open(Buffer.from(mail.slice(mail.indexOf('-----BEGIN PGP MESSAGE'))));
    assert.ok(shownText.plainText.includes(`${marker}inside`), shownText.status);

    const filed = await siegel('request', 'correct', fax, '--by', CLERK[0], '--arrival', arrival, '--channel', 'PGP', ...about); // prettier-ignore
    const filing = String(filed['filing']);
    const earlier = (await siegel('request', 'show', fax)) as { row: { state: string } };
    assert.equal(earlier.row.state, 'CORRECTED');
    for (const who of [OFFICER, LAWYER]) await sign(['request', 'review', filing, '--verdict', 'ADMIT'], who);
    const files = join(desk.folder, `files-${filing}`);
    await mkdir(files);
    const { files: paths } = (await siegel('request', 'show', filing, '--case-files', files)) as { files: string[] };
    const cases = await Promise.all(paths.map(async (path) => desk.people.open(await readFile(path)).plainText));
    const named = requireValue(cases.find((text) => text.includes('anna@siegel.test')), 'the case file that names her'); // prettier-ignore
    const recipient = await desk.write('authority.asc', office.certificate('frau.lang@sta.test').armored);
    const out = join(desk.folder, `out-${filing}`);
    await siegel('request', 'collect', filing, '--by', OFFICER[0], '--case-file', await desk.write('case.json', named), '--recipient', recipient, '--out', out); // prettier-ignore
    for (const who of [OFFICER, LAWYER]) await sign(['request', 'look', filing], who);
    const answer = join(desk.folder, 'answer.pgp');
    await siegel('request', 'handover', filing, '--out', answer);
    const { contents } = unpack(office.openBytes(await readFile(answer)));
    assert.deepEqual((contents.items[0]?.data as { addresses: string[] } | undefined)?.addresses, ['anna@siegel.test']);
    assert.doesNotMatch(desk.people.open(await readFile(answer)).status, /DECRYPTION_OKAY/);
    // a request that came properly is answered by people only
    assert.equal(sink.letters.length, answersBefore);
    const verified = (await siegel('report', 'verify')) as { findings: unknown[] };
    assert.deepEqual(verified.findings, []);
  },
);

test('nothing of any letter lies on the disk in the clear', { skip, timeout: 240_000 }, async () => {
  const finds = await searchFolder(program.dataDir, needlesOf(marker));
  assert.deepEqual(finds, []);
});
