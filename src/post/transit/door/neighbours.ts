// What the room's door needs from the rest of the house, as functions it is handed; and a letter as any door hands it in.

import type { Address } from '#formats/smtp/address.ts';
import type { LetterAnswer, TransitLetter } from '../control/transit-letter.ts';
import type { LetterSource } from '../../wire/conduct.ts';

/** `later`: nobody can say now. */
export type Registered = 'yes' | 'no' | 'later';
/** Whether the letter is from the domain of its author: DMARC, aligned by SPF or DKIM. */
export type Proven = 'yes' | 'no' | 'later';

/** A letter with documents, as this door or one of the house's doors took it. */
export interface HandedIn {
  readonly plainLetter: Uint8Array;
  /** Of the envelope. */
  readonly sender: Address;
  /** As the client wrote it: its +suffix names the profile. */
  readonly recipient: Address;
  readonly source: LetterSource;
  readonly receivedMs: number;
  /** A mail program that signed in, and whose From is an address of the account: nothing else is asked. */
  readonly isSignedIn: boolean;
}

export interface TransitNeighbours {
  /** A normalised address. */
  maySend(address: string): Promise<Registered>;
  /** Never excepts our own networks. */
  proveOrigin(letter: HandedIn): Promise<Proven>;
  take(letter: TransitLetter): Promise<LetterAnswer>;
  hasRoomFor(sizeBytes: number): Promise<boolean>;
}
