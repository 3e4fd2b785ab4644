// The reporting machine: asked once, looked after at its moments; sends what the consent on file covers to the letter, or nothing.

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { TelemetryAnswer, TelemetryChoice } from '#formats/auth-wire/telemetry-answers.ts';
import type { KnownCollector } from '../catalogue/card.ts';
import { hashCatalogue, makeCatalogue, type Catalogue, type Way } from '../catalogue/catalogue.ts';
import { hashQuestion, isAsked, type Question } from '../catalogue/question.ts';
import { sealReport } from '../report/envelope.ts';
import { dueAt, nextMomentOf, noteReport, questionOf } from '../report/plan.ts';
import { randomise } from '../report/randomise.ts';
import type { Report } from '../report/report.ts';
import { dayOf, quarterOf, weekOf } from '../report/weeks.ts';
import { readConsent, standingOf, writeConsent, type Consent } from './consent.ts';
import type { TelemetryFiles } from './files.ts';
import { forget, noteOutcome, noteSent, openMemory, readSent, writeMemory, type Remembered } from './memory.ts';
import { sendReport, type Send } from './send-report.ts';
import { viewOf, type Truths } from './view.ts';

export interface TelemetryParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: TelemetryFiles;
  /** Undefined: none is configured; nothing is asked, nothing is sent. */
  readonly collector: KnownCollector | undefined;
  /** Undefined: only who ticks "direct" sends. */
  readonly relay: string | undefined;
  readonly questions: readonly Question[];
  readonly measure: () => Promise<Truths>;
  readonly send: Send;
  /** A receipt of what was agreed to or taken back. */
  readonly record: (kind: 'telemetry-agreed' | 'telemetry-withdrawn', catalogue: string) => Promise<void>;
}

export type ChoiceRefusal =
  | { readonly kind: 'noCollector' }
  | { readonly kind: 'noWay' }
  /** Another catalogue than the one that was shown. */
  | { readonly kind: 'otherCatalogue' };

export interface TelemetryHome {
  view(): Promise<TelemetryAnswer>;
  /** In force when it resolves: after "off" nothing leaves any more. */
  choose(choice: TelemetryChoice): Promise<Result<void, ChoiceRefusal>>;
  /** Sends what is due now, if anything is. For a timer; never rejects. */
  look(): Promise<void>;
  /** Whether reports leave: agreed to, and to what would be sent now. */
  isOn(): boolean;
  /** When to look, to the millisecond: a rhythm of its own would tell this house from others. */
  nextMs(): number;
}

export async function openTelemetryHome(parts: TelemetryParts): Promise<TelemetryHome> {
  const { files, clock } = parts;
  const consent = await readConsent(files);
  let memory = await openMemory(files, clock.nowMs());
  // a fall may have come between taking consent back and wiping
  if (consent?.choice !== 'on') memory = await forget(files, memory);
  return new Home(parts, consent, memory);
}

class Home implements TelemetryHome {
  readonly #parts: TelemetryParts;
  #consent: Consent | undefined;
  #memory: Remembered;
  /** Choices and reports, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: TelemetryParts, consent: Consent | undefined, memory: Remembered) {
    this.#parts = parts;
    this.#consent = consent;
    this.#memory = memory;
  }

  async view(): Promise<TelemetryAnswer> {
    const { collector, relay, questions, files, clock } = this.#parts;
    const [truths, sent] = await Promise.all([this.#truths(), readSent(files)]);
    // where nothing is configured but the direct way, that is what would be agreed to
    const catalogue = this.#catalogue(relay === undefined);
    const agreed = this.#consent?.choice === 'on' ? this.#consent.catalogue.way.kind : undefined;
    const standing = standingOf(this.#consent, this.#catalogue(agreed === 'direct'));
    const memory = this.#memory;
    const nowMs = clock.nowMs();
    const consent = this.#consent;
    return viewOf({ nowMs, collector, relay, catalogue, consent, standing, memory, truths, questions, sent });
  }

  choose(choice: TelemetryChoice): Promise<Result<void, ChoiceRefusal>> {
    if (choice.choice === 'on') return this.#next(() => this.#agree(choice.hash, choice.isDirect));
    // at once: a report that is being made does not leave
    const before = this.#consent;
    this.#consent = { choice: 'off', sinceMs: this.#parts.clock.nowMs() };
    return this.#next(() => this.#withdraw(before));
  }

  async look(): Promise<void> {
    await this.#next(() => this.#report()).catch((cause: unknown) => this.#parts.log.fault('telemetry.failed', cause));
  }

  isOn(): boolean {
    return this.#parts.collector !== undefined && this.#agreed() !== undefined;
  }

  nextMs(): number {
    const { seed, answered } = this.#memory;
    return nextMomentOf(seed, answered, this.#parts.clock.nowMs());
  }

  async #agree(hash: string, isDirect: boolean): Promise<Result<void, ChoiceRefusal>> {
    const { collector, files, clock, record } = this.#parts;
    if (collector === undefined) return err({ kind: 'noCollector' });
    const catalogue = this.#catalogue(isDirect);
    if (catalogue === undefined) return err({ kind: 'noWay' });
    if (hashCatalogue(catalogue) !== hash) return err({ kind: 'otherCatalogue' });
    if (standingOf(this.#consent, catalogue) === 'on') return ok(undefined);
    const consent: Consent = { choice: 'on', sinceMs: clock.nowMs(), catalogue };
    await writeConsent(files, consent);
    this.#consent = consent;
    await record('telemetry-agreed', hash);
    return ok(undefined);
  }

  async #withdraw(before: Consent | undefined): Promise<Result<void, ChoiceRefusal>> {
    const { files, clock, record } = this.#parts;
    const consent: Consent = { choice: 'off', sinceMs: clock.nowMs() };
    this.#consent = consent;
    await writeConsent(files, consent);
    this.#memory = await forget(files, this.#memory);
    if (before?.choice === 'on') await record('telemetry-withdrawn', hashCatalogue(before.catalogue));
    return ok(undefined);
  }

  async #report(): Promise<void> {
    const { clock, files, collector, send, questions } = this.#parts;
    const { seed, answered } = this.#memory;
    const nowMs = clock.nowMs();
    if (dueAt(seed, answered, nowMs) !== 'now') return;
    const catalogue = this.#agreed();
    if (collector === undefined || catalogue === undefined) return;
    const truths = await this.#truths();
    const week = weekOf(nowMs);
    const asked = askedNow(questions, truths, quarterOf(week));
    const hash = questionOf(seed, answered, week, [...asked.keys()]);
    const memory = { seed, answered: noteReport(answered, week, hash) };
    // before it leaves: a machine that falls now has reported
    await writeMemory(files, memory);
    this.#memory = memory;
    const held = hash === undefined ? undefined : asked.get(hash);
    const report: Report =
      hash === undefined || held === undefined
        ? { kind: 'cover', day: dayOf(nowMs) }
        : { kind: 'answer', day: dayOf(nowMs), question: hash, answer: randomise(seed, { hash, ...held }) };
    const sealed = sealReport(report, collector.key, collector.authority);
    if (this.#agreed() !== catalogue) return; // taken back meanwhile
    const nth = await noteSent(files, {
      timeMs: nowMs,
      kind: report.kind,
      question: report.kind === 'answer' ? report.question : null,
      answer: report.kind === 'answer' ? report.answer : null,
      plain: Buffer.from(sealed.plainBytes).toString('hex'),
      sealed: Buffer.from(sealed.bytes).toString('hex'),
    });
    const outcome = await sendReport(send, sealed, { way: catalogue.way, collector });
    await noteOutcome(files, nth, outcome);
  }

  /** The catalogue that is agreed to and still the one of now; anything else sends nothing. */
  #agreed(): Catalogue | undefined {
    if (this.#consent?.choice !== 'on') return undefined;
    const { catalogue } = this.#consent;
    const now = this.#catalogue(catalogue.way.kind === 'direct');
    return standingOf(this.#consent, now) === 'on' ? catalogue : undefined;
  }

  /** What would be sent now, by the relay where one is configured; directly only where it is wished and there is none. */
  #catalogue(isDirect: boolean): Catalogue | undefined {
    const { collector, relay, questions } = this.#parts;
    const way: Way | undefined =
      relay !== undefined ? { kind: 'relay', url: relay } : isDirect ? { kind: 'direct' } : undefined;
    return collector === undefined || way === undefined ? undefined : makeCatalogue(collector.card, way, questions);
  }

  async #truths(): Promise<Truths> {
    return this.#parts.measure().catch(() => new Map<string, number>());
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** Hash of each question of this quarter whose answer is known. */
function askedNow(
  questions: readonly Question[],
  truths: Truths,
  quarter: string,
): ReadonlyMap<string, { readonly buckets: number; readonly truth: number }> {
  const asked = new Map<string, { readonly buckets: number; readonly truth: number }>();
  for (const question of questions) {
    const truth = truths.get(question.id);
    if (truth === undefined || !isAsked(question, quarter)) continue;
    asked.set(hashQuestion(question), { buckets: question.buckets.length, truth });
  }
  return asked;
}
