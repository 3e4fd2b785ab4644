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

/** Keeps uploads for an hour at most, fewer when room is short: an account's own oldest go first, then the oldest of all. */
export class UploadStore {
  readonly #clock: Clock;
  readonly #uploads = new Map<string, Upload>();
  #bytes = 0;

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
    for (const upload of this.#uploads.values()) {
      if (this.#bytesOf(accountId) + bytes.length <= limits.http.uploadBytes) break;
      if (upload.accountId === accountId) this.#drop(upload);
    }
    for (const upload of this.#uploads.values()) {
      if (this.#bytes + bytes.length <= limits.jmap.uploadKeptBytes) break;
      this.#drop(upload);
    }
    const upload: Upload = { accountId, blobId, bytes, type, untilMs: this.#clock.nowMs() + keptMs };
    this.#uploads.set(blobId, upload);
    // also when nobody asks any more
    setTimeout(() => this.#dropOld(), keptMs + 1).unref();
    this.#bytes += bytes.length;
    return upload;
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

  #bytesOf(accountId: AccountId): number {
    let bytes = 0;
    for (const upload of this.#uploads.values()) if (upload.accountId === accountId) bytes += upload.bytes.length;
    return bytes;
  }

  #dropOld(): void {
    const now = this.#clock.nowMs();
    for (const upload of this.#uploads.values()) {
      if (upload.untilMs <= now) this.#drop(upload);
    }
  }

  #drop(upload: Upload): void {
    if (this.#uploads.delete(upload.blobId)) this.#bytes -= upload.bytes.length;
  }
}

function draftBlobId(letterId: LetterId): string {
  return `U-draft-${letterId}`;
}
