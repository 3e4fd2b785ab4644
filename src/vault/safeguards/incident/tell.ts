// A receipt and one sealed notice to each affected mailbox for each phase, exactly once across kills: ids follow from the incident, the journal says which are kept.

import { createHash } from 'node:crypto';
import { requireValue } from '#base/assert.ts';
import { idFromBytes, idToBytes, ID_BYTES, type AccountId, type InstanceId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Incident, Phase } from './incident-state.ts';
import type { IncidentNeighbours, ReceiptKind } from './neighbours.ts';
import { noticeText, type NoticeHouse } from './notice-text.ts';
import { progressOf } from './progress.ts';

export interface TellParts extends NoticeHouse {
  readonly instanceId: InstanceId;
  readonly neighbours: Pick<IncidentNeighbours, 'keptSince' | 'send' | 'receipt'>;
  /** Called between any two steps; tests end the program there. */
  readonly step: (name: string) => Promise<void>;
}

/** Nobody but this house can name it, and each run of the program names the same. */
export function noticeId(instanceId: InstanceId, incident: number, phase: Phase, accountId: AccountId): LetterId {
  const digest = createHash('sha256')
    .update(`siegel/incident/notice/v1\0${incident}\0${phase}\0`)
    .update(idToBytes(instanceId))
    .update(idToBytes(accountId))
    .digest();
  return idFromBytes<LetterId>(digest.subarray(0, ID_BYTES));
}

/** Whose mailbox has the notice of this phase, and in which record, as the journal says. */
export async function findNoticed(
  { neighbours, instanceId }: TellParts,
  { number, sinceSeq, affected }: Incident,
  phase: Phase,
): Promise<ReadonlyMap<AccountId, number>> {
  const owners = new Map(
    affected.map(({ accountId }) => [noticeId(instanceId, number, phase, accountId), accountId] as const),
  );
  const { letters } = await neighbours.keptSince(sinceSeq, new Set(owners.keys()));
  return new Map(
    [...letters].flatMap(([letterId, seq]) => {
      const accountId = owners.get(letterId);
      return accountId === undefined ? [] : [[accountId, seq] as const];
    }),
  );
}

export interface Telling {
  readonly incident: Incident;
  readonly phase: Phase;
  readonly sinceSeq: number;
  readonly nowMs: number;
}

/** Undefined: something could not be told now, and is tried again. Else how many mailboxes have their notice. */
export async function tellPhase(parts: TellParts, telling: Telling): Promise<number | undefined> {
  const { neighbours, instanceId, step } = parts;
  const { incident, phase } = telling;
  const kind: ReceiptKind = `incident-${phase}`;
  const ids = incident.affected.map(({ accountId }) => noticeId(instanceId, incident.number, phase, accountId));
  const kept = await neighbours.keptSince(telling.sinceSeq, new Set(ids));
  if (!kept.receipts.has(`${kind} ${incident.number}`)) {
    if (!(await neighbours.receipt(kind, receiptFacts(incident, phase)))) return undefined;
    await step('receipt');
  }
  let [reached, isWaiting] = [0, false];
  for (const [index, affected] of incident.affected.entries()) {
    const letterId = requireValue(ids[index], 'an id for each');
    if (kept.letters.has(letterId)) {
      reached += 1;
      continue;
    }
    const { accountId } = affected;
    const outcome = await neighbours.send({
      accountId,
      letterId,
      notice: noticeText(parts, incident, phase, affected),
    });
    if (outcome === 'kept') reached += 1;
    if (outcome === 'later') isWaiting = true;
    await step('notice');
  }
  // once it is over, nobody waits for its end because another mailbox is full
  const begunMs = phase === 'opened' && incident.closedMs !== null ? 0 : (incident.closedMs ?? incident.openedMs);
  return isWaiting && telling.nowMs - begunMs < limits.incidentWatch.tellMs ? undefined : reached;
}

/** Flat, and without a name: a receipt of the house is read by anybody it is shown to. */
function receiptFacts(incident: Incident, phase: Phase): Readonly<Record<string, string | number>> {
  const { number, title, affected, end, isCounted } = incident;
  const { expected, found } = phase === 'closed' && end !== null ? end : progressOf(affected, 0);
  return { incident: number, title, mailboxes: affected.length, ...(isCounted ? { expected, found } : {}) };
}
