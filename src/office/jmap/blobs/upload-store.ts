// Uploads wait here for the call that uses them: in memory only, because they may be in the clear (RFC 8620 §6.1).

import { newId, type AccountId, type ItemId, type LetterId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';

export interface Upload {
  readonly accountId: AccountId;
  readonly blobId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly untilMs: number;
}

/** What ends within it goes together. */
const PAUSE_MS = 1_000;

/** Keeps uploads for an hour at most, fewer when room is short: an account's own oldest go first, then the oldest of all. */
export class UploadStore {
  readonly #clock: Clock;
  readonly #uploads = new Map<string, Upload>();
  /** As they count, of all. */
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** undefined: it is larger than what one account may keep. */
  put(accountId: AccountId, bytes: Uint8Array<ArrayBuffer>, type: string): Upload | undefined {
    return this.#put({ accountId, bytes, type, blobId: `U-${newId<ItemId>()}` }, limits.jmap.uploadKeptMs);
  }

  /** A letter that was sealed a moment ago stays clear for a while, so that it can be sent. */
  keepDraft(accountId: AccountId, letterId: LetterId, bytes: Uint8Array<ArrayBuffer>): void {
    this.#put({ accountId, bytes, type: 'message/rfc822', blobId: draftBlobId(letterId) }, limits.jmap.clearDraftMs);
  }

  /** undefined: none of this account, or its time is over. */
  findDraft(accountId: AccountId, letterId: LetterId): Upload | undefined {
    return this.find(accountId, draftBlobId(letterId));
  }

  dropDraft(accountId: AccountId, letterId: LetterId): void {
    this.drop(accountId, draftBlobId(letterId));
  }

  #put({ accountId, bytes, type, blobId }: Omit<Upload, 'untilMs'>, keptMs: number): Upload | undefined {
    if (bytes.length > limits.http.uploadBytes) return undefined;
    this.#dropOld();
    const own = [...this.#uploads.values()].filter((upload) => upload.accountId === accountId);
    let ownBytes = own.reduce((sum, upload) => sum + countedBytes(upload), 0);
    const upload: Upload = { accountId, blobId, bytes, type, untilMs: this.#clock.nowMs() + keptMs };
    for (const older of own) {
      if (ownBytes + countedBytes(upload) <= limits.http.uploadBytes) break;
      ownBytes -= countedBytes(older);
      this.#drop(older);
    }
    for (const older of this.#uploads.values()) {
      if (this.#bytes + countedBytes(upload) <= limits.jmap.uploadKeptBytes) break;
      this.#drop(older);
    }
    this.#uploads.set(blobId, upload);
    this.#bytes += countedBytes(upload);
    this.#forgetLater();
    return upload;
  }

  /** Also when nobody asks any more. */
  #forgetLater(): void {
    if (this.#timer !== undefined || this.#uploads.size === 0) return;
    let firstMs = Infinity;
    for (const { untilMs } of this.#uploads.values()) firstMs = Math.min(firstMs, untilMs);
    const waitMs = Math.max(firstMs - this.#clock.nowMs(), 0) + PAUSE_MS;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dropOld();
      this.#forgetLater();
    }, waitMs);
    this.#timer.unref();
  }

  /** Only its own account finds an upload. */
  find(accountId: AccountId, blobId: string): Upload | undefined {
    this.#dropOld();
    const upload = this.#uploads.get(blobId);
    return upload?.accountId === accountId ? upload : undefined;
  }

  /** Before its time: it is used up. */
  drop(accountId: AccountId, blobId: string): void {
    const upload = this.find(accountId, blobId);
    if (upload !== undefined) this.#drop(upload);
  }

  #dropOld(): void {
    const now = this.#clock.nowMs();
    for (const upload of this.#uploads.values()) {
      if (upload.untilMs <= now) this.#drop(upload);
    }
  }

  #drop(upload: Upload): void {
    if (this.#uploads.delete(upload.blobId)) this.#bytes -= countedBytes(upload);
  }
}

/** Each costs memory beside its bytes. */
function countedBytes({ bytes }: Upload): number {
  return Math.max(bytes.length, limits.jmap.uploadCountsBytesMin);
}

function draftBlobId(letterId: LetterId): string {
  return `U-draft-${letterId}`;
}
