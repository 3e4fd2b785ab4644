// What the page is drawn from, out of a real register: reports by year, errata in order, and whose signatures are good; a key that nobody signed for is nobody's.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { ok } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { readDeskLeaves } from '#vault/database/read-desk-leaves.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import { openTestHouse } from '#vault/database/test-house.ts';
import { sampleRows } from '../../../../test/desk/sample-register.ts';
import { noGpg } from '../../../../test/gpg-people.ts';
import { Desk } from '../book/desk.ts';
import { DeskBook } from '../book/desk-book.ts';
import { fillTemplate, makePerson, signAs, type Person } from '../policy/test-policy.ts';
import { leafOf } from '../register/chain.ts';
import type { DeskEvent } from '../register/event.ts';
import { factsOf, reportOf, reportText } from '../report/report.ts';
import { joinedArmor, newestOf } from './published.ts';
import { openPublished } from './read-published.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
let cluster: TestCluster;
let scratch = '';
let officer: Person;
let lawyer: Person;
let stranger: Person;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-published-'));
  cluster = await startTestCluster();
  [officer, lawyer, stranger] = await Promise.all([
    makePerson('Jonas Brandt', 'OFFICER'),
    makePerson('Leyla Yıldız', 'LAWYER'),
    makePerson('Ein Fremder', 'LAWYER'),
  ]);
});
after(async () => {
  await cluster.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function openRegister() {
  const house = await openTestHouse(cluster, scratch);
  const book = new DeskBook({ door: house.door, reader: house.database.reader, clock: manualClock(NOW) });
  const desk = new Desk({ book, trust: [officer.member.fingerprint, lawyer.member.fingerprint] });
  const policy = fillTemplate([officer, lawyer]);
  const text = canonicalJson(policy);
  assert.ok((await desk.putPolicy(text, [await signAs(officer, text), await signAs(lawyer, text)])).ok);
  const put = async (...events: readonly DeskEvent[]): Promise<void> =>
    assert.ok((await book.note<never>(async () => ok(events))).ok);
  const report = async (
    year: number,
    people: readonly Person[],
    corrects?: string,
  ): Promise<Extract<DeskEvent, { kind: 'REPORTED' }>> => {
    const { entries, head } = await desk.register();
    const register = { entries, head, root: head };
    const rows = corrects === undefined ? sampleRows().slice(2) : sampleRows();
    const made = reportOf({ rows, year, policy: factsOf(policy), register, generatedMs: NOW, corrects });
    const said = reportText(made);
    const signatures = await Promise.all(people.map((person) => signAs(person, said, { madeMs: NOW })));
    return { kind: 'REPORTED', year, erratum: made.erratum, report: said, signatures };
  };
  return { house, desk, put, report, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

test('reports stand newest first, their errata in order, each with the people who signed it', async () => {
  await using open = await openRegister();
  const published = openPublished(open.desk);
  assert.deepEqual(await published.years(), []);
  const older = await open.report(2022, [officer, lawyer]);
  const first = await open.report(2023, [officer, lawyer]);
  await open.put(older, first);
  const erratum = await open.report(2023, [lawyer, officer], first.report);
  await open.put(erratum);
  const years = await published.years();
  assert.deepEqual(
    years.map(({ year, versions }) => [year, versions.length]),
    [
      [2023, 2],
      [2022, 1],
    ],
  );
  const [newest] = years;
  assert.ok(newest);
  assert.equal(newestOf(newest).text, erratum.report);
  assert.deepEqual(
    newestOf(newest).signers.map(({ name, role }) => [name, role]),
    [
      ['Leyla Yıldız', 'LAWYER'],
      ['Jonas Brandt', 'OFFICER'],
    ],
  );
  assert.equal(newestOf(newest).report.figures['total']?.value, 133);
  assert.equal(await published.years(), years, 'signatures are checked once');
});

test('gpg checks both signatures from the files as the page gives them', { skip: noGpg ?? false }, async () => {
  await using open = await openRegister();
  await open.put(await open.report(2023, [officer, lawyer]));
  const [year] = await openPublished(open.desk).years();
  assert.ok(year);
  const { text, signatures, signers } = newestOf(year);
  const [keys, joined] = [
    joinedArmor(
      'PGP PUBLIC KEY BLOCK',
      signers.map(({ certificate }) => certificate),
    ),
    joinedArmor('PGP SIGNATURE', signatures),
  ];
  assert.ok(keys !== undefined && joined !== undefined);
  const folder = await mkdtemp(join(scratch, 'gpg-'));
  const file = async (name: string, said: string): Promise<string> => {
    await writeFile(join(folder, name), said);
    return join(folder, name);
  };
  const gpg = (...words: string[]) =>
    spawnSync('gpg', ['--homedir', folder, '--batch', '--status-fd', '1', ...words], { encoding: 'utf8' });
  await chmod(folder, 0o700);
  gpg('--import', await file('2023.keys', keys));
  const [asc, json] = [await file('2023.asc', joined), await file('2023.json', text)];
  const good = gpg('--verify', asc, json);
  assert.equal(good.status, 0, good.stderr);
  for (const { fingerprint } of signers) assert.match(good.stdout, new RegExp(`VALIDSIG ${fingerprint}`, 'i'));
  const altered = gpg('--verify', asc, await file('altered.json', text.replace('133', '134')));
  assert.notEqual(altered.status, 0);
  assert.match(altered.stdout, /BADSIG/);
});

test('one signature, two of one role or a stranger’s are nobody’s', async () => {
  await using open = await openRegister();
  await open.put(
    await open.report(2021, [officer]),
    await open.report(2022, [stranger, officer]),
    await open.report(2023, [officer, officer]),
  );
  const years = await openPublished(open.desk).years();
  assert.deepEqual(
    years.map(({ year, versions: [{ signers }] }) => [year, signers]),
    [
      [2023, []],
      [2022, []],
      [2021, []],
    ],
  );
  // the twin: the same reports signed by the two
  await open.put(await open.report(2020, [officer, lawyer]));
  assert.equal((await openPublished(open.desk).years()).at(-1)?.versions[0].signers.length, 2);
});

test('where the machine trusts others, nobody’s signature is good', async () => {
  await using open = await openRegister();
  await open.put(await open.report(2023, [officer, lawyer]));
  const book = new DeskBook({ door: open.house.door, reader: open.house.database.reader, clock: manualClock(NOW) });
  const other = new Desk({ book, trust: [stranger.member.fingerprint] });
  assert.deepEqual((await openPublished(other).years())[0]?.versions[0].signers, []);
});

test('the log gives the leaves of the entries, from any one on', async () => {
  await using open = await openRegister();
  await open.put(await open.report(2023, [officer, lawyer]));
  const register = await open.desk.register();
  const entries = [...(await register.ofKind('POLICY_PUT')), ...(await register.ofKind('REPORTED'))];
  assert.deepEqual(await readDeskLeaves(register.read.db, { from: 0, count: 10 }), entries.map(leafOf));
  assert.deepEqual(await readDeskLeaves(register.read.db, { from: 1, count: 1 }), entries.slice(1).map(leafOf));
  assert.deepEqual(await readDeskLeaves(register.read.db, { from: 2, count: 1 }), []);
});
