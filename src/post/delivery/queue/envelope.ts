// What the live store holds of a letter: a line of JSON with its envelope, then the letter; and the notes about its progress.

import * as v from 'valibot';
import { parseId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { ACTOR_CODES, type ActorKind } from '#vault/journal/record-types.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { LetterToSend } from '../outbox.ts';

export interface Envelope {
  readonly identity: string;
  readonly letterId: LetterId | null;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  /** Not before; the days until it is given up count from here. */
  readonly sendAtMs: number;
  readonly actor: Actor;
}

export interface PlainContent {
  readonly envelope: Envelope;
  readonly plainLetter: Uint8Array;
}

/** A peer's last word about one recipient, by its place in the envelope. */
export interface Answer {
  readonly index: number;
  readonly kind: 'delivered' | 'failed' | 'expired';
  readonly code: number;
  readonly enhanced: string;
  readonly plainText: string;
}

/** `answers`: final ones. `told`: those whose failure the sender knows. `delayed`: the sender knows that it takes long. */
export interface Note {
  readonly answers?: readonly Answer[] | undefined;
  readonly told?: readonly number[] | undefined;
  readonly delayed?: true | undefined;
}

const LINE_END = 10;

export function encodeContent(letter: LetterToSend, dueMs: number): readonly Uint8Array[] {
  const { identity, letterId, mailFrom, recipients, actor } = letter;
  const line = {
    identity,
    letterId,
    mailFrom,
    recipients,
    sendAtMs: dueMs,
    actor: { kind: actor.kind, id: toBase64Url(actor.id) },
  };
  return [Buffer.from(`${JSON.stringify(line)}\n`, 'utf8'), letter.plainLetter];
}

const ACTOR_KINDS = Object.keys(ACTOR_CODES) as ActorKind[];
const envelopeSchema = v.object({
  identity: v.string(),
  letterId: v.nullable(v.string()),
  mailFrom: v.string(),
  recipients: v.pipe(v.array(v.string()), v.maxLength(limits.queue.recipientsMax)),
  sendAtMs: v.number(),
  actor: v.object({ kind: v.picklist(ACTOR_KINDS), id: v.string() }),
});

/** Undefined: not what `encodeContent` writes. */
export function decodeContent(plain: Buffer): PlainContent | undefined {
  const end = plain.indexOf(LINE_END);
  const read = v.safeParse(
    v.pipe(v.string(), v.parseJson(), envelopeSchema),
    plain.toString('utf8', 0, Math.max(0, end)),
  );
  if (!read.success) return undefined;
  const { actor, letterId, ...rest } = read.output;
  const id = fromBase64(actor.id) ?? new Uint8Array(16);
  return {
    envelope: { ...rest, letterId: parseId<LetterId>(letterId) ?? null, actor: { kind: actor.kind, id } },
    plainLetter: plain.subarray(end + 1),
  };
}

export function encodeNote(note: Note): Uint8Array {
  return Buffer.from(JSON.stringify(note), 'utf8');
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const noteSchema = v.object({
  answers: v.optional(
    v.array(
      v.object({
        index,
        kind: v.picklist(['delivered', 'failed', 'expired']),
        code: v.number(),
        enhanced: v.string(),
        plainText: v.string(),
      }),
    ),
  ),
  told: v.optional(v.array(index)),
  delayed: v.optional(v.literal(true)),
});

/** A note that cannot be read says nothing. */
export function decodeNote(plain: Buffer): Note {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), noteSchema), plain.toString('utf8'));
  return read.success ? read.output : {};
}
