// One report, from its bytes to its sealed answer: opened, judged, counted on the disk; and the end of quarters.

import type { KeyObject } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { hashQuestion, isAsked, type Question } from '../catalogue/question.ts';
import type { Taken } from '../door/report-door.ts';
import { openReport, sealAnswer } from '../report/envelope.ts';
import type { Report } from '../report/report.ts';
import { dayOf, quarterOf, weekOfDay } from '../report/weeks.ts';
import { publicationOf, type Publication } from './publication.ts';
import type { SeenReports } from './seen-reports.ts';
import type { TallyFile } from './tally-file.ts';
import { addTo, closeThrough, type Counted, type Tally } from './tally.ts';

export interface CollectorParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly keyId: number;
  readonly privateKey: KeyObject;
  /** As the card’s URL names it. */
  readonly authority: string;
  readonly questions: readonly Question[];
  readonly file: TallyFile;
  readonly seen: SeenReports;
  /** The newest quarter in the book: it takes no more, whatever the file of counters says. */
  readonly lastPublished: string;
  /** Resolves when it stands in the book. */
  readonly record: (publication: Publication) => Promise<void>;
}

/** What stands in the sealed answer, for the sender alone. */
export const ANSWER_STATUS = {
  taken: 204,
  /** A question that is not asked, or no answer to it. */
  unknown: 400,
  seen: 409,
  /** Another day, or a quarter that is closed. */
  late: 410,
  full: 429,
  diskFails: 503,
} as const;

/** How far the day of a report may be from ours. */
const DAYS_APART = 1;

interface Waiting {
  readonly counted: Counted | undefined;
  readonly tell: (isOnDisk: boolean) => void;
}

type Judged = { readonly status: number; readonly counted?: Counted };

export class Collector {
  readonly #parts: CollectorParts;
  readonly #byHash: ReadonlyMap<string, Question>;
  #tally: Tally;
  #waiting: Waiting[] = [];
  /** What is written is written one after the other. */
  #writing: Promise<void> = Promise.resolve();
  /** Never goes back: what was forgotten of a day must not be taken again. */
  #today = 0;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#byHash = new Map(parts.questions.map((question) => [hashQuestion(question), question]));
    this.#tally = closeThrough(parts.file.first, parts.lastPublished);
  }

  get tally(): Tally {
    return this.#tally;
  }

  /**
   * 400: nothing that can be opened. All that can be, refused or not, answer or cover, is answered when the next state of the
   * counters is on the disk, so that neither the moment nor the length of the answer says which it was.
   */
  async take(bytes: Uint8Array): Promise<Taken> {
    const { keyId, privateKey, authority } = this.#parts;
    const opened = openReport(bytes, { keyId, privateKey, authority });
    if (opened === undefined) return 400;
    if (this.#waiting.length >= limits.collector.waitingMax) return 503;
    const { report, exchange } = opened;
    const { status, counted } = this.#judge(report, exchange.enc);
    const isOnDisk = await this.#commit(counted);
    const answer = sealAnswer(exchange, isOnDisk ? status : ANSWER_STATUS.diskFails);
    exchange.sharedSecret.fill(0);
    return answer;
  }

  /** Publishes every quarter of which nothing more can come; again later where the book could not be written. */
  async publishEnded(): Promise<void> {
    const after = this.#writing.then(() => this.#closeEnded());
    this.#writing = after.catch(() => undefined);
    await after;
  }

  /** When nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #judge(report: Report, enc: Uint8Array): Judged {
    const { seen } = this.#parts;
    const today = this.#turnDay();
    if (Math.abs(report.day - today) > DAYS_APART) return { status: ANSWER_STATUS.late };
    const quarter = quarterOf(weekOfDay(report.day));
    if (quarter <= this.#tally.closed) return { status: ANSWER_STATUS.late };
    const noted = seen.note(report.day, enc);
    if (noted !== 'new') return { status: ANSWER_STATUS[noted] };
    if (report.kind === 'cover') return { status: ANSWER_STATUS.taken };
    const question = this.#byHash.get(report.question);
    const isAnswer = question !== undefined && isAsked(question, quarter) && report.answer < question.buckets.length;
    if (!isAnswer) return { status: ANSWER_STATUS.unknown };
    const { question: hash, answer } = report;
    return {
      status: ANSWER_STATUS.taken,
      counted: { quarter, question: hash, answer, buckets: question.buckets.length },
    };
  }

  #turnDay(): number {
    const today = Math.max(this.#today, dayOf(this.#parts.clock.nowMs()));
    if (today !== this.#today) this.#parts.seen.forgetBefore(today - DAYS_APART);
    this.#today = today;
    return today;
  }

  #commit(counted: Counted | undefined): Promise<boolean> {
    return new Promise((tell) => {
      this.#waiting.push({ counted, tell });
      if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#writeWaiting());
    });
  }

  /** All that came while the last ones were written, with one write. */
  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    const next = addTo(
      this.#tally,
      batch.flatMap(({ counted }) => counted ?? []),
    );
    const isOnDisk = await this.#write(next);
    for (const { tell } of batch) tell(isOnDisk);
  }

  async #write(next: Tally): Promise<boolean> {
    try {
      await this.#parts.file.write(next);
      this.#tally = next;
      return true;
    } catch (cause) {
      this.#parts.log.fault('telemetry.countersNotWritten', cause);
      return false;
    }
  }

  async #closeEnded(): Promise<void> {
    const { questions, record } = this.#parts;
    const open = quarterOf(weekOfDay(this.#turnDay() - DAYS_APART));
    const ended = Object.keys(this.#tally.quarters).filter((quarter) => quarter < open);
    for (const quarter of ended.toSorted()) {
      const publication = publicationOf(quarter, this.#tally.quarters[quarter] ?? {}, questions);
      // first the book: killed in between, the book says that the quarter is closed
      if (publication !== undefined) await record(publication);
      if (!(await this.#write(closeThrough(this.#tally, quarter)))) return;
    }
  }
}
