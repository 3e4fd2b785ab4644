// What the commands of the desk do in the running program.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Desk, DeskRefusal, PastFiling } from '#office/desk/book/desk.ts';
import type { Noted } from '#office/desk/book/desk-book.ts';
import { describeDeskRefusal, nameOfRefusal } from '#office/desk/book/desk-refusals.ts';
import type { Fulfilment } from '#office/desk/fulfil/fulfilment.ts';
import { parseNewFiling } from '#office/desk/book/new-filing.ts';
import { draftLetter } from '#office/desk/letters/draft-letter.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { findDeskFile, readDeskFilings, readEntriesOf } from '#vault/database/read-desk.ts';
import type { OperatorHandlers, OperatorRefusal, ParamsOf, ResultOf } from '../operator-methods.ts';
import type { HouseDesk } from './open-desk.ts';
import { createFulfilHandlers } from './fulfil-handlers.ts';
import { refuse } from './operator-change.ts';
import { deadlinesOf } from '#office/desk/clocks/deadlines.ts';
import type { FilingRow } from '#office/desk/register/fold.ts';
import { parseFilingRow } from '#office/desk/book/parse-entry.ts';
import { countDue, firstDue } from './desk-clocks.ts';
import { createArrivalHandlers, parseArrivalId } from './arrival-handlers.ts';
import { createReportHandlers } from './report-handlers.ts';

type DeskMethod = Extract<keyof OperatorHandlers, `desk.${string}` | `request.${string}` | `report.${string}`>;
/** With what collects and hands over. */
export type WholeDesk = Pick<HouseDesk, 'desk' | 'reports'> & { readonly fulfilment: Fulfilment };
type Changed = Result<ResultOf<'request.file'>, OperatorRefusal>;

export function createDeskHandlers({ desk, reports, fulfilment }: WholeDesk): Pick<OperatorHandlers, DeskMethod> {
  return {
    ...createFulfilHandlers(fulfilment),
    ...createReportHandlers(desk, reports),
    'desk.show': () => show(desk),
    'desk.policy': async ({ text, signatures }) => {
      const put = await desk.putPolicy(text, signatures);
      if (!put.ok) return refused(put.error);
      const standing = await desk.inForce();
      if (!standing.ok) return refused(standing.error);
      const { policy } = standing.value;
      return ok({ dated: policy.dated, sha256: policyDigest(policy), head: put.value.heads.at(-1) ?? '' });
    },
    'request.file': async ({ given, by, caseFile, arrival }) => {
      const parsed = parseNewFiling(given);
      if (!parsed.ok) return refused(parsed.error);
      const bytes = caseFile === null ? undefined : Buffer.from(caseFile, 'base64url');
      const taken = arrival === null ? ok(undefined) : parseArrivalId(arrival);
      return taken.ok ? changed(await desk.file(parsed.value, by, bytes, taken.value), 'FILED') : taken;
    },
    ...createArrivalHandlers(desk),
    'request.import': ({ filings }) => importPast(desk, filings),
    'request.list': (choice) => list(desk, choice),
    'request.show': ({ filing }) => showFiling(desk, filing),
    'request.file-of': async ({ file }) => {
      const sealed = await findDeskFile((await desk.register()).read.db, file);
      if (sealed === undefined) return refuse('no-such-file', 'There is no such case file.');
      return ok({ sealed: Buffer.from(sealed).toString('base64url') });
    },
    'request.put-file': async ({ filing, caseFile }) =>
      changed(await desk.putCaseFile(filing, Buffer.from(caseFile, 'base64url'))),
    'request.statement': async ({ filing, by, verdict, reasons, items }) => {
      const made = await desk.statement(filing, by, { verdict, reasons, items });
      return made.ok ? ok({ statement: made.value }) : refused(made.error);
    },
    'request.review': async ({ statement, signature }) => changed(await desk.review(statement, signature)),
    'request.draft': (wish) => draft(desk, wish),
    'request.answer': async ({ filing, by, ...letter }) => changed(await desk.answer(filing, by, letter)),
    'request.close': async ({ filing }) => {
      const closed = changed(await desk.close(filing));
      if (closed.ok) await fulfilment.tidy();
      return closed;
    },
  };
}

async function show(desk: Desk): Promise<Result<ResultOf<'desk.show'>, OperatorRefusal>> {
  const register = await desk.register();
  const { entries, head, nowMs } = register;
  const standing = await desk.inForce(register);
  if (!standing.ok && standing.error.kind === 'policyChain' && standing.error.why === 'noPolicy')
    return ok({ policy: null, entries, head, nowMs, overdue: 0, soon: 0 });
  if (!standing.ok) return refused(standing.error);
  const { policy } = standing.value;
  const roster = policy.roster.map(({ name, role, fingerprint, certificate }) => ({
    name,
    role,
    fingerprint,
    certificate,
  }));
  const norms = policy.norms.map(({ id, cite }) => `${id}: ${cite}`);
  return ok({
    policy: {
      title: policy.title.en,
      country: policy.country,
      dated: policy.dated,
      sha256: policyDigest(policy),
      roster,
      norms,
    },
    entries,
    head,
    nowMs,
    ...(await countDue(register, policy)),
  });
}

async function list(
  desk: Desk,
  { year, state }: { readonly year: number | null; readonly state: string | null },
): Promise<Result<ResultOf<'request.list'>, OperatorRefusal>> {
  const register = await desk.register();
  const { read, nowMs } = register;
  const standing = await desk.inForce(register);
  const policy = standing.ok ? standing.value.policy : undefined;
  const choice = { ...(year !== null && { year }), ...(state !== null && { state }) };
  const filings: ResultOf<'request.list'>['filings'] = [];
  for await (const page of readDeskFilings(read.db, choice)) {
    for (const { contents } of page) {
      if (filings.length === limits.deskFiling.listMax) return ok({ filings, more: true });
      const row = parseFilingRow(contents);
      filings.push({ ...summaryOf(row), ...firstDue(row, policy, nowMs) });
    }
  }
  return ok({ filings, more: false });
}

async function importPast(
  desk: Desk,
  filings: ParamsOf<'request.import'>['filings'],
): Promise<Result<ResultOf<'request.import'>, OperatorRefusal>> {
  const list: PastFiling[] = [];
  for (const { given, past, correctsNth } of filings) {
    const parsed = parseNewFiling(given);
    if (!parsed.ok) return refused(parsed.error);
    list.push({ given: parsed.value, past, correctsNth });
  }
  const noted = await desk.importPast(list);
  if (!noted.ok) return refused(noted.error);
  const numbers = [...noted.value.rows.keys()];
  const [first = '', last = first] = [numbers[0], numbers.at(-1)];
  return ok({ filings: numbers.length, first, last, head: noted.value.heads.at(-1) ?? '' });
}

async function draft(
  desk: Desk,
  { filing, letterKind, language, reasons }: ParamsOf<'request.draft'>,
): Promise<Result<ResultOf<'request.draft'>, OperatorRefusal>> {
  const register = await desk.register();
  const standing = await desk.inForce(register);
  if (!standing.ok) return refused(standing.error);
  const { policy } = standing.value;
  const row = await desk.find(filing, register);
  if (row === undefined) return refused({ kind: 'noSuchFiling', filing });
  const named = reasons.length > 0 ? reasons : row.reasons;
  if (named.length === 0)
    return refuse(
      'no-reasons',
      `${filing} is not rejected, so the letter has no reason yet: name some with --reasons.`,
    );
  const today = dayOf(policy.zone, register.nowMs);
  return ok(draftLetter({ policy, row, letterKind, language, reasons: named, today }));
}

function summaryOf(row: FilingRow) {
  const { filing, receivedOn: received, state, channel, outcome } = row;
  return { filing, received, state, channel, kinds: [...new Set(row.items.map(({ kind }) => kind))], outcome };
}

async function showFiling(desk: Desk, filing: string): Promise<Result<ResultOf<'request.show'>, OperatorRefusal>> {
  const register = await desk.register();
  const entries = await readEntriesOf(register.read.db, filing);
  const row = await desk.find(filing, register);
  if (row === undefined) return refused({ kind: 'noSuchFiling', filing });
  const standing = await desk.inForce(register);
  const deadlines = standing.ok ? deadlinesOf(row, standing.value.policy, register.nowMs) : [];
  return ok({
    row: canonicalJson(row),
    deadlines: [...deadlines],
    events: entries.map(({ nth, atMs, kind }) => ({ nth, atMs, kind })),
  });
}

/** `of`: the filing that the event began; else the first that changed. */
function changed(noted: Result<Noted, DeskRefusal>, of?: 'FILED'): Changed {
  if (!noted.ok) return refused(noted.error);
  const { entries, heads, rows } = noted.value;
  const begun = entries.find(({ event }) => event.kind === of)?.event;
  const row = begun?.kind === 'FILED' ? rows.get(begun.filing.filing) : [...rows.values()][0];
  if (row === undefined) throw new Error('a decision about a filing changes one');
  const { filing, state, outcome } = row;
  return ok({ filing, state, outcome, events: entries.map(({ event }) => event.kind), head: heads.at(-1) ?? '' });
}

function refused(refusal: DeskRefusal): { readonly ok: false; readonly error: OperatorRefusal } {
  return err({
    kind: nameOfRefusal(refusal),
    sentence: describeDeskRefusal(refusal),
  });
}
