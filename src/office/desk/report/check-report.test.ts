// An earlier report of the register, altered in every place, and its signatures: each is found, also when two people sign what is not true.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { makePerson, signAs } from '../policy/test-policy.ts';
import { checkReportSignatures } from './check-report.ts';
import { mutationsOf } from './test-mutations.ts';
import { makePeople, writeRegister, type People, type TestRegister } from './test-register.ts';
import { ChainCheck } from './verification/chain-check.ts';
import type { FindingKind } from './verification/findings.ts';
import { PolicyCheck } from './verification/policy-check.ts';
import { ReportCheck } from './verification/report-check.ts';
import { RowStore } from './verification/row-store.ts';
import { verifyRegister } from './verify-register.ts';

let people: People;
let register: TestRegister;

before(async () => {
  people = await makePeople();
  register = await writeRegister(people);
});

test('an earlier report, altered anywhere, is found twice: by its signatures and by computing it again', async () => {
  const at = register.entries.findIndex(({ event }) => event.kind === 'REPORTED');
  const { event, atMs } = register.entries[at] ?? assert.fail();
  assert.ok(event.kind === 'REPORTED');
  const { entries } = (JSON.parse(event.report) as { register: { entries: number } }).register;
  const quiet = () => {};
  const chain = new ChainCheck(quiet, []);
  for (const row of register.stored().entries.slice(0, entries)) chain.take(row);
  const rows = new RowStore();
  for (const row of register.rowsAfter(entries)) rows.set(row);
  const policies = new PolicyCheck(quiet, [people.officer.member.fingerprint, people.lawyer.member.fingerprint]);
  const first = register.entries[0]?.event;
  if (first?.kind === 'POLICY_PUT') await policies.take(first, 'first');
  const found = async (report: string) => {
    const kinds = new Set<FindingKind>();
    const note = (_: string, what: FindingKind): void => {
      kinds.add(what);
    };
    const check = new ReportCheck({ note, rows, chain, policies }, [report]);
    check.cut();
    await check.take({ ...event, report }, atMs, 'it');
    return [...kinds];
  };
  assert.deepEqual(await found(event.report), []);
  let tried = 0;
  for (const { name, value } of mutationsOf(JSON.parse(event.report))) {
    // of what there is many times over, each once
    if (/^(?:definitions|roundings)\.(?!total|exact)/.test(name) && !name.endsWith('.de: changed')) continue;
    if (/^figures\.(?!total|channel)/.test(name) && !name.endsWith('value: changed')) continue;
    if (name.startsWith('figures.channel') && !/(?:value|numerator): changed$/.test(name)) continue;
    if (/^before\.figures\.(?!total)/.test(name) && !name.endsWith('value: changed')) continue;
    if (/^before\.figures\.(?!total|origin)/.test(name)) continue;
    if (/^tables\.(?!origin-kind)/.test(name) && !/(?:\.0\.\d+: changed|cells.*exchanged)$/.test(name)) continue;
    tried++;
    const kinds = await found(canonicalJson(value));
    if (kinds.includes('badReport')) continue;
    assert.ok(kinds.includes('badReportSignatures'), name);
    if (!name.startsWith('generatedAt')) assert.ok(kinds.length > 1, `${name}: only its signatures say it`);
  }
  assert.ok(tried > 200, `${tried}`);
  assert.deepEqual(await found(` ${event.report}`), ['badReport']);
});

test('what two people sign and is not what the register says is found; twin: without computing again it is not', async () => {
  const forger = await writeRegister(people);
  const year = 2023;
  const text = forger.reportText(year);
  assert.ok(text.includes('"targets":{"definition":"targets","denominator":null,"numerator":4,'));
  await forger.putReport(
    year,
    text.replace('"denominator":null,"numerator":4,', '"denominator":null,"numerator":2,'),
    2,
  );
  const { entries } = forger.stored();
  const { findings } = await verifyRegister({
    entries: [entries],
    reported: entries.filter(({ kind }) => kind === 'REPORTED'),
    trust: [people.officer.member.fingerprint, people.lawyer.member.fingerprint],
  });
  assert.ok(findings.length > 0);
  for (const { what } of findings) assert.equal(what, 'otherFigure');
});

test('a report whose cut-off was not announced, an erratum out of order, or a wrong year is found', async () => {
  const { entries } = register.stored();
  const trust = [people.officer.member.fingerprint, people.lawyer.member.fingerprint];
  const { findings } = await verifyRegister({ entries: [entries], reported: [], trust });
  assert.deepEqual(findings, [
    { place: 'report 2023/0', what: 'otherCutOff' },
    { place: 'report 2023/1', what: 'otherCutOff' },
  ]);
  for (const [year, erratum] of [
    [2023, 0],
    [2022, 1],
  ] as const) {
    // prettier-ignore
    const other = await writeRegister(people);
    await other.putReport(year, other.reportText(2023), erratum);
    const rows = other.stored().entries;
    const reported = rows.filter(({ kind }) => kind === 'REPORTED');
    const found = await verifyRegister({ entries: [rows], reported, trust });
    assert.deepEqual(found.findings, [{ place: 'report 2023/2', what: 'otherErratum' }]);
  }
});

test('a report is signed by two people, one officer and one lawyer, over exactly its bytes', async () => {
  const { officer, lawyer, clerk } = people;
  const text = register.reportText(2023);
  const why = async (signatures: readonly string[], of = text) => {
    const checked = await checkReportSignatures(of, signatures, register.policy);
    return checked.ok ? checked.value.map(({ role }) => role) : checked.error.why;
  };
  const [byOfficer, byLawyer, byClerk] = await Promise.all([officer, lawyer, clerk].map((who) => signAs(who, text)));
  const stranger = await signAs(await makePerson('Ein Fremder', 'LAWYER'), text);
  const [one, two, three] = [byOfficer ?? '', byLawyer ?? '', byClerk ?? ''];
  assert.deepEqual(await why([one, two]), ['OFFICER', 'LAWYER']);
  assert.equal(await why([]), 'roleMissing');
  assert.equal(await why([one]), 'roleMissing');
  assert.equal(await why([one, one]), 'samePersonTwice');
  assert.equal(await why([one, three]), 'notASigner');
  assert.equal(await why([one, two, stranger]), 'notASigner');
  assert.equal(await why([one, 'no armor']), 'unreadable');
  assert.equal(await why([one, await signAs(lawyer, `${text} `)]), 'doesNotHold');
  assert.equal(await why([one, two], text.replace('"value":', '"value": ')), 'notAReport');
  assert.equal(await why(Array.from({ length: 33 }, () => one)), 'tooMany');
});
