// Letters that came: whole columns at once into letter and placement, however many accounts they belong to.

import { byteas, int2s, int4s, int8s, texts, uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { Uuid } from '../tables.ts';
import type { Place } from '../../journal/journal.ts';
import type { LetterRecord } from '../../journal/letter-record.ts';
import type { RecordHeader } from '../../journal/record.ts';
import { isUnread, sortKeywords, type Context } from './effect.ts';
import { MailboxLookup } from './mailbox-lookup.ts';

export interface NewLetter {
  readonly account: Uuid;
  readonly header: RecordHeader;
  readonly place: Place;
  readonly letter: LetterRecord;
  readonly bodyPlace: Place;
}

const INSERT_LETTERS = `
  INSERT INTO letter (account_id, letter_id, journal, key_seq, key_segment, key_offset,
    body_journal, body_seq, body_segment, body_offset, digest, e0, e1, e2, e3, e4, e5, e6, e7,
    class, chain_day, epoch, expires_ms, received_ms, size_bytes, render_version, keywords, created_modseq, modseq)
  SELECT account_id, letter_id, journal, key_seq, key_segment, key_offset,
    body_journal, body_seq, body_segment, body_offset, digest, e0, e1, e2, e3, e4, e5, e6, e7,
    class, chain_day, epoch, expires_ms, received_ms, size_bytes, render_version, string_to_array(keywords, ' '), modseq, modseq
  FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int8[], $5::int4[], $6::int8[],
    $7::int4[], $8::int8[], $9::int4[], $10::int8[], $11::bytea[],
    $12::int4[], $13::int4[], $14::int4[], $15::int4[], $16::int4[], $17::int4[], $18::int4[], $19::int4[],
    $20::int2[], $21::int4[], $22::int4[], $23::int8[], $24::int8[], $25::int8[], $26::int2[], $27::text[], $28::int8[])
  AS u(account_id, letter_id, journal, key_seq, key_segment, key_offset,
    body_journal, body_seq, body_segment, body_offset, digest, e0, e1, e2, e3, e4, e5, e6, e7,
    class, chain_day, epoch, expires_ms, received_ms, size_bytes, render_version, keywords, modseq)`;

const INSERT_PLACEMENTS = `
  INSERT INTO placement (account_id, mailbox_id, uid, letter_id, received_ms, modseq)
  SELECT account_id, mailbox_id, uid, letter_id, received_ms, uid
  FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::uuid[], $5::int8[]) AS u(account_id, mailbox_id, uid, letter_id, received_ms)`;

/** Letter, placement and sums of each; one whose mailbox is gone lies in the inbox. */
export async function insertLetters({ tx, counters }: Context, letters: readonly NewLetter[]): Promise<void> {
  const letterIds = letters.map(({ letter }) => idToUuid(letter.letterId));
  const lookup = new MailboxLookup();
  const wanted = letters.map(({ account, letter }) => {
    const mailbox = idToUuid(letter.mailboxId);
    lookup.want(account, mailbox);
    return mailbox;
  });
  await lookup.load(tx);
  const accounts = uuids(letters.map(({ account }) => account));
  const ids = uuids(letterIds);
  await tx.rows(INSERT_LETTERS, [accounts, ids, ...letterColumns(letters)]);
  const placed: { readonly account: Uuid; readonly mailbox: Uuid; readonly letterId: Uuid; readonly of: NewLetter }[] =
    [];
  for (const [index, letter] of letters.entries()) {
    const { account, header } = letter;
    counters.letters(account, 1, letter.letter.renderSizeBytes);
    const { mailbox } = lookup.get(account, wanted[index] ?? '');
    const letterId = letterIds[index];
    if (mailbox === null || letterId === undefined) continue;
    const unread = isUnread(letter.letter.keywords) ? 1 : 0;
    counters.mailbox(account, mailbox, { total: 1, unread, modseq: header.accountSeq });
    placed.push({ account, mailbox, letterId, of: letter });
  }
  if (placed.length === 0) return;
  await tx.rows(INSERT_PLACEMENTS, [
    placed.length === letters.length ? accounts : uuids(placed.map(({ account }) => account)),
    uuids(placed.map(({ mailbox }) => mailbox)),
    int8s(placed.map(({ of }) => of.header.accountSeq)),
    placed.length === letters.length ? ids : uuids(placed.map(({ letterId }) => letterId)),
    int8s(placed.map(({ of }) => of.letter.receivedMs)),
  ]);
}

/** Every column after account and letter id. */
function letterColumns(letters: readonly NewLetter[]): readonly Buffer[] {
  const elements = letters.map(
    ({ letter }) => new DataView(letter.element.buffer, letter.element.byteOffset, letter.element.length),
  );
  const word = (at: number): Buffer => int4s(elements.map((element) => element.getInt32(at * 4)));
  return [
    int4s(letters.map(({ header }) => header.journal)),
    int8s(letters.map(({ header }) => header.seq)),
    int4s(letters.map(({ place }) => place.segment)),
    int8s(letters.map(({ place }) => place.offset)),
    int4s(letters.map(({ letter }) => letter.bodyJournal)),
    int8s(letters.map(({ letter }) => letter.bodySeq)),
    int4s(letters.map(({ bodyPlace }) => bodyPlace.segment)),
    int8s(letters.map(({ bodyPlace }) => bodyPlace.offset)),
    byteas(letters.map(({ letter }) => letter.packetDigest)),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map(word),
    int2s(letters.map(({ header }) => (header.class === 'mortal' ? 1 : 0))),
    int4s(letters.map(({ header }) => header.chainDay)),
    int4s(letters.map(({ header }) => header.epoch)),
    int8s(letters.map(({ letter }) => letter.expiresMs)),
    int8s(letters.map(({ letter }) => letter.receivedMs)),
    int8s(letters.map(({ letter }) => letter.renderSizeBytes)),
    int2s(letters.map(({ letter }) => letter.renderVersion)),
    texts(letters.map(({ letter }) => sortKeywords(letter.keywords).join(' '))),
    int8s(letters.map(({ header }) => header.accountSeq)),
  ];
}
