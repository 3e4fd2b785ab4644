// /desk…: the register for its people in the page. Who they are the policy says: the key of their account stands in its roster.

import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { deskCalls } from '#formats/auth-wire/desk-calls.ts';
import { arrivalField, digestField } from '#formats/desk/fields.ts';
import { states } from '#formats/desk/model.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { RosterMember } from '#formats/desk/policy-shape.ts';
import { findDeskFile, readDeskFilings, readEntriesOf } from '#vault/database/read-desk.ts';
import type { Role } from '#vault/journal/commands.ts';
import type { Noted, Register } from '../desk/book/desk-book.ts';
import type { Desk, DeskRefusal, InForce } from '../desk/book/desk.ts';
import { describeDeskRefusal, nameOfRefusal } from '../desk/book/desk-refusals.ts';
import { parseNewFiling } from '../desk/book/new-filing.ts';
import { draftLetter } from '../desk/letters/draft-letter.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { parseFilingRow } from '../desk/book/parse-entry.ts';
import { filingOfRow, listedOf, type Standing } from './desk-view.ts';
import { problem } from './problem.ts';

export interface OwnKey {
  readonly fingerprint: string;
  /** Armored. */
  readonly certificate: string;
}

export interface DeskNeighbours {
  readonly desk: Desk;
  readonly authenticate: (request: Request) => Promise<{ readonly role: Role; readonly address: string } | undefined>;
  /** The newest published key of the account with this address. */
  readonly keyOf: (address: string) => Promise<OwnKey | undefined>;
}

const ROLES: ReadonlySet<Role> = new Set(['clerk', 'officer', 'lawyer']);
const JSON_BYTES = Math.ceil((limits.deskFiling.caseFileBytes * 4) / 3) + 64 * 1024;

interface Vars {
  Variables: { own: OwnKey };
}
type At = Context<Vars>;

/** Mounted at /. */
export function createDeskRoutes({ desk, authenticate, keyOf }: DeskNeighbours): Hono {
  const app = new Hono<Vars>();
  const enter = async (context: At, next: () => Promise<void>): Promise<Response | undefined> => {
    context.header('cache-control', 'no-store');
    const caller = await authenticate(context.req.raw);
    if (caller === undefined) return problem('signedOut');
    if (!ROLES.has(caller.role)) return problem('notOfTheDesk');
    const own = await keyOf(caller.address);
    if (own === undefined) return problem('notOfTheDesk');
    context.set('own', own);
    await next();
    return undefined;
  };
  app.use('/desk', enter);
  app.use('/desk/*', enter);
  app.use('/desk/*', bodyLimit({ maxSize: JSON_BYTES, onError: () => problem('bodyTooLarge') }));
  app.get('/desk', async (context) => look(desk, context));
  app.get('/desk/policies', async (context) => {
    const register = await desk.register();
    const links = (await register.ofKind('POLICY_PUT')).flatMap(({ event }) =>
      event.kind === 'POLICY_PUT' ? [{ text: event.text, signatures: [...event.signatures] }] : [],
    );
    return context.json({ links });
  });
  addReads(app, desk);
  addChanges(app, desk);
  return new Hono().route('/', app);
}

async function look(desk: Desk, context: At): Promise<Response> {
  const register = await desk.register();
  const standing = await desk.inForce(register);
  const isNone = !standing.ok && standing.error.kind === 'policyChain' && standing.error.why === 'noPolicy';
  if (!standing.ok && !isNone) return refused(context, standing.error);
  const own = context.get('own');
  const { entries, head, nowMs } = register;
  const answer: DeskLook = { nowMs, me: null, own, policy: null, entries, head };
  if (!standing.ok) return context.json(answer);
  const { policy } = standing.value;
  const { title, country, dated, norms } = policy;
  return context.json({
    ...answer,
    me: shownMember(memberOf(standing.value, own)),
    policy: {
      title,
      country,
      dated,
      sha256: policyDigest(policy),
      roster: policy.roster.map((one) => shownMember(one)),
      norms: norms.map(({ id, cite }) => ({ id, cite })),
    },
  });
}

function addReads(app: Hono<Vars>, desk: Desk): void {
  app.get('/desk/filings', (context) =>
    asMember(desk, context, async (standing, register) => {
      const { year, state } = context.req.query();
      const wanted = state === undefined ? undefined : states.find((one) => one === state);
      if ((state !== undefined && wanted === undefined) || (year !== undefined && !/^\d{4}$/.test(year)))
        return problem('badRequest');
      const choice = {
        ...(year !== undefined && { year: Number(year) }),
        ...(wanted !== undefined && { state: wanted }),
      };
      const filings = [];
      for await (const page of readDeskFilings(register.read.db, choice))
        for (const row of page) {
          if (filings.length === limits.deskFiling.listMax) return context.json({ filings, more: true });
          filings.push(listedOf(parseFilingRow(row.contents), standing));
        }
      return context.json({ filings, more: false });
    }),
  );
  app.get('/desk/filings/:filing', (context) =>
    asMember(desk, context, async (standing, register) => {
      const filing = context.req.param('filing');
      const row = await desk.find(filing, register);
      if (row === undefined) return problem('notFound');
      return context.json(filingOfRow(row, await readEntriesOf(register.read.db, filing), standing));
    }),
  );
  app.get('/desk/arrivals', (context) =>
    asMember(desk, context, async (_, register) => {
      const waiting = (await register.arrivals()).filter(({ state }) => state === 'WAITING');
      return context.json({
        arrivals: waiting.map(({ arrival, receivedMs, channel, file, bytes, isAnswered }) => ({
          arrival,
          receivedMs,
          channel,
          file,
          bytes,
          isAnswered,
        })),
      });
    }),
  );
  app.get('/desk/files/:file', (context) =>
    asMember(desk, context, async (_, register) => {
      const file = context.req.param('file');
      const sealed = v.is(digestField, file) ? await findDeskFile(register.read.db, file) : undefined;
      if (sealed === undefined) return problem('notFound');
      return context.json({ sealed: Buffer.from(sealed).toString('base64url') });
    }),
  );
}

function addChanges(app: Hono<Vars>, desk: Desk): void {
  app.post('/desk/filings', (context) =>
    changing(desk, context, deskCalls.file, async ({ given, caseFile, arrival }, me) => {
      const parsed = parseNewFiling(given);
      if (!parsed.ok) return refused(context, parsed.error);
      const bytes = caseFile === null ? undefined : Buffer.from(caseFile, 'base64url');
      return changed(context, await desk.file(parsed.value, me.fingerprint, bytes, arrival));
    }),
  );
  app.post('/desk/arrivals/:arrival/dismiss', (context) =>
    changing(desk, context, deskCalls.dismiss, async ({ why }, me) => {
      const arrival = v.safeParse(arrivalField, context.req.param('arrival'));
      if (!arrival.success) return problem('notFound');
      const noted = await desk.dismiss(arrival.output, why, me.fingerprint);
      return noted.ok ? context.json({ arrival: arrival.output }) : refused(context, noted.error);
    }),
  );
  app.post('/desk/filings/:filing/statement', (context) =>
    changing(desk, context, deskCalls.statement, async (said, me) => {
      const made = await desk.statement(context.req.param('filing'), me.fingerprint, said);
      return made.ok ? context.json({ statement: made.value }) : refused(context, made.error);
    }),
  );
  app.post('/desk/filings/:filing/review', (context) =>
    changing(desk, context, deskCalls.review, async ({ statement, signature }) =>
      changed(context, await desk.review(statement, signature)),
    ),
  );
  app.post('/desk/filings/:filing/file', (context) =>
    changing(desk, context, deskCalls.addFile, async ({ caseFile }) =>
      changed(context, await desk.putCaseFile(context.req.param('filing'), Buffer.from(caseFile, 'base64url'))),
    ),
  );
  app.post('/desk/filings/:filing/draft', (context) =>
    changing(desk, context, deskCalls.draft, (wish) => draft(desk, context, wish)),
  );
  app.post('/desk/filings/:filing/answer', (context) =>
    changing(desk, context, deskCalls.answer, async (letter, me) =>
      changed(context, await desk.answer(context.req.param('filing'), me.fingerprint, letter)),
    ),
  );
  app.post('/desk/filings/:filing/close', (context) =>
    changing(desk, context, deskCalls.close, async () =>
      changed(context, await desk.close(context.req.param('filing'))),
    ),
  );
}

async function draft(
  desk: Desk,
  context: At,
  { letterKind, language, reasons }: v.InferOutput<typeof deskCalls.draft>,
): Promise<Response> {
  const register = await desk.register();
  const standing = await desk.inForce(register);
  if (!standing.ok) return refused(context, standing.error);
  const { policy } = standing.value;
  const row = await desk.find(context.req.param('filing') ?? '', register);
  if (row === undefined) return problem('notFound');
  const named = reasons.length > 0 ? reasons : row.reasons;
  if (named.length === 0)
    return context.json({ kind: 'no-reasons', sentence: 'Choose at least one reason for the letter.' }, 409);
  const today = dayOf(policy.zone, register.nowMs);
  return context.json(draftLetter({ policy, row, letterKind, language, reasons: named, today }));
}

/** Whoever is not in the roster of the policy in force sees nothing of the register. */
async function asMember(
  desk: Desk,
  context: At,
  answer: (standing: Standing, register: Register) => Promise<Response>,
): Promise<Response> {
  const register = await desk.register();
  const inForce = await desk.inForce(register);
  if (!inForce.ok) return refused(context, inForce.error);
  const me = memberOf(inForce.value, context.get('own'));
  return me === undefined ? problem('notOfTheDesk') : answer({ me, inForce: inForce.value, register }, register);
}

async function changing<S extends v.GenericSchema>(
  desk: Desk,
  context: At,
  shape: S,
  change: (body: v.InferOutput<S>, me: RosterMember) => Promise<Response>,
): Promise<Response> {
  return asMember(desk, context, async ({ me }) => {
    const body = v.safeParse(shape, await context.req.json().catch(() => undefined));
    return body.success ? change(body.output, me) : problem('badRequest');
  });
}

function memberOf({ policy }: InForce, own: OwnKey): RosterMember | undefined {
  return policy.roster.find(({ fingerprint }) => fingerprint === own.fingerprint);
}

function shownMember<M extends RosterMember | undefined>(
  member: M,
): Pick<RosterMember, 'name' | 'role' | 'fingerprint'> | null {
  return member === undefined ? null : { name: member.name, role: member.role, fingerprint: member.fingerprint };
}

function changed(context: At, noted: Result<Noted, DeskRefusal>): Response {
  if (!noted.ok) return refused(context, noted.error);
  // what was filed now is the newest; a correction changes the corrected one first
  const row = [...noted.value.rows.values()].toSorted((one, other) => (one.filing < other.filing ? 1 : -1))[0];
  if (row === undefined) throw new Error('a decision about a filing changes one');
  return context.json({ filing: row.filing, state: row.state, outcome: row.outcome });
}

function refused(context: At, refusal: DeskRefusal): Response {
  return context.json({ kind: nameOfRefusal(refusal), sentence: describeDeskRefusal(refusal) }, 409);
}
