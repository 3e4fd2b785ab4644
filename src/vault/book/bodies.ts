// What receipts say, made again from the record they stand for: kinds, facts, salt and signature (decision 0012).

import type { InstanceId, LetterId } from '#base/ids.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { deriveKey, labelled } from '../sealing/derive.ts';
import { joinBytes } from '../sealing/bytes.ts';
import { hmacSha256 } from '../sealing/seal-blobs.ts';
import {
  headSignedBytes,
  receiptSignedBytes,
  SALT_BYTES,
  type Facts,
  type ReceiptBody,
  type ReceiptFile,
  type SignedHead,
} from './check/receipt.ts';
import type { Hash } from './merkle.ts';

/** The record a receipt stands for; `nth`: the how-manieth receipt of that record. */
export interface RecordName {
  readonly journal: number;
  readonly seq: number;
  readonly nth: number;
}

/** A promise other than a letter's, as it is kept in the rows. */
export interface Promised extends RecordName {
  readonly kind: string;
  readonly timeMs: number;
  readonly facts: Facts;
}

/** What a letter's receipt is made from; all of it stands in the letter's row. */
export interface LetterFacts {
  readonly journal: number;
  readonly seq: number;
  readonly letterId: LetterId;
  /** SHA-256 of the data packet. */
  readonly packetDigest: Uint8Array;
  readonly receivedMs: number;
}

export interface BatchFacts extends Omit<RecordName, 'nth'> {
  readonly root: Hash;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly closedMs: number;
}

export interface BookKeys {
  readonly instanceId: InstanceId;
  readonly ledgerKey: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 signature by the book key. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** Words and signatures of one house. */
export class Bodies {
  readonly house: InstanceId;
  /** base64url */
  readonly key: string;
  readonly #sign: BookKeys['sign'];
  readonly #saltKey: Hash;

  constructor({ instanceId, ledgerKey, publicKey, sign }: BookKeys) {
    this.house = instanceId;
    this.key = toBase64Url(publicKey);
    this.#sign = sign;
    this.#saltKey = deriveKey(ledgerKey, 'siegel/receipt-salt/v1');
  }

  letter({ journal, seq, letterId, packetDigest, receivedMs }: LetterFacts): ReceiptBody {
    const facts = { letter: letterId, packet: toBase64Url(packetDigest) };
    return this.promised({ journal, seq, nth: 0, kind: 'letter-sealed', timeMs: receivedMs, facts });
  }

  batch({ journal, seq, root, count, fromMs, toMs, closedMs }: BatchFacts): ReceiptBody {
    const facts = { root: toBase64Url(root), count, fromMs, toMs };
    return this.promised({ journal, seq, nth: 0, kind: 'letters-sealed', timeMs: closedMs, facts });
  }

  promised({ kind, timeMs, facts, ...name }: Promised): ReceiptBody {
    return { v: 1, kind, house: this.house, timeMs, facts, salt: this.#salt(name, kind) };
  }

  /** The file without a place in the book. */
  signed(receipt: ReceiptBody): ReceiptFile {
    return { receipt, key: this.key, signature: toBase64Url(this.#sign(receiptSignedBytes(receipt))) };
  }

  head(size: number, root: Hash, timeMs: number): SignedHead {
    const head = { v: 1, house: this.house, size, root: toBase64Url(root), timeMs } as const;
    return { ...head, signature: toBase64Url(this.#sign(headSignedBytes(head))) };
  }

  /** Same record, same salt; nobody without the key can make it. */
  #salt({ journal, seq, nth }: RecordName, kind: string): string {
    const number = Buffer.alloc(12);
    number.writeUInt16BE(journal, 0);
    number.writeBigUInt64BE(BigInt(seq), 2);
    number.writeUInt16BE(nth, 10);
    const named = joinBytes(labelled(kind), number);
    return toBase64Url(hmacSha256(this.#saltKey, named).subarray(0, SALT_BYTES));
  }
}
