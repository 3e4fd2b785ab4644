// Runs replays, each twice: with the safeguards, where nothing may be lost, and with the safeguard off, where something must be.

import { systemClock } from '#base/clock.ts';
import type { Machine } from './drill-house.ts';
import { hasPassed, type DrillReport, type ReplayReport } from './drill-report.ts';
import { isHarmed, type Ending, type Replay, type Scale } from './replay.ts';
import { replays } from './replays.ts';
import { Stages } from './stage.ts';

/** In CI. */
export const SHORT: Scale = { accounts: 4, letters: 40, many: 40, struck: 9 };
/** On the operator’s machine. */
export const FULL: Scale = { accounts: 40, letters: 4_000, many: 10_000, struck: 883 };

export interface DrillOrder {
  /** Empty, and of the drill alone. */
  readonly folder: string;
  readonly machine: Machine;
  readonly form: DrillReport['form'];
  /** Ids of replays; undefined: all. */
  readonly only?: readonly string[] | undefined;
  readonly onReplay?: (report: ReplayReport, done: number, total: number) => void;
}

export async function runDrill({ folder, machine, form, only, onReplay }: DrillOrder): Promise<DrillReport> {
  const startedMs = systemClock.nowMs();
  const begin = systemClock.monotonicMs();
  await using stages = new Stages(folder, machine, form === 'short' ? SHORT : FULL);
  const wanted = replays.filter(({ id }) => only === undefined || only.includes(id));
  const reports: ReplayReport[] = [];
  for (const replay of wanted) {
    const report = await playTwice(stages, replay);
    reports.push(report);
    onReplay?.(report, reports.length, wanted.length);
  }
  return {
    passed: reports.length > 0 && reports.every(hasPassed),
    form,
    startedMs,
    seconds: secondsSince(begin),
    replays: reports,
  };
}

type Attempt = { readonly ending: Ending } | { readonly trouble: string };

async function playTwice(stages: Stages, replay: Replay): Promise<ReplayReport> {
  const begin = systemClock.monotonicMs();
  let seconds = 0;
  // each on houses of its own, so neither sees the other
  const [real, sabotaged] = await Promise.all([
    attempt(stages, replay, false).finally(() => (seconds = secondsSince(begin))),
    attempt(stages, replay, true),
  ]);
  const ending = 'ending' in real ? real.ending : { stoppedBy: 'nothing', lost: 0, doubled: 0, broken: 0 };
  const harm = 'ending' in sabotaged ? sabotaged.ending : { lost: 0, doubled: 0, broken: 0 };
  const trouble = [real, sabotaged].flatMap((one) => ('trouble' in one ? [one.trouble] : [])).join('; ');
  return {
    id: replay.id,
    attempted: replay.attempted,
    stoppedBy: ending.stoppedBy,
    lettersLost: ending.lost,
    lettersDoubled: ending.doubled,
    lettersBroken: ending.broken,
    seconds,
    sabotageFailed: isHarmed(harm),
    sabotage: { without: replay.without, lost: harm.lost, doubled: harm.doubled, broken: harm.broken },
    ...(trouble === '' ? {} : { trouble }),
  };
}

async function attempt(stages: Stages, replay: Replay, isSabotaged: boolean): Promise<Attempt> {
  try {
    return { ending: await stages.play((stage) => replay.run(stage, isSabotaged)) };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : 'unknown';
    return { trouble: `${isSabotaged ? 'sabotaged' : 'real'} attempt: ${words}` };
  }
}

function secondsSince(beginMs: number): number {
  return Math.round((systemClock.monotonicMs() - beginMs) / 10) / 100;
}
