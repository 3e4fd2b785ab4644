// What can be found in a letter, and where.

import type { Channel } from '#formats/desk/model.ts';

export type FactKind =
  | 'pgpEncrypted'
  | 'smimeEnveloped'
  | 'smimeAuthEnveloped'
  | 'pgpSignedOnly'
  | 'smimeSignedOnly'
  | 'attachedKey'
  | 'signature'
  | 'version'
  | 'clearText'
  | 'clearFile'
  | 'quotedArmor'
  /** Says that it is encrypted, and is not. */
  | 'fakeLabel'
  | 'brokenArmor'
  /** Begins like something encrypted and does not end as such. */
  | 'brokenMessage'
  /** More than is looked at, or nested deeper. */
  | 'unreadable';

export interface Fact {
  readonly kind: FactKind;
  /** "1.2": the second part of the first; "" the letter itself; "1.0": the text around the parts of the first. */
  readonly place: string;
}

export interface Classified {
  readonly channel: Extract<Channel, 'PGP' | 'SMIME' | 'MIXED' | 'PLAIN_MAIL'>;
  readonly facts: readonly Fact[];
  /** Key ids (16 hex digits, all zero: hidden) and fingerprints of the keys that OpenPGP messages are encrypted to. */
  readonly recipients: readonly string[];
}
