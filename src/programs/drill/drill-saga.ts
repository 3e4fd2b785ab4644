// The saga of changes on a scratch house: the program's own, driven as the operator's commands drive it, with two people who sign.

import { silentLog } from '#base/log/log.ts';
import type { Result } from '#base/result.ts';
import type { SubmitOutcome } from '#post/reception/reception.ts';
import { resume } from '#vault/safeguards/change/apply-change.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import type { ChangeView } from '../methods/change-methods.ts';
import type { OperatorRefusal, ParamsOf } from '../operator-methods.ts';
import { createChangeHandlers } from '../server/change-handlers.ts';
import { openSafeguards, type SafeguardParts } from '../server/open-safeguards.ts';
import type { Vault } from '../server/open-vault.ts';
import { houseBackups } from './drill-backups.ts';
import type { DrillHouse } from './drill-house.ts';
import { makeDrillOperator, type DrillOperator } from './drill-operators.ts';
import { NotStopped, requireStopped } from './replay.ts';

export interface SagaOrder {
  readonly placeDir: string;
  /** Between any two steps of a change. */
  readonly step?: (name: string) => Promise<void>;
  readonly twin?: ChangeParts['twin'];
  /** What the tool is pointed at; default: the house itself. */
  readonly vault?: Vault;
}

type Wanted = ParamsOf<'change.plan'>;

const quietly = (): void => undefined;

export interface Saga extends AsyncDisposable {
  /** Planned, backed up, rehearsed and signed by both; its number. */
  prepare(wanted: Wanted): Promise<number>;
  /** How far a plan comes that must not be applied: the kind of refusal. */
  refusalOf(wanted: Wanted): Promise<string>;
  apply(number: number): Promise<Result<ChangeView, OperatorRefusal>>;
  undo(number: number): Promise<Result<ChangeView, OperatorRefusal>>;
  /** Carries on what a kill interrupted, as each start of the program does; the change as it stands then. */
  goOn(number: number): Promise<ChangeView>;
}

/** The house is open, and is settled before anything is planned. */
export async function openSaga(house: DrillHouse, order: SagaOrder): Promise<Saga> {
  const operators = ['Kaya', 'Jonas'].map((name, at) => makeDrillOperator(name, house.accounts[at]?.id ?? null));
  const vault = order.vault ?? house.vault;
  // a house that was opened again keeps the two it has
  if (vault.directory.register('operator').length === 0)
    for (const { named } of operators) await vault.door.noteHouse(named);
  await house.settle();
  const safeguards = openSafeguards(await partsOf(house, vault, order));
  const handlers = createChangeHandlers(safeguards.changes, vault.database);
  const rehearse = async (wanted: Wanted): Promise<Result<ChangeView, OperatorRefusal>> => {
    const planned = await handlers['change.plan'](wanted, quietly);
    if (!planned.ok) return planned;
    const { number } = planned.value;
    const saved = await handlers['change.backup']({ number }, quietly);
    return saved.ok ? handlers['change.rehearse']({ number }, quietly) : saved;
  };
  const apply = async (number: number): Promise<Result<ChangeView, OperatorRefusal>> => {
    const applied = await handlers['change.apply']({ number, apply: true }, quietly);
    return applied.ok ? { ok: true, value: applied.value.change } : applied;
  };
  const sign = async (number: number, by: readonly DrillOperator[]): Promise<void> => {
    const { plan } = must(await handlers['change.approve']({ number, signatures: [] }, quietly));
    must(await handlers['change.approve']({ number, signatures: by.map((one) => one.sign(plan)) }, quietly));
  };
  return {
    async prepare(wanted) {
      const { number, class: risk } = must(await rehearse(wanted));
      await sign(number, operators.slice(0, 1));
      if (risk === 'R2') requireStopped(kindOf(await apply(number)) === 'tooFew', 'one signature was enough');
      await sign(number, operators.slice(1));
      return number;
    },
    refusalOf: async (wanted) => kindOf(await rehearse(wanted)),
    apply,
    async undo(number) {
      const undone = await handlers['change.undo']({ number, apply: true, why: 'a drill' }, quietly);
      return undone.ok ? { ok: true, value: undone.value.change } : undone;
    },
    async goOn(number) {
      must(await resume(safeguards.changes));
      const { changes } = must(await handlers['change.status']({ number }, quietly));
      const [change] = changes;
      if (change === undefined) throw new NotStopped(`change ${number} is gone`);
      return change;
    },
    [Symbol.asyncDispose]: () => safeguards[Symbol.asyncDispose](),
  };
}

async function partsOf(house: DrillHouse, vault: Vault, { placeDir, step, twin }: SagaOrder): Promise<SafeguardParts> {
  return {
    config: { domain: 'drill.example', drill: 'none' },
    dataDir: house.dataDir,
    clock: house.clock,
    log: silentLog,
    kit: house.facts.kit,
    vault,
    reception: { submit: ({ recipients }) => Promise.all(recipients.map((to) => keepFor(house, to))) },
    backups: await houseBackups(house, { placeDir }),
    version: 'drill',
    step,
    twin,
  };
}

/** Notices and the letter to try are letters like others: they go through the door, and are counted at the end. */
async function keepFor(house: DrillHouse, address: string): Promise<SubmitOutcome> {
  const at = Number(/^person(\d+)@/.exec(address)?.[1]);
  await house.keep(1, house.accounts.slice(at, at + 1));
  return { address, outcome: 'kept' };
}

function kindOf(done: Result<unknown, OperatorRefusal>): string {
  return done.ok ? 'done' : done.error.kind;
}

export function must<T>(done: Result<T, OperatorRefusal>): T {
  if (!done.ok) throw new NotStopped(done.error.sentence);
  return done.value;
}
