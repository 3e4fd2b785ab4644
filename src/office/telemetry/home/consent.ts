// What the operator said, to which catalogue, and whether it covers what would be sent now: to the letter, or not at all.

import * as v from 'valibot';
import { hashCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { CONSENT_FILE, type TelemetryFiles } from './files.ts';

const spoken = v.object({ de: v.string(), en: v.string() });

const catalogueShape = v.object({
  v: v.literal(1),
  collector: v.object({
    v: v.literal(1),
    operator: v.string(),
    country: spoken,
    purpose: spoken,
    published: spoken,
    url: v.string(),
    key: v.string(),
  }),
  way: v.variant('kind', [
    v.object({ kind: v.literal('relay'), url: v.string() }),
    v.object({ kind: v.literal('direct') }),
  ]),
  rules: v.array(spoken),
  questions: v.array(
    v.object({
      id: v.string(),
      text: spoken,
      buckets: v.array(spoken),
      why: spoken,
      since: v.string(),
      retire: v.exactOptional(v.string()),
    }),
  ),
});

const consentShape = v.variant('choice', [
  v.object({ choice: v.literal('off'), sinceMs: v.number() }),
  v.object({ choice: v.literal('on'), sinceMs: v.number(), catalogue: catalogueShape }),
]);

/** With all that was agreed to, so that a difference can be shown later. */
export type Consent =
  | { readonly choice: 'off'; readonly sinceMs: number }
  | { readonly choice: 'on'; readonly sinceMs: number; readonly catalogue: Catalogue };

export type Standing = 'unasked' | 'on' | 'off' | 'changed';

/** Undefined: never said, or not to be read; then nothing is sent and it is asked again. */
export async function readConsent(files: Pick<TelemetryFiles, 'read'>): Promise<Consent | undefined> {
  const text = await files.read(CONSENT_FILE).catch(() => undefined);
  const read = v.safeParse(consentShape, jsonOf(text ?? ''));
  return read.success ? read.output : undefined;
}

export function writeConsent(files: Pick<TelemetryFiles, 'write'>, consent: Consent): Promise<void> {
  return files.write(CONSENT_FILE, JSON.stringify(consent));
}

/** `now`: what would be asked and sent; undefined where there is no collector or no way to it. */
export function standingOf(consent: Consent | undefined, now: Catalogue | undefined): Standing {
  if (consent === undefined) return 'unasked';
  if (consent.choice === 'off') return 'off';
  return now !== undefined && hashCatalogue(consent.catalogue) === hashCatalogue(now) ? 'on' : 'changed';
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
