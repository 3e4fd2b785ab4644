// Makes the receipt of a job when it is erased, keeps the newest for the link in the letter, and sees that the book hears of each.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { signReceipt, type DeletionReceipt, type ReceiptSigner } from '../report/receipt.ts';
import { selfCheckDigest, type SelfCheck } from '../report/self-check.ts';
import type { Job } from './job.ts';

/** Resolves once the book has it; rejects when it has not. */
export type RecordReceipt = (receipt: DeletionReceipt) => Promise<void>;

export interface ReceiptsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly signer: ReceiptSigner;
  readonly selfCheck: SelfCheck;
  readonly record: RecordReceipt;
}

export class Receipts {
  readonly #options: ReceiptsOptions;
  readonly #kept = new Map<string, DeletionReceipt>();
  /** Signed, and the book could not be reached. */
  readonly #unrecorded = new Set<DeletionReceipt>();
  readonly #digest: string;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
    this.#digest = selfCheckDigest(options.selfCheck);
  }

  get unrecorded(): number {
    return this.#unrecorded.size;
  }

  find(job: string): DeletionReceipt | undefined {
    return this.#kept.get(job);
  }

  /** Erases the job first: the receipt speaks of what is over. */
  async eraseAndSign(job: Job, returnedMs: number | undefined): Promise<DeletionReceipt> {
    const { clock, log, signer, selfCheck } = this.#options;
    const { created, erased, isKeyDestroyed } = await job.erase();
    if (created !== erased) log.error('transit.notErased', { job: job.id, created, erased });
    const receipt = signReceipt(
      {
        kind: 'siegel transit deletion receipt',
        version: 1,
        job: job.id,
        receivedMs: job.receivedMs,
        returnedMs,
        erasedMs: clock.nowMs(),
        saltedHashes: job.saltedHashes,
        objectsCreated: created,
        objectsErased: erased,
        isKeyDestroyed,
        selfCheck: this.#digest,
        accepted: selfCheck.findings.filter(({ isMet }) => !isMet).map(({ kind }) => kind),
      },
      signer,
    );
    this.#keep(receipt);
    await this.#record(receipt);
    return receipt;
  }

  /** What the book has not yet heard of is told again. */
  async retry(): Promise<void> {
    for (const receipt of this.#unrecorded) await this.#record(receipt);
  }

  #keep(receipt: DeletionReceipt): void {
    this.#kept.set(receipt.facts.job, receipt);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > limits.transit.receiptsKept && oldest.done !== true) this.#kept.delete(oldest.value);
  }

  async #record(receipt: DeletionReceipt): Promise<void> {
    const { log, record } = this.#options;
    try {
      await record(receipt);
      this.#unrecorded.delete(receipt);
    } catch (cause) {
      if (this.#unrecorded.size < limits.transit.receiptsKept) this.#unrecorded.add(receipt);
      log.fault('transit.receiptNotRecorded', cause);
    }
  }
}
