// The card of this collector from its options and its key, or which options are missing for one.

import type { Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { formatKeyConfig } from '#formats/ohttp/ohttp.ts';
import { parseCard, type CollectorCard } from '#office/telemetry/catalogue/card.ts';
import type { CollectorKeys } from './collector-keys.ts';

export interface CardMissing {
  readonly kind: 'incomplete';
  readonly sentence: string;
}

/** `url`: where reports go, as the houses reach it. */
export function makeCard(
  config: Pick<Config, 'collectorOperator' | 'collectorCountry' | 'collectorPurpose' | 'collectorPublished'>,
  { keyId, publicKey }: Pick<CollectorKeys, 'keyId' | 'publicKey'>,
  url: string | undefined,
): Result<CollectorCard, CardMissing> {
  const { collectorOperator: operator, collectorCountry: country } = config;
  const { collectorPurpose: purpose, collectorPublished: published } = config;
  if (url === undefined || !operator || !country || !purpose || !published) {
    const missing = [
      ...(url === undefined ? ['url'] : []),
      ...(operator ? [] : ['collector-operator']),
      ...(country ? [] : ['collector-country']),
    ];
    const sentence = `a card says who collects, where, and where to: give ${missing.map((name) => `--${name}`).join(', ')}.`;
    return err({ kind: 'incomplete', sentence });
  }
  const key = toBase64Url(formatKeyConfig({ keyId, publicKey }));
  const card: CollectorCard = { v: 1, operator, country, purpose, published, url, key };
  const read = parseCard(JSON.stringify(card));
  return read.ok ? ok(read.value.card) : err({ kind: 'incomplete', sentence: read.error.sentence });
}
