// What the page is told: every question with its truth, what would be sent and in which bytes, and everything that was sent.

import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import type { KnownCollector } from '../catalogue/card.ts';
import { compareCatalogues, hashCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { hashQuestion, type Question } from '../catalogue/question.ts';
import { sealReport, SEALED_REPORT_BYTES } from '../report/envelope.ts';
import { nextMomentOf, type Answered } from '../report/plan.ts';
import { randomise } from '../report/randomise.ts';
import type { Report } from '../report/report.ts';
import { dayOf, quarterOf, weekOf } from '../report/weeks.ts';
import type { Consent, Standing } from './consent.ts';
import type { Remembered, SentLine } from './memory.ts';

/** Id of a question → index of its true answer; what is missing was not measured and is never sent. */
export type Truths = ReadonlyMap<string, number>;

export interface Seen {
  readonly nowMs: number;
  readonly collector: KnownCollector | undefined;
  readonly relay: string | undefined;
  /** What would be agreed to. */
  readonly catalogue: Catalogue | undefined;
  readonly consent: Consent | undefined;
  readonly standing: Standing;
  readonly memory: Remembered;
  readonly truths: Truths;
  readonly questions: readonly Question[];
  readonly sent: readonly SentLine[];
}

export function viewOf(seen: Seen): TelemetryAnswer {
  const { collector, relay, catalogue, consent, standing, nowMs, memory } = seen;
  const agreed = consent?.choice === 'on' ? consent.catalogue : undefined;
  const questions = collector === undefined ? [] : seen.questions;
  return {
    collector: collector === undefined ? null : collectorOf(collector, relay),
    catalogueHash: catalogue === undefined ? null : hashCatalogue(catalogue),
    rules: catalogue === undefined ? [] : catalogue.rules.map((rule) => ({ ...rule })),
    consent: { state: standing, sinceMs: consent?.sinceMs ?? null, isDirect: agreed?.way.kind === 'direct' },
    differences: standing === 'changed' ? differencesOf(agreed, catalogue) : [],
    questions: collector === undefined ? [] : questions.map((question) => questionOf(seen, collector, question)),
    sealedBytes: SEALED_REPORT_BYTES,
    nextMs: standing === 'on' ? nextMomentOf(memory.seed, memory.answered, nowMs) : null,
    sent: seen.sent.toReversed().map(({ question, ...line }) => ({ ...line, question: idOf(seen, question) })),
  };
}

function collectorOf({ card }: KnownCollector, relay: string | undefined): NonNullable<TelemetryAnswer['collector']> {
  const { operator, country, purpose, published, url } = card;
  return { operator, country, purpose, published, url, relay: relay ?? null };
}

function differencesOf(before: Catalogue | undefined, after: Catalogue | undefined): TelemetryAnswer['differences'] {
  if (before === undefined || after === undefined) return [];
  return compareCatalogues(before, after).map((one) => ({
    place: one.place,
    before: one.before ?? null,
    after: one.after ?? null,
  }));
}

function questionOf(seen: Seen, collector: KnownCollector, question: Question): TelemetryAnswer['questions'][number] {
  const { memory, nowMs } = seen;
  const hash = hashQuestion(question);
  const truth = seen.truths.get(question.id);
  const randomised =
    truth === undefined ? undefined : randomise(memory.seed, { hash, buckets: question.buckets.length, truth });
  const day = dayOf(nowMs);
  const report: Report =
    randomised === undefined ? { kind: 'cover', day } : { kind: 'answer', day, question: hash, answer: randomised };
  const { plainBytes, bytes } = sealReport(report, collector.key, collector.authority);
  const { id, text, why, buckets } = question;
  return {
    id,
    hash,
    text: { ...text },
    why: { ...why },
    buckets: buckets.map((bucket) => ({ ...bucket })),
    truth: truth ?? null,
    randomised: randomised ?? null,
    isAnswered: isAnswered(memory.answered, nowMs, hash),
    plain: Buffer.from(plainBytes).toString('hex'),
    sealed: Buffer.from(bytes).toString('hex'),
  };
}

function isAnswered({ quarter, questions, quietQuarter }: Answered, nowMs: number, hash: string): boolean {
  const now = quarterOf(weekOf(nowMs));
  return quietQuarter === now || (quarter === now && questions.includes(hash));
}

/** By the question's hash: it may be one that is asked no more. */
function idOf({ questions, consent }: Seen, hash: string | null): string | null {
  if (hash === null) return null;
  const agreed = consent?.choice === 'on' ? consent.catalogue.questions : [];
  return [...questions, ...agreed].find((question) => hashQuestion(question) === hash)?.id ?? hash;
}
