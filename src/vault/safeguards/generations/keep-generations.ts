// Looked at once an hour: once a day a fresh restore point is taken. What is too old goes with all other copies (forgetting).

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import type { Generations } from './generations.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAILY = /^day-\d{8}$/;
/** A wrong command is found within the day or not at once: then the journal alone, or a backup, is quick enough. */
const DAILY_KEPT = 2;

export interface KeepWay {
  readonly generations: Generations;
  readonly clock: Clock;
  readonly log: Log;
}

export function keepGenerations(way: KeepWay): AsyncDisposable {
  let working: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    working = working
      .then(() => keepOnce(way))
      .catch((cause: unknown) => way.log.fault('generation.keepingFailed', cause));
  }, HOUR_MS);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await working;
    },
  };
}

export async function keepOnce({ generations, clock, log }: KeepWay): Promise<void> {
  const nowMs = clock.nowMs();
  if (!generations.hasFiles) return;
  const daily = (await generations.points()).filter(({ name }) => DAILY.test(name));
  const newestMs = daily.at(-1)?.madeMs ?? 0;
  // a clock that went back must not take one every hour
  if (newestMs > 0 && Math.abs(nowMs - newestMs) < DAY_MS) return;
  const name = `day-${new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const taken = await generations.takePoint(name);
  if (!taken.ok) return log.warn('generation.noPoint', { reason: taken.error.kind === 'busy' ? 'busy' : 'refused' });
  const old = (await generations.points()).filter((point) => DAILY.test(point.name)).slice(0, -DAILY_KEPT);
  for (const point of old) await generations.dropPoint(point.name);
}
