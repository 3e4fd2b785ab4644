// What the operator's commands about generations do in the running program.

import { setTimeout as wait } from 'node:timers/promises';
import { ok, type Result } from '#base/result.ts';
import { countLetters } from '#vault/database/house-read.ts';
import { KEEP_MS_MAX, type Generations } from '#vault/safeguards/generations/generations.ts';
import { refuse } from '#vault/safeguards/generations/refusals.ts';
import type { OperatorHandlers, OperatorRefusal, Progress, ResultOf } from '../operator-methods.ts';
import type { Vault } from './open-vault.ts';
import { refuse as refuseOperator } from './operator-change.ts';

type GenerationMethod = 'generation.list' | 'generation.release' | 'database.rebuild';

export function createGenerationHandlers(vault: Vault): Pick<OperatorHandlers, GenerationMethod> {
  const { generations } = vault;
  return {
    'generation.list': async () => (generations === undefined ? refuse('external') : ok(await list(generations))),
    'generation.release': ({ apply }) => release(generations, apply),
    'database.rebuild': ({ apply }, progress) => rebuild(vault, apply, progress),
  };
}

async function list(generations: Generations): Promise<ResultOf<'generation.list'>> {
  const points = await generations.points();
  return {
    live: generations.live.name,
    fenced: (await generations.fenced()) ?? null,
    generations: (await generations.list()).map((one) => ({
      name: one.name,
      madeMs: one.madeMs,
      source: one.source,
      systemIdentifier: one.systemIdentifier,
      retiredMs: one.retiredMs ?? null,
      reason: one.reason ?? null,
      untilMs: one.retiredMs === undefined ? null : one.retiredMs + KEEP_MS_MAX,
    })),
    points: points.map(({ name, madeMs, seq }) => ({ name, madeMs, seq, untilMs: madeMs + KEEP_MS_MAX })),
  };
}

async function release(
  generations: Generations | undefined,
  apply: boolean,
): Promise<Result<ResultOf<'generation.release'>, OperatorRefusal>> {
  if (generations === undefined) return refuse('external');
  const fenced = await generations.fenced();
  if (fenced === undefined) return refuse('not-fenced');
  const plan = `Now: ${fenced}. The fence is lifted and the database starts; nobody may work on its files any more.`;
  if (!apply) return ok({ plan, isApplied: false });
  const released = await generations.release();
  return released.ok ? ok({ plan, isApplied: true }) : released;
}

/** Beside, never in place: the old rows are kept as they are. */
async function rebuild(
  vault: Vault,
  apply: boolean,
  progress: Progress,
): Promise<Result<ResultOf<'database.rebuild'>, OperatorRefusal>> {
  const records = vault.journal.durableSeq;
  if (vault.restoreTo === undefined) return refuse('external');
  const plan = `A new database is filled beside from ${records} journal records and then takes over: letters are taken all the time, people wait a moment at the end.`;
  if (!apply) return ok({ plan, isApplied: false, records, accounts: 0, letters: 0 });
  const why = 'made anew from the journal';
  const done = await vault.restoreTo({ base: { kind: 'journal' }, reason: 'rebuilt', why, onProgress: progress });
  if (!done.ok) return done;
  while (vault.door.health.state !== 'up' || vault.door.health.appliedSeq < records) {
    if (vault.door.health.state === 'refused')
      return refuseOperator('database-refused', 'The new database was refused; see siegel status.');
    await wait(20);
  }
  return ok({
    plan: `${plan} The old one is ${done.value.retired}, kept for 30 days.`,
    isApplied: true,
    records,
    accounts: vault.directory.countAccounts(),
    letters: await countLetters(vault.database.reader),
  });
}
