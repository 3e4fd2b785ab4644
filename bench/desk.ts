// The desk: how long the report of a year takes over 100,000 filings, and the verification of their whole register with that report in it.

import type { DeskEntryRow, DeskFilingRow } from '#vault/database/read-desk.ts';
import { merkleRootOf } from '#office/desk/report/merkle-root.ts';
import { factsOf, reportOf, reportText } from '#office/desk/report/report.ts';
import { makePeople, TestRegister } from '#office/desk/report/test-register.ts';
import { rowOf } from '#office/desk/report/test-rows.ts';
import { verifyRegister } from '#office/desk/report/verify-register.ts';
import { leafOf, sha256 } from '#office/desk/register/chain.ts';
import type { FilingRow } from '#office/desk/register/fold.ts';
import { channels, kinds, outcomes, type Filing } from '#formats/desk/model.ts';
import { round, spreadOf } from './figures.ts';

const ROUNDS = 7;
const SIGNED = 100;
const PAGE = 10_000;
const HOUR_MS = 3_600_000;

/** `--quick`: a tenth of the filings, fewer rounds. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const isQuick = flags.includes('--quick');
  const filings = isQuick ? 10_000 : 100_000;
  const rounds = isQuick ? 3 : ROUNDS;
  const people = await makePeople();
  const register = new TestRegister(people);
  await register.putPolicy();
  const rows = Array.from({ length: filings }, (_, nth) => pastRow(nth));
  const wish = { year: 2023, policy: factsOf(register.policy), register: cutOffOf(register), generatedMs: 0 };
  const reportMs = timesOf(rounds, () => reportText(reportOf({ ...wish, rows })));

  for (const row of rows) {
    const { outcome, reasons, decidedMs } = row;
    register.add({ kind: 'IMPORTED', filing: filingOf(row), past: { outcome, reasons, decidedMs } });
  }
  await register.putReport(2023, register.reportText(2023), 0);
  const stored = register.stored();
  const trust = [people.officer, people.lawyer].map(({ member }) => member.fingerprint);
  const verify = async (): Promise<void> => {
    const { findings } = await verifyRegister({
      entries: pagesOf<DeskEntryRow>(stored.entries),
      reported: stored.entries.filter(({ kind }) => kind === 'REPORTED'),
      trust,
      rows: pagesOf<DeskFilingRow>(stored.rows),
    });
    if (findings.length > 0) throw new Error(JSON.stringify(findings.slice(0, 3)));
  };
  const verifyMs: number[] = [];
  for (let nth = 0; nth < Math.ceil(rounds / 2); nth++) {
    const start = performance.now();
    await verify();
    verifyMs.push(performance.now() - start);
  }
  return {
    filings,
    entries: stored.entries.length,
    [`reportMs${filings}`]: spreadOf(reportMs).medianMs,
    [`verifyMs${filings}`]: spreadOf(verifyMs).medianMs,
    msPerSignedFiling: await signedFilingMs(),
    spread: { reportMs: spreadOf(reportMs), verifyMs: spreadOf(verifyMs) },
  };
}

/** One filing with two verdicts, each with its signature: what a register of this house costs beyond the chain. */
async function signedFilingMs(): Promise<number> {
  const people = await makePeople();
  const register = new TestRegister(people);
  await register.putPolicy();
  for (let nth = 0; nth < SIGNED; nth++) await register.bothSay(register.file(), 'REJECT', ['INADMISSIBLE_CHANNEL']);
  const { entries } = register.stored();
  const trust = [people.officer, people.lawyer].map(({ member }) => member.fingerprint);
  const start = performance.now();
  const { findings } = await verifyRegister({ entries: [entries], reported: [], trust });
  if (findings.length > 0) throw new Error(JSON.stringify(findings.slice(0, 3)));
  return round((performance.now() - start) / SIGNED);
}

function pastRow(nth: number): FilingRow {
  const at = (list: readonly string[]): number => (nth * 7 + Math.floor(nth / 13)) % list.length;
  return rowOf(
    {
      year: 2022 + (nth % 2),
      day: nth % 365,
      channel: channels[at(channels)] ?? 'ESB',
      outcome: outcomes[at(outcomes)] ?? 'REJECTED',
      items: [{ kind: kinds[at(kinds)] ?? 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
      spanMs: ((nth * 37) % 2_000) * HOUR_MS,
    },
    Math.floor(nth / 2),
  );
}

function filingOf(row: FilingRow): Filing {
  const { filing, corrects, receivedMs, receivedOn, authority, origin } = row;
  const { channel, instrument, urgency, items, targets } = row;
  return {
    filing,
    corrects,
    receivedMs,
    receivedOn,
    authority,
    origin,
    channel,
    instrument,
    urgency,
    items: items.map((item) => ({ ...item, target: sha256(Buffer.from(filing)) })),
    targets,
  };
}

function cutOffOf({ entries, head }: TestRegister) {
  return { entries: entries.length, head, root: merkleRootOf(entries.map(leafOf)) };
}

function timesOf(rounds: number, work: () => unknown): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function* pagesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += PAGE) yield all.slice(at, at + PAGE);
}
