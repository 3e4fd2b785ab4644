// The invariant of fulfilment, with the real program, real gpg and a mailbox full of canaries: every job is run, the packages are opened as the authority opens them, exactly the fields of the public matrix are there and no canary; nothing leaves before two people have looked.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as openpgp from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { kinds, type FilingNumber, type Fingerprint } from '#formats/desk/model.ts';
import { writePackage } from '#office/desk/fulfil/collect-items.ts';
import type { SealedLetter } from '#office/desk/fulfil/disclosure-reader.ts';
import { disclosureMatrix, fieldNamesOf } from '#office/desk/fulfil/disclosure-matrix.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import { liveAsAnna, openCanaryHouse, sendLetters, signUpAnna, type CanaryHouse } from '../canary/canary-life.ts';
import { searchBytes } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { countWaiting } from '../delivery-house.ts';
import { auditPackage, unpack, type OpenedPackage } from '../desk/open-package.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import { readTables } from '../own-database.ts';
import { draftFor, openMailbox, until } from '../world.ts';

const skip = noGpg ?? false;
const marker = `kanarie${randomBytes(5).toString('hex')}`;
const needles = needlesOf(marker);
const LETTERS = 40;
const ANNA = 'anna@siegel.test';
const OUTSIDE = ['empfang@anderswo.example', 'zweite@anderswo.example'] as const;
const ROSTER = [
  ['Mara Kaya', 'mara@kanzlei.test', 'CLERK'],
  ['Jonas Brandt', 'jonas@kanzlei.test', 'OFFICER'],
  ['Leyla Yıldız', 'leyla@kanzlei.test', 'LAWYER'],
] as const;
const [clerk, officer, lawyer] = ROSTER;

const opened = new AsyncDisposableStack();
let folder = '';
let people: GpgPeople;
let office: GpgPeople;
let house: CanaryHouse;
let authority = '';

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), 'sgl-fulfilment-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  people = opened.use(new GpgPeople());
  office = opened.use(new GpgPeople());
  for (const [, address] of ROSTER) people.addPerson(address, 'curve');
  office.addPerson('sta@behoerde.test', 'rsa');
  authority = await write('authority.asc', office.certificate('sta@behoerde.test').armored);
  const trust = [officer, lawyer].map(([, address]) => people.certificate(address).fingerprint).join(',');
  house = opened.use(await openCanaryHouse(marker, { SIEGEL_DESK_TRUST: trust }));
  const policy = canonicalJson({
    ...(JSON.parse(exampleGermany()) as object),
    roster: ROSTER.map(([name, address, role]) => {
      const { fingerprint, armored } = people.certificate(address);
      return { name, role, fingerprint, certificate: armored };
    }),
  });
  const path = await write('policy.json', policy);
  const signatures = await Promise.all(
    [officer, lawyer].map(([name, address]) => write(`${name}.asc`, people.sign(address, Buffer.from(policy)))),
  );
  await siegel(['desk', 'policy', path, ...signatures, '--apply']);
  await plant();
});
after(() => opened.disposeAsync());

/** Letters, folder, rules, contacts, draft, alias, letters that wait: all with canaries where people write. */
async function plant(): Promise<void> {
  const anna = await signUpAnna(house);
  assert.equal(await sendLetters(house, LETTERS), LETTERS);
  await liveAsAnna(house, anna);
  const mail = await openMailbox(anna);
  const contact = {
    id: undefined,
    name: `${marker}name`,
    addresses: [`${marker}friend@x.example`],
    phones: [`${marker}1`],
  };
  assert.ok((await mail.putContact({ ...contact, organisation: `${marker}firm`, note: `${marker}note`, keys: [] })).ok);
  const words = { subject: `${marker}subject`, plainText: `${marker}body ${'and more '.repeat(50)}` };
  assert.ok((await mail.saveDraft(await draftFor(mail, `${marker}later@x.example`, words))).ok);
  await siegel(['address', 'alias', 'kanzlei@siegel.test', '--for', ANNA]);
  await siegel(['address', 'alias', 'frueher@siegel.test', '--for', ANNA]);
  await siegel(['address', 'remove', 'frueher@siegel.test', '--apply']);
  await siegel(['queue', 'hold', '--apply']);
  for (const address of OUTSIDE) {
    const sent = await mail.send(await draftFor(mail, address, words), {
      undoMs: 0,
      sendAtMs: undefined,
      unsealed: [address],
    });
    assert.ok(sent.ok, JSON.stringify(sent));
  }
  await until(async () => ((await countWaiting(house.program)) === OUTSIDE.length ? true : undefined), 'the queue');
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function siegel(words: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await house.program.siegel([...words, '--json']);
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}${ran.stdout}`);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

async function refused(words: readonly string[], kind: string): Promise<void> {
  const ran = await house.program.siegel([...words, '--json']);
  assert.equal(ran.code, 1, `${words.join(' ')}: ${ran.stdout}`);
  const { error } = JSON.parse(ran.stdout === '' ? ran.stderr : ran.stdout) as { error: { kind: string } };
  assert.equal(error.kind, kind, words.join(' '));
}

let papers = 0;

async function signed(words: readonly string[], who: (typeof ROSTER)[number]): Promise<readonly string[]> {
  const out = join(folder, `paper-${++papers}.json`);
  await siegel([...words, '--by', who[0], '--out', out]);
  const signature = await write(`paper-${papers}.asc`, people.sign(who[1], await readFile(out)));
  return [...words.slice(0, 3), '--statement', out, '--signature', signature];
}

/** A filing about this address, with its opened case file. */
async function file(
  target: string,
  asked: readonly string[],
): Promise<{ readonly number: string; readonly caseFile: string }> {
  const words = ['--by', clerk[0], '--channel', 'PGP', '--kinds', asked.join(','), '--target', target];
  const number = String((await siegel(['request', 'file', ...words]))['filing']);
  const files = join(folder, `files-${number}`);
  await mkdir(files);
  const shown = (await siegel(['request', 'show', number, '--case-files', files])) as { files: string[] };
  const plain = people.open(await readFile(requireValue(shown.files[0], 'a case file'))).plainText;
  return { number, caseFile: await write(`case-${number}.json`, plain) };
}

async function decide(number: string, words: readonly string[] = ['--verdict', 'ADMIT']): Promise<void> {
  for (const who of [officer, lawyer]) await siegel(await signed(['request', 'review', number, ...words], who));
}

function collecting(number: string, caseFile: string, recipient = authority): readonly string[] {
  const words = ['request', 'collect', number, '--by', officer[0], '--case-file', caseFile];
  return [...words, '--recipient', recipient, '--out', join(folder, `out-${number}`)];
}

async function agree(number: string): Promise<string> {
  await siegel(await signed(['request', 'look', number], officer));
  return String((await siegel(await signed(['request', 'look', number], lawyer)))['state']);
}

const packages = (): Promise<string[]> => readdir(join(house.program.dataDir, 'desk')).catch(() => []);

async function stateOf(number: string): Promise<readonly [string, number]> {
  const { row, events } = (await siegel(['request', 'show', number])) as { row: { state: string }; events: unknown[] };
  return [row.state, events.length];
}

/** What the authority has in the end. */
async function handOver(number: string): Promise<OpenedPackage & { readonly archive: Buffer }> {
  const path = join(folder, `handover-${number}.pgp`);
  await siegel(['request', 'handover', number, '--out', path]);
  return openWith(office, await readFile(path));
}

async function openWith(who: GpgPeople, sealed: Buffer): Promise<OpenedPackage & { readonly archive: Buffer }> {
  assert.match(who.open(sealed).status, /GOODMDC/);
  const archive = who.openBytes(sealed);
  return { archive, ...unpack(archive) };
}

test(
  'every job is run; the authority opens exactly the fields of the matrix, and no canary',
  { skip, timeout: 300_000 },
  async (t) => {
    const { number, caseFile } = await file(ANNA, kinds);
    await decide(number);
    const collected = (await siegel(collecting(number, caseFile))) as {
      state: string;
      fields: string[];
      package: string;
      copy: string;
    };
    assert.equal(collected.state, 'SECOND_LOOK');
    assert.deepEqual(
      collected.fields,
      kinds.flatMap((kind) => fieldNamesOf(kind).map((name) => `${kind}.${name}`)),
    );
    await refused(['request', 'handover', number, '--out', join(folder, 'early.pgp')], 'notNow');
    const looked = await openWith(people, await readFile(collected.copy));
    assert.equal(await agree(number), 'DISCLOSED');
    const given = await handOver(number);
    assert.ok(given.archive.equals(looked.archive), 'what two people saw is what leaves, byte for byte');
    assert.equal(createHash('sha256').update(given.archive).digest('hex'), collected.package);

    assert.deepEqual(auditPackage(given), []);
    const finds = await searchBytes('the package', given.archive, needles);
    assert.deepEqual(finds, []);
    const tables = await readTables(house.program.dataDir);
    const stored = requireValue(tables.get('letter'), 'letters').filter((row) => row['removed_modseq'] === null);
    t.diagnostic(JSON.stringify({ archive: given.archive.length, letters: stored.length, canaries: finds.length }));
    assert.ok(stored.length >= LETTERS);
    const item = (kind: string): Record<string, unknown> =>
      requireValue(given.contents.items.find((one) => one.kind === kind)?.data, kind) as Record<string, unknown>;
    const today = /^\d{4}-\d\d-\d\d$/;
    const { createdOn, ...subscriber } = item('SUBSCRIBER');
    assert.match(String(createdOn), today);
    assert.deepEqual(subscriber, {
      addresses: [ANNA],
      aliases: ['kanzlei@siegel.test'],
      givenUp: ['frueher@siegel.test'],
      closedOn: null,
    });
    const letters = item('SEIZURE')['letters'] as { file: string; bytes: number; sha256: string }[];
    assert.equal(letters.length, stored.length);
    for (const { file: name, bytes, sha256 } of letters) {
      const sealed = requireValue(given.files.get(name), name);
      assert.equal(sealed.length, bytes);
      assert.equal(createHash('sha256').update(sealed).digest('hex'), sha256);
      const { packets } = await openpgp.readMessage({ binaryMessage: sealed });
      const tags = Array.from(packets, (packet) => (packet.constructor as { tag?: number }).tag);
      const { publicKeyEncryptedSessionKey, symEncryptedIntegrityProtectedData } = openpgp.enums.packet;
      assert.deepEqual(tags, [publicKeyEncryptedSessionKey, symEncryptedIntegrityProtectedData]);
    }
    const waiting = item('TRAFFIC')['waiting'] as { sender: string; recipients: string[] }[];
    assert.deepEqual(waiting.map(({ sender, recipients }) => [sender, ...recipients]), OUTSIDE.map((one) => [ANNA, one])); // prettier-ignore
    for (const { kind, isHeld } of given.contents.items)
      assert.equal(isHeld, disclosureMatrix[kind].fields.length > 0, kind);

    // nothing of it lies here unsealed, and when it is closed nothing of it lies here at all
    assert.equal((await packages()).length, 1);
    await siegel(['request', 'close', number]);
    assert.deepEqual(await packages(), []);
    await refused(['request', 'handover', number, '--out', join(folder, 'late.pgp')], 'notNow');
    await refused(collecting(number, caseFile), 'notNow');
  },
);

test('twin: a package of letters that were not sealed: the same search finds the canaries', async () => {
  const letter = Buffer.from(`Subject: ${marker}subject0\r\n\r\n${marker}body0\r\n`);
  const nothing = { findAccount: async () => undefined, subscriber: async () => undefined, waiting: async () => [] };
  async function* letters(): AsyncGenerator<SealedLetter> {
    yield { receivedMs: 0, expiresMs: 0, sealed: letter };
  }
  const item = {
    item: 0,
    kind: 'SEIZURE',
    target: ANNA,
    account: newId<AccountId>(),
    from: null,
    until: null,
  } as const;
  const recipient = 'ee'.repeat(20) as Fingerprint;
  const order = { filing: '2026-0001' as FilingNumber, recipient, items: [item], zone: 'Europe/Berlin', nowMs: 0 };
  const chunks: Uint8Array[] = [];
  await writePackage(order, { ...nothing, letters }, async (chunk) => void chunks.push(chunk));
  assert.ok((await searchBytes('the package', Buffer.concat(chunks), needles)).length > 0);
});

test(
  'only what was admitted, only about whom the filing is, only to a key of the authority; nothing half-written',
  { skip, timeout: 300_000 },
  async () => {
    const other = await file('niemand@siegel.test', ['SUBSCRIBER']);
    const { number, caseFile } = await file(ANNA, ['SUBSCRIBER', 'SEIZURE']);
    await refused(collecting(number, caseFile), 'notNow');
    await decide(number, ['--verdict', 'NARROW', '--items', '0', '--reasons', 'OVERBROAD']);
    const before = [await stateOf(number), await packages()];
    assert.equal((await stateOf(number))[0], 'NARROWED');
    const given = JSON.parse(await readFile(caseFile, 'utf8')) as { targets: { target: string; random: string }[] };
    const [one] = given.targets;
    const random = requireValue(one, 'a target').random;
    const forged = async (name: string, target: { target: string; random: string }): Promise<string> =>
      write(`${name}.json`, JSON.stringify({ ...given, targets: [target] }));
    const otherRandom = `${random.startsWith('0') ? '1' : '0'}${random.slice(1)}`;
    const bad = [
      await forged('random', { target: ANNA, random: otherRandom }),
      await forged('target', { target: 'kanzlei@siegel.test', random }),
      other.caseFile,
      await write('no-targets.json', JSON.stringify({ ...given, targets: [] })),
    ];
    for (const path of bad) await refused(collecting(number, path), 'otherTarget');
    await refused(collecting(number, await write('nonsense.json', '{}')), 'not-a-case-file');
    const ofOfficer = await write('officer.asc', people.certificate(officer[1]).armored);
    const { publicKey: signsOnly } = await openpgp.generateKey({ type: 'ecc', userIDs: [{ name: 'x' }], subkeys: [], format: 'armored' }); // prettier-ignore
    for (const path of [ofOfficer, await write('signs.asc', signsOnly), await write('none.asc', 'no key')])
      await refused(collecting(number, caseFile, path), 'recipient');
    await refused(['request', 'collect', number, '--by', 'Niemand', ...collecting(number, caseFile).slice(5)], 'notInRoster'); // prettier-ignore
    await refused(['request', 'look', number, '--copy', join(folder, 'none.pgp')], 'notNow');
    await refused(['request', 'look', number, '--by', officer[0], '--out', join(folder, 'none.json')], 'notNow');
    assert.deepEqual([await stateOf(number), await packages()], before);
    await assert.rejects(readdir(join(folder, `out-${number}`)), /ENOENT/);

    const collected = (await siegel(collecting(number, caseFile))) as { fields: string[]; copy: string };
    assert.deepEqual(
      collected.fields,
      fieldNamesOf('SUBSCRIBER').map((name) => `SUBSCRIBER.${name}`),
    );
    const { contents } = await openWith(people, await readFile(collected.copy));
    assert.deepEqual(contents.items.map(({ item, kind }) => [item, kind]), [[0, 'SUBSCRIBER']]); // prettier-ignore
  },
);

test(
  'two different people look at this very package; one that does not agree sends it back',
  { skip, timeout: 300_000 },
  async () => {
    const { number, caseFile } = await file('kanzlei@siegel.test', ['SUBSCRIBER']);
    await decide(number);
    await siegel(collecting(number, caseFile));
    const first = await packages();
    await refused(['request', 'look', number, '--by', clerk[0], '--out', join(folder, 'clerk.json')], 'look');
    const stale = await signed(['request', 'look', number], lawyer);
    await siegel(await signed(['request', 'look', number], officer));
    await refused(await signed(['request', 'look', number], officer), 'lookedTwice');
    // another head, another signer, another package
    const statement = JSON.parse(await readFile(requireValue(stale[4], 'a path'), 'utf8')) as Record<string, unknown>;
    const forged = async (name: string, changes: object, signer: string): Promise<readonly string[]> => {
      const text = canonicalJson({ ...statement, ...changes });
      const path = await write(`${name}.json`, text);
      const signature = await write(`${name}.asc`, people.sign(signer, Buffer.from(text)));
      return ['request', 'look', number, '--statement', path, '--signature', signature];
    };
    const head = { ...(statement['head'] as object), hash: '0'.repeat(64) };
    await refused(await forged('head', { head }, lawyer[1]), 'otherHead');
    await refused(await forged('signer', {}, officer[1]), 'look');
    await refused(await forged('package', { package: '0'.repeat(64) }, lawyer[1]), 'otherPackage');
    assert.equal((await stateOf(number))[0], 'SECOND_LOOK');

    const back = await siegel(await signed(['request', 'look', number, '--disagree', 'TOO_MUCH'], lawyer));
    assert.equal(back['state'], 'COLLECT');
    const left = await packages();
    assert.ok(
      first.some((name) => !left.includes(name)),
      'what nobody wants is dropped',
    );
    await refused(stale, 'notNow');
    await siegel(collecting(number, caseFile));
    // collected anew, who looked before looks anew: the earlier statement is about another package
    await refused(stale, 'otherPackage');
    assert.equal(await agree(number), 'DISCLOSED');
    assert.deepEqual(auditPackage(await handOver(number)), []);
  },
);

test('that nothing is held is looked at by two people as well', { skip, timeout: 300_000 }, async () => {
  const { number, caseFile } = await file('unbekannt@siegel.test', ['SUBSCRIBER', 'INTERCEPTION']);
  await decide(number);
  const collected = (await siegel(collecting(number, caseFile))) as { fields: string[] };
  assert.deepEqual(collected.fields, []);
  await refused(['request', 'handover', number, '--out', join(folder, 'nothing.pgp')], 'notNow');
  assert.equal(await agree(number), 'NO_DATA_HELD');
  const { contents } = await handOver(number);
  assert.ok(contents.items.every(({ isHeld, data }) => !isHeld && data === null));
});

test('an address that several people read names nobody', { skip, timeout: 120_000 }, async () => {
  await siegel(['group', 'put', 'team@siegel.test', '--member', ANNA, '--apply']);
  const { number, caseFile } = await file('team@siegel.test', ['SUBSCRIBER']);
  await decide(number);
  await refused(collecting(number, caseFile), 'groupAddress');
});

test('after all this the register is what was written', { skip, timeout: 120_000 }, async () => {
  const { findings } = (await siegel(['report', 'verify'])) as { findings: unknown[] };
  assert.deepEqual(findings, []);
  assert.deepEqual(await searchBytes('what it printed', Buffer.from(house.program.output()), needles), []);
});
