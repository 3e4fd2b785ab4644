// The card of a collector: who it is, where it is, its key; written once by `siegel collector card`, read from a file, never fetched.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { parseKeyConfig, type KeyConfig } from '#formats/ohttp/ohttp.ts';
import { AUTHORITY_CHARACTERS_MAX, isSealable } from '../report/envelope.ts';

const line = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(400));
const spoken = v.strictObject({ de: line, en: line });

const cardShape = v.strictObject({
  v: v.literal(1),
  /** Who runs it: a name and where to write to. */
  operator: line,
  country: spoken,
  purpose: spoken,
  /** What is published, and where. */
  published: spoken,
  /** https://host[:port], where reports go: RFC 9458's gateway. Plain http only where the outgoing door allows private places. */
  url: line,
  /** Its key configuration (RFC 9458 §3), base64url. */
  key: line,
});

export type CollectorCard = v.InferOutput<typeof cardShape>;

export interface KnownCollector {
  readonly card: CollectorCard;
  readonly authority: string;
  readonly key: KeyConfig;
}

export interface CardRefusal {
  readonly kind: 'notCard' | 'badUrl' | 'badKey';
  readonly sentence: string;
}

export function parseCard(text: string): Result<KnownCollector, CardRefusal> {
  const read = v.safeParse(cardShape, jsonOf(text));
  if (!read.success) {
    const where = read.issues[0] === undefined ? '' : (v.getDotPath(read.issues[0]) ?? '');
    const sentence = `This is no card of a collector${where === '' ? '' : `: look at “${where}”`}. Ask its operator for the file that "siegel collector card" prints.`;
    return err({ kind: 'notCard', sentence });
  }
  const card = read.output;
  const url = URL.parse(card.url);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.origin === card.url;
  if (!isPlain || url.host.length > AUTHORITY_CHARACTERS_MAX)
    return err({
      kind: 'badUrl',
      sentence: `The card’s “url” must be https:// and a host, without a path: ${card.url}`,
    });
  const bytes = fromBase64(card.key);
  const key = bytes === undefined ? undefined : parseKeyConfig(bytes);
  if (key === undefined || !isSealable(key))
    return err({
      kind: 'badKey',
      sentence: 'The card’s “key” is no key of a collector. Ask its operator for the card again.',
    });
  return ok({ card, authority: url.host, key });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
