// The collector and the relay of the sample office, in a process of their own: last quarter’s reports of 300 invented houses, published at the start.

import * as v from 'valibot';
import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { systemClock } from '#base/clock.ts';
import { parseCard } from '#office/telemetry/catalogue/card.ts';
import { beginOfWeek, dayOf, quarterOf, weekOf } from '#office/telemetry/report/weeks.ts';
import { startCollector } from '../collector/run-collector.ts';
import { startRelay } from '../collector/run-relay.ts';
import { figuresOrderShape, type FiguresTell } from './demo-words.ts';
import { movingClock } from './moving-clock.ts';
import { sampleReports } from './sample-figures.ts';

function tell(what: FiguresTell): void {
  if (process.connected) process.send?.(what);
}

async function serve(): Promise<void> {
  const alone = new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    process.once('SIGTERM', () => resolve());
    process.on('SIGINT', () => undefined);
  });
  const order = v.parse(figuresOrderShape, JSON.parse(process.argv[2] ?? ''));
  const config = readConfig({ flags: order.collector });
  const relayConfig = readConfig({ flags: order.relay });
  if (!config.ok || !relayConfig.ok) return tell({ kind: 'without' });
  const clock = movingClock(middleOfLastQuarter());
  const started = await startCollector(config.value, createLog(config.value.log), { clock });
  if (!started.ok) return tell({ kind: 'without' });
  await using collector = started.value;
  const card = parseCard(JSON.stringify(collector.card));
  if (!card.ok) return tell({ kind: 'without' });
  if (collector.book.recorded.length === 0) {
    const reports = [...sampleReports(card.value, dayOf(clock.nowMs()))];
    await Promise.all(reports.map((bytes) => collector.collector.take(bytes)));
  }
  clock.moveTo(undefined);
  await collector.collector.publishEnded();
  const relay = await startRelay(relayConfig.value, createLog(relayConfig.value.log));
  if (!relay.ok) return tell({ kind: 'without' });
  await using relaying = relay.value;
  tell({
    kind: 'ready',
    url: collector.url,
    relay: `${relaying.url}/report`,
    card: JSON.stringify(collector.card),
  });
  return await alone;
}

/** Far from both its ends, whenever the demo is started. */
function middleOfLastQuarter(): number {
  let week = weekOf(systemClock.nowMs());
  const quarter = quarterOf(week);
  while (quarterOf(week) === quarter) week -= 1;
  return beginOfWeek(week - 6) + 12 * 3_600_000;
}

await serve();
