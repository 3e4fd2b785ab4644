// What the door vouched for in a summary, as the provenance panel shows it: unknown facts are undefined, never guessed.

import * as v from 'valibot';
import type { OpenedSummary } from '#vault/sealing/client/open-summary.ts';
import type { Provenance } from '../backend.ts';

const verdictShape = v.object({
  spf: v.fallback(v.string(), 'none'),
  dkim: v.fallback(v.string(), 'none'),
  dmarc: v.fallback(v.string(), 'none'),
  signedByDomain: v.fallback(v.nullish(v.string()), null),
});
const provenanceShape = v.object({
  transport: v.fallback(
    v.variant('kind', [
      v.object({ kind: v.literal('tls'), version: v.string() }),
      v.object({ kind: v.literal('clear') }),
      v.object({ kind: v.literal('local') }),
    ]),
    { kind: 'clear' },
  ),
  plainInMemoryMs: v.fallback(v.optional(v.number()), undefined),
});

export function provenanceOf(opened: OpenedSummary, keyKnownSinceMs: number | undefined): Provenance {
  const { summary } = opened;
  const verdict = v.safeParse(verdictShape, summary.verdict);
  const told = v.safeParse(provenanceShape, summary.provenance);
  return {
    transport: told.success ? told.output.transport : { kind: 'clear' },
    arrivedMs: summary.receivedMs,
    plainInMemoryMs: told.success ? told.output.plainInMemoryMs : undefined,
    authentication: {
      spf: resultOf(verdict.success ? verdict.output.spf : undefined),
      dkim: resultOf(verdict.success ? verdict.output.dkim : undefined),
      dmarc: resultOf(verdict.success ? verdict.output.dmarc : undefined),
    },
    signedByDomain: (verdict.success ? verdict.output.signedByDomain : undefined) ?? undefined,
    keyKnownSinceMs,
  };
}

/** DMARC passed: the domain of the From address stands for it. Letters of this house carry its own word instead. */
export function isVouchedFor({ summary }: OpenedSummary): boolean {
  const verdict = v.safeParse(verdictShape, summary.verdict);
  return verdict.success && verdict.output.dmarc === 'pass';
}

/** Temporary errors, neutral and soft results prove nothing: none. */
function resultOf(text: string | undefined): 'pass' | 'fail' | 'none' {
  return text === 'pass' || text === 'fail' ? text : 'none';
}
