// One generation takes over from another: stopped, fenced, pointed at, started. The pointer is the one step that counts.

import { err, ok, type Result } from '#base/result.ts';
import { fence, liftFence } from '../../database/postgres/fence.ts';
import type { Arrival, GenerationFacts } from './layout.ts';
import type { LiveCluster } from './live-cluster.ts';
import type { GenerationRefusal } from './refusals.ts';
import type { GenerationsWay } from './way.ts';

export interface SwitchOrder {
  readonly from: GenerationFacts;
  readonly to: GenerationFacts;
  readonly arrival: Arrival;
  /** Why the old one is retired. */
  readonly reason: string;
}

/**
 * Killed before the pointer moved, the old one serves at the next start and the new one goes; killed after it, the new one
 * serves and the journal hears what that means. The facts of the new live generation.
 */
export async function switchLive(
  way: SwitchWay,
  order: SwitchOrder,
): Promise<Result<GenerationFacts, GenerationRefusal>> {
  const { log } = way;
  let failure: GenerationRefusal;
  try {
    const switched = await takeSteps(way, order);
    if (switched.ok) return switched;
    failure = switched.error;
  } catch (cause) {
    log.fault('generation.switchFailed', cause);
    failure = {
      kind: 'switch-failed',
      sentence: 'The new database could not take over; siegel status and the log say more.',
    };
  }
  return takeBack(way, order, failure);
}

type SwitchWay = GenerationsWay & { readonly cluster: LiveCluster };

async function takeSteps(
  { layout, cluster, clock, step, native, owner }: SwitchWay,
  { from, to, arrival, reason }: SwitchOrder,
): Promise<Result<GenerationFacts, GenerationRefusal>> {
  const { retiredMs: _, reason: __, ...known } = to;
  const ready = { ...known, systemIdentifier: await layout.systemIdentifier(to.name), isReady: true, arrival };
  await step('begun');
  await layout.writeFacts(ready);
  await step('ready');
  await cluster.settle();
  const atMs = clock.nowMs();
  const fenced = await cluster.fence(from.name, { kind: 'switching', reason, atMs });
  if (!fenced.ok) return fenced;
  await step('fenced');
  await liftFence(layout.folder(to.name));
  await step('unfenced');
  await layout.writePointer(to.name);
  await step('pointed');
  const started = await cluster.start(to.name);
  if (!started.ok) return started;
  await step('started');
  if (fenced.value) {
    // its own place without the live socket, which is the new one's now
    await fence({ native, owner, folder: layout.folder(from.name) }, { kind: 'retired', reason, atMs });
    await layout.writeFacts({ ...from, retiredMs: atMs, reason });
  }
  await step('retired');
  return ok(ready);
}

/** Nothing of the new one was journalled yet: the old one serves as if nothing had been. */
async function takeBack(
  { layout, cluster, log }: SwitchWay,
  { from, to }: SwitchOrder,
  cause: GenerationRefusal,
): Promise<Result<never, GenerationRefusal>> {
  await cluster.stop();
  await layout.writePointer(from.name);
  await layout.writeFacts(to);
  const again = await cluster.release(from.name);
  if (!again.ok) {
    log.error('generation.neitherStarts', {});
    return err(again.error);
  }
  const sentence = `${cause.sentence} The old database serves again; nothing was changed.`;
  return err({ kind: cause.kind, sentence });
}

/** Era first: clients load again; then what the new rows leave out. Said twice it is the same. False: not all of it could be journalled. */
export async function journalArrival(
  { neighbours, step }: Pick<GenerationsWay, 'neighbours' | 'step'>,
  arrival: Arrival,
): Promise<boolean> {
  const { leftOut, ...effect } = arrival;
  if (!(await neighbours.raiseEra(effect)).ok) return false;
  await step('eraRaised');
  for (const { seq, change } of leftOut) {
    const content =
      change > 0 ? ({ seq, reason: 'undone', change } as const) : ({ seq, reason: 'applyFailed' } as const);
    if (!(await neighbours.void(content)).ok) return false;
  }
  return true;
}
