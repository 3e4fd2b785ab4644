// What erased records say from now on: finds the newest `accountRestated` record for one of them (decision 0015, Forgetting).

import type { CommandOf, JsonObject } from './commands.ts';
import { parseRestated } from './record-content.ts';
import type { RecordKind } from './record-types.ts';

/** Records of which something is needed for as long as their account lives. */
export const RESTATABLE: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'accountCreated',
  'holderRemoved',
  'mailboxPut',
  'itemPut',
]);

const CARRIERS_KEPT = 16;
type Restated = CommandOf<'accountRestated'>['effect'];

export interface RestatementSource {
  /** Payloads of `accountRestated` records with seq > `afterSeq`, in order, and how far was looked. */
  readonly list: (afterSeq: number) => AsyncIterable<{ readonly seq: number; readonly payload: Buffer }>;
  readonly read: (seq: number) => Promise<Buffer | undefined>;
  readonly untilSeq: () => number;
}

export class Restatements {
  readonly #source: RestatementSource;
  /** Restated record → the record that restates it. */
  readonly #carriers = new Map<number, number>();
  readonly #kept = new Map<number, Restated>();
  #lookedThrough = 0;
  #isStale = false;
  #looking: Promise<void> | undefined;

  constructor(source: RestatementSource) {
    this.#source = source;
  }

  /** A record was restated since: what was found before may have been said anew, and its carrier be erased. */
  forget(): void {
    this.#isStale = true;
  }

  /** The effect of record `seq` without what is superseded; undefined when nothing of it is needed any more. */
  async find(seq: number): Promise<JsonObject | undefined> {
    if (this.#isStale || !this.#carriers.has(seq)) await this.#look();
    const found = await this.#said(seq);
    if (found !== undefined || !this.#carriers.has(seq)) return found;
    // the carrier was erased in this very moment: there is a newer one
    await this.#look();
    return this.#said(seq);
  }

  async #said(seq: number): Promise<JsonObject | undefined> {
    const carrier = this.#carriers.get(seq);
    if (carrier === undefined) return undefined;
    const restated = this.#kept.get(carrier) ?? (await this.#read(carrier));
    return restated?.records.find((record) => record.seq === seq)?.effect;
  }

  async #read(carrier: number): Promise<Restated | undefined> {
    const payload = await this.#source.read(carrier);
    const restated = payload && parseRestated(payload);
    if (restated === undefined) return undefined;
    if (this.#kept.size >= CARRIERS_KEPT) this.#kept.clear();
    this.#kept.set(carrier, restated);
    return restated;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookFurther().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookFurther(): Promise<void> {
    this.#isStale = false;
    const untilSeq = this.#source.untilSeq();
    if (untilSeq <= this.#lookedThrough) return;
    for await (const { seq, payload } of this.#source.list(this.#lookedThrough)) {
      for (const record of parseRestated(payload)?.records ?? []) this.#carriers.set(record.seq, seq);
    }
    this.#lookedThrough = untilSeq;
  }
}
