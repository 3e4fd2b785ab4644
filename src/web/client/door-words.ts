// What the door vouched for in a summary, as the provenance panel shows it: unknown facts are undefined, never guessed.

import * as v from 'valibot';
import type { LetterView } from '#formats/message/letter-view.ts';
import { parseListUnsubscribe } from '#formats/message/list-unsubscribe.ts';
import type { OpenedSummary } from '#vault/sealing/client/open-summary.ts';
import type { Provenance, Unsubscribe } from '../backend.ts';

const verdictShape = v.object({
  spf: v.fallback(v.string(), 'none'),
  dkim: v.fallback(v.string(), 'none'),
  dmarc: v.fallback(v.string(), 'none'),
  signedByDomain: v.fallback(v.nullish(v.string()), null),
  // letters of before the door said so have none
  isUnsubscribeSigned: v.fallback(v.optional(v.boolean()), false),
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

/** How to leave the list that this letter came from; pressed by the server only where the sender signed for it. */
export function unsubscribeOf(
  { summary }: OpenedSummary,
  { listUnsubscribe, listUnsubscribePost }: Pick<LetterView, 'listUnsubscribe' | 'listUnsubscribePost'>,
): Unsubscribe | undefined {
  const { https, mailto } = parseListUnsubscribe(listUnsubscribe ?? '');
  if (https === undefined && mailto === undefined) return undefined;
  const verdict = v.safeParse(verdictShape, summary.verdict);
  const isSigned = verdict.success && verdict.output.isUnsubscribeSigned === true;
  const isOneClick = isSigned && /^\s*List-Unsubscribe=One-Click\s*$/i.test(listUnsubscribePost ?? '');
  return { https, mailto, isOneClick: isOneClick && https !== undefined };
}

/** Temporary errors, neutral and soft results prove nothing: none. */
function resultOf(text: string | undefined): 'pass' | 'fail' | 'none' {
  return text === 'pass' || text === 'fail' ? text : 'none';
}
