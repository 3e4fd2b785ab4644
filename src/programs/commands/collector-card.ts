// `siegel collector card`: the card of this collector as JSON, for the houses that are to report to it. Makes the keys where there are none.

import { err, ok } from '#base/result.ts';
import { makeCard } from '../collector/collector-card.ts';
import { prepareCollector } from '../collector/run-collector.ts';
import type { Run } from '../command.ts';

export const run: Run = async ({ config }) => {
  const prepared = await prepareCollector(config);
  if (!prepared.ok) return prepared;
  const card = makeCard(config, prepared.value.keys, config.url);
  if (!card.ok) return err({ kind: 'misused', reason: card.error.kind, sentence: card.error.sentence });
  return ok({ json: card.value, text: JSON.stringify(card.value, undefined, 2) });
};
