// The register of authorities' requests: entries are only ever added, each filing has one row as it stands after the newest.

import { int4s, int8s, texts } from '../array-parameter.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Session } from '../session.ts';
import { bytesOf } from './effect.ts';

const ENTRIES = `
  INSERT INTO desk_entry (nth, at_ms, filing, kind, blind, event, leaf, head, journal, seq)
  SELECT e.nth, e.at_ms, e.filing, e.kind, e.blind, e.event, e.leaf, e.head, $9::int4, $10::int8
  FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS e (nth, at_ms, filing, kind, blind, event, leaf, head)`;
const ROWS = `
  INSERT INTO desk_filing (filing, year, received_ms, state, contents)
  SELECT * FROM unnest($1::text[], $2::int4[], $3::int8[], $4::text[], $5::text[])
  ON CONFLICT (filing) DO UPDATE SET year = excluded.year, received_ms = excluded.received_ms, state = excluded.state,
    contents = excluded.contents`;
const FILE = 'INSERT INTO desk_file (file, put_ms, sealed) VALUES ($1, $2, $3) ON CONFLICT (file) DO NOTHING';

export async function noteDesk(
  tx: Session,
  { journal, seq }: RecordHeader,
  { entries, rows }: CommandOf<'deskNoted'>['effect'],
): Promise<void> {
  await tx.rows(ENTRIES, [
    int8s(entries.map(({ nth }) => nth)),
    int8s(entries.map(({ atMs }) => atMs)),
    texts(entries.map(({ filing }) => filing)),
    texts(entries.map(({ kind }) => kind)),
    texts(entries.map(({ blind }) => blind)),
    texts(entries.map(({ event }) => event)),
    texts(entries.map(({ leaf }) => leaf)),
    texts(entries.map(({ head }) => head)),
    journal,
    seq,
  ]);
  if (rows.length === 0) return;
  await tx.rows(ROWS, [
    texts(rows.map(({ filing }) => filing)),
    int4s(rows.map(({ year }) => year)),
    int8s(rows.map(({ receivedMs }) => receivedMs)),
    texts(rows.map(({ state }) => state)),
    texts(rows.map(({ row }) => row)),
  ]);
}

export async function putDeskFile(
  tx: Session,
  { timeMs }: RecordHeader,
  { file, sealed }: CommandOf<'deskFilePut'>['effect'],
): Promise<void> {
  await tx.rows(FILE, [file, timeMs, bytesOf(sealed)]);
}
