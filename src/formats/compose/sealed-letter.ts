// The outside of a letter that its writer encrypted: fields without what need not be seen, and the PGP/MIME frame (RFC 3156 §4, RFC 9788 §3.2).

import type { Result } from '#base/result.ts';
import { armor } from '../openpgp/armor.ts';
import { parameterField, type ComposeRefusal, type Mailbox } from './field-lines.ts';
import { letterFields, type LetterFields } from './write-letter.ts';

/** What stands outside instead of the subject (RFC 9788 §3.2.1). */
export const OUTER_SUBJECT = '[...]';

export interface OuterFields {
  readonly lines: readonly string[];
  readonly needsUtf8: boolean;
}

/** Subject and names go under the seal; addresses, ids and the UTC date stay, so that letters arrive and conversations hold together. */
export function outerFields(fields: LetterFields): Result<OuterFields, ComposeRefusal> {
  const bare = (people: readonly Mailbox[]): readonly Mailbox[] => people.map(({ address }) => ({ name: '', address }));
  return letterFields({
    ...fields,
    from: { name: '', address: fields.from.address },
    to: bare(fields.to),
    cc: bare(fields.cc),
    bcc: [],
    subject: OUTER_SUBJECT,
  });
}

/** The whole letter around an OpenPGP message, binary. */
export function sealedLetter(outer: OuterFields, message: Uint8Array, boundarySeed: string): Uint8Array<ArrayBuffer> {
  const boundary = `=_${boundarySeed}e`;
  const head = [
    ...outer.lines,
    'MIME-Version: 1.0\r\n',
    parameterField('Content-Type', 'multipart/encrypted', [
      ['protocol', 'application/pgp-encrypted'],
      ['boundary', boundary],
    ]),
    `\r\n--${boundary}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--${boundary}\r\n`,
    parameterField('Content-Type', 'application/octet-stream', [['name', 'encrypted.asc']]),
    parameterField('Content-Disposition', 'inline', [['filename', 'encrypted.asc']]),
    '\r\n',
  ];
  return new TextEncoder().encode(`${head.join('')}${armor('PGP MESSAGE', message)}\r\n--${boundary}--\r\n`);
}
