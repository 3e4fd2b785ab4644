// What the operator’s incident commands do in the running program: plan, open, update, close, list, show, draft.

import type { AccountId } from '#base/ids.ts';
import { ok, type Result } from '#base/result.ts';
import { findPrimaryAddress } from '#vault/database/accounts-read.ts';
import type { Incident } from '#vault/safeguards/incident/incident-state.ts';
import type { Incidents, NewIncident } from '#vault/safeguards/incident/incidents.ts';
import { timelineOf } from '#vault/safeguards/incident/public-view.ts';
import type { OperatorHandlers, OperatorRefusal, ParamsOf, ResultOf } from '../operator-methods.ts';
import type { HouseIncidents } from './open-incidents.ts';
import type { Vault } from './open-vault.ts';
import { readAddress, refuse } from './operator-change.ts';

type IncidentMethod = Extract<keyof OperatorHandlers, `incident.${string}`>;
type Planned = Result<ResultOf<'incident.open'>, OperatorRefusal>;
type Shown = ResultOf<'incident.show'>;

export interface IncidentHandlerParts {
  readonly house: HouseIncidents;
  readonly vault: Vault;
  readonly domain: string;
}

export function createIncidentHandlers(parts: IncidentHandlerParts): Pick<OperatorHandlers, IncidentMethod> {
  const { house } = parts;
  const { incidents } = house;
  return {
    'incident.open': (params) => open(parts, params),
    'incident.update': async ({ number, text, apply }) => {
      const planned = incidents.planUpdate(number, text);
      if (!planned.ok) return planned;
      const plan = `On /status everybody reads: ${planned.value.entries.at(-1)?.text ?? ''}.`;
      if (!apply) return ok({ plan, isApplied: false, incident: null });
      return await done(parts, plan, await incidents.update(number, text));
    },
    'incident.close': async ({ number, text, isLost, apply }) => {
      const planned = await incidents.planClose(number, text, isLost);
      if (!planned.ok) return planned;
      const plan = closePlan(planned.value);
      if (!apply) return ok({ plan, isApplied: false, incident: null });
      return await done(parts, plan, await incidents.close(number, text, isLost));
    },
    'incident.list': async () => {
      const shown: Shown[] = [];
      for (const incident of incidents.all) shown.push(await show(parts, incident));
      return ok({ incidents: shown });
    },
    'incident.show': async ({ number }) => {
      const found = incidents.find(number);
      if (!found.ok) return found;
      await incidents.recount();
      return ok(await show(parts, found.value));
    },
    'incident.draft': async ({ number }) => {
      const found = incidents.find(number);
      return found.ok ? ok({ markdown: await house.draft(found.value) }) : found;
    },
  };
}

async function open(parts: IncidentHandlerParts, params: ParamsOf<'incident.open'>): Promise<Planned> {
  const { incidents } = parts.house;
  const { title, fromLedger, accounts, apply } = params;
  const named: AccountId[] = [];
  for (const text of accounts) {
    const owner = ownerOf(parts, text);
    if (!owner.ok) return owner;
    named.push(owner.value);
  }
  const wanted: NewIncident = { title, fromLedger, named };
  const planned = await incidents.plan(wanted);
  if (!planned.ok) return planned;
  const { affected } = planned.value;
  const missing = affected.reduce((sum, { expected, found }) => sum + expected - found, 0);
  const expected = affected.reduce((sum, one) => sum + one.expected, 0);
  const counted = fromLedger ? ` ${missing} of ${expected} letters are not shown.` : '';
  const plan = `${boxes(affected.length)} affected.${counted} Each gets one sealed notice, and on /status everybody reads: ${planned.value.title}.`;
  if (!apply) return ok({ plan, isApplied: false, incident: null });
  return await done(parts, plan, await incidents.open(wanted));
}

/** From the directory snapshot: an incident may be that the database does not answer. */
function ownerOf({ vault, domain }: IncidentHandlerParts, text: string): Result<AccountId, OperatorRefusal> {
  const address = readAddress(text, domain);
  if (!address.ok) return address;
  const account = vault.directory.findByAddress(address.value);
  return account === undefined
    ? refuse('no-such-address', `Nobody here has the address ${address.value}. Nothing was noted and nobody was told.`)
    : ok(account.accountId);
}

/** Notices go out before the command ends where they can; what cannot go now is tried again. */
async function done(
  parts: IncidentHandlerParts,
  plan: string,
  noted: Awaited<ReturnType<Incidents['open']>>,
): Promise<Planned> {
  if (!noted.ok) return noted;
  const { incidents } = parts.house;
  await incidents.tell();
  const now = incidents.find(noted.value.number);
  return ok({ plan, isApplied: true, incident: await show(parts, now.ok ? now.value : noted.value) });
}

function closePlan({ affected, end, title }: Incident): string {
  const lost = end === null ? 0 : Math.max(0, end.expected - end.found);
  const counted =
    end === null
      ? ''
      : lost === 0
        ? ` All ${end.expected} letters are there.`
        : ` ${lost} of ${end.expected} letters are said to be lost.`;
  return `${title}: over.${counted} ${boxes(affected.length)} told so, each by one sealed notice, and /status says it.`;
}

function boxes(n: number): string {
  return n === 1 ? '1 mailbox is' : `${n} mailboxes are`;
}

async function show({ house, vault }: IncidentHandlerParts, incident: Incident): Promise<Shown> {
  const { number, title, openedMs, closedMs, told } = incident;
  const affected: Shown['affected'] = [];
  for (const { accountId, expected, found, mailboxes } of incident.affected) {
    const address = await findPrimaryAddress(vault.database.reader, accountId).catch(() => undefined);
    affected.push({ account: accountId, ...(address !== undefined && { address }), expected, found, mailboxes });
  }
  const progress = house.incidents.progress(incident) ?? null;
  const timeline = house.shown().find((one) => one.number === number)?.timeline ?? timelineOf(incident, [], 0);
  return { number, title, openedMs, closedMs, progress, told, affected, timeline: [...timeline] };
}
