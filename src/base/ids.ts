// Random ids of 16 bytes, branded so that one kind never passes for another; the only ids a log may carry.

declare const brand: unique symbol;
export type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Text form of every id: 26 lower-case letters and digits (RFC 4648 base32 without padding), safe in file names and JMAP. */
export type AccountId = Branded<string, 'AccountId'>;
export type LetterId = Branded<string, 'LetterId'>;
export type MailboxId = Branded<string, 'MailboxId'>;
export type SessionId = Branded<string, 'SessionId'>;
export type ItemId = Branded<string, 'ItemId'>;
export type InviteId = Branded<string, 'InviteId'>;
export type InstanceId = Branded<string, 'InstanceId'>;
export type TraceId = Branded<string, 'TraceId'>;
export type ChangeId = Branded<string, 'ChangeId'>;
export type SubmissionId = Branded<string, 'SubmissionId'>;
export type AppPasswordId = Branded<string, 'AppPasswordId'>;
export type OperatorId = Branded<string, 'OperatorId'>;
export type TransitJobId = Branded<string, 'TransitJobId'>;
/** What the log accepts besides literals, numbers and booleans. */
export type LoggableId =
  | AccountId
  | LetterId
  | MailboxId
  | SessionId
  | ItemId
  | InviteId
  | InstanceId
  | TraceId
  | ChangeId
  | SubmissionId
  | AppPasswordId
  | OperatorId
  | TransitJobId;

export const ID_BYTES = 16;
/** RFC 4648 §6, in small letters. */
export const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_PATTERN = /^[a-z2-7]{25}[aeimquy4]$/;

const CODES = Array.from(BASE32, (character) => character.charCodeAt(0));
const ID_LENGTH = 26;
/** Filled anew by each call: a text built letter by letter costs twice as much, and a replay builds millions. */
const codes = Array.from({ length: ID_LENGTH }, () => 0);

/** 16 bytes → 26 characters. */
export function idFromBytes<T extends LoggableId>(bytes: Uint8Array): T {
  if (bytes.length !== ID_BYTES) throw new Error(`an id has ${ID_BYTES} bytes, not ${bytes.length}`);
  let at = 0;
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      codes[at++] = CODES[(value >> bits) & 31] ?? 0;
    }
  }
  codes[at] = CODES[(value << (5 - bits)) & 31] ?? 0;
  return String.fromCharCode(...codes) as T;
}

/** 26 characters → 16 bytes; throws on anything else. */
export function idToBytes(id: LoggableId): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const character of id) {
    const digit = BASE32.indexOf(character);
    if (digit < 0) throw new Error('not an id');
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8 && at < ID_BYTES) {
      bits -= 8;
      bytes[at++] = (value >> bits) & 0xff;
    }
  }
  if (at !== ID_BYTES) throw new Error('not an id');
  return bytes;
}

/** Whether a text from outside has the shape of an id. */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

/** The id in `text`, or undefined when it has not the shape of one. */
export function parseId<T extends LoggableId>(text: unknown): T | undefined {
  return typeof text === 'string' && isId(text) ? (text as T) : undefined;
}

/** A fresh random id. Works in Node and in browsers. */
export function newId<T extends LoggableId>(): T {
  return idFromBytes<T>(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
