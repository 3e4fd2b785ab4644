// Everything on the disk that could be a key: files, fields of files, columns of rows, fields of records, and what they decode to.

import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { idToBytes, parseId, type LetterId } from '#base/ids.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { nodeDisk } from '../../src/vault/journal/disk.ts';
import { JournalReader } from '../../src/vault/journal/journal-reader.ts';
import { decodeLetterRecord, type LetterRecord } from '../../src/vault/journal/letter-record.ts';
import type { Row } from '../own-database.ts';
import { filesBelow } from './disk-search.ts';

export interface DiskValue {
  readonly where: string;
  readonly bytes: Buffer;
  /** Of the house or an account, not of one letter: few and worth every window. */
  readonly isHouse: boolean;
}

export interface KeptLetter {
  readonly record: LetterRecord;
  readonly packet: Buffer;
}

const FILE_BYTES_MAX = 1024 * 1024;

export async function valuesOfFiles(folder: string, isHouse: (path: string) => boolean): Promise<readonly DiskValue[]> {
  const values: DiskValue[] = [];
  for (const path of await filesBelow(folder)) {
    const where = relative(folder, path);
    const { size } = await stat(path);
    if (size <= FILE_BYTES_MAX) values.push({ where, bytes: await readFile(path), isHouse: isHouse(where) });
    else values.push({ where: `${where} (its begin)`, bytes: await readBegin(path), isHouse: false });
  }
  return values;
}

async function readBegin(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const LETTER_TABLES = ['letter', 'placement'];

export function valuesOfTables(tables: ReadonlyMap<string, readonly Row[]>): readonly DiskValue[] {
  return [...tables].flatMap(([table, rows]) =>
    rows.flatMap((row) => valuesOfRow(`table ${table}`, row, !LETTER_TABLES.includes(table))),
  );
}

/** The directory snapshot's columns; the program must have ended. */
export function valuesOfSnapshot(path: string): readonly DiskValue[] {
  const snapshot = new DatabaseSync(path);
  try {
    const tables = snapshot.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    return tables.flatMap(({ name }) =>
      snapshot
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap((row) => valuesOfRow(`snapshot ${String(name)}`, row, true)),
    );
  } finally {
    snapshot.close();
  }
}

function valuesOfRow(where: string, row: Row, isHouse: boolean): readonly DiskValue[] {
  return Object.entries(row).map(([column, value]) => ({
    where: `${where}.${column}`,
    isHouse,
    bytes: value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(textOf(value)),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every record of the key lane, each letter with its packet; of the letters' records one in `every` gives its fields as values. */
export async function readJournal(
  folder: string,
  every: number,
): Promise<{ readonly letters: readonly KeptLetter[]; readonly values: readonly DiskValue[] }> {
  const reader = new JournalReader(nodeDisk, folder, 0, () => Number.MAX_SAFE_INTEGER);
  const letters: KeptLetter[] = [];
  const values: DiskValue[] = [];
  try {
    for await (const batch of reader.readKeyRecords(0, () => Number.MAX_SAFE_INTEGER)) {
      for (const { header, place, content } of batch) {
        if (content.kind === 'letter' && content.bodyPlace) {
          const body = await reader.read('body', content.bodyPlace);
          if (!body.ok) throw new Error('a letter without its packet');
          const whole = await reader.read('key', place);
          const record = whole.ok ? decodeLetterRecord(whole.value.payload) : whole;
          if (!record.ok) throw new Error('a letter whose record cannot be read');
          letters.push({ record: record.value, packet: body.value.payload });
          if (letters.length % every === 0) values.push(...valuesOfLetter(record.value));
        } else {
          values.push({ where: `record ${header.kind}`, isHouse: true, bytes: Buffer.from(JSON.stringify(content)) });
        }
      }
    }
  } finally {
    await reader.close();
  }
  return { letters, values };
}

export function valuesOfLetter({
  packetDigest,
  element,
  keyPacket,
  summary,
  terms,
}: LetterRecord): readonly DiskValue[] {
  return Object.entries({ packetDigest, element, keyPacket, summary, terms }).map(([field, bytes]) => ({
    where: `record letter.${field}`,
    isHouse: false,
    bytes: Buffer.from(bytes),
  }));
}

/** A value and all it decodes to: strings within JSON, hex, base64, base64url, ids; of files and the house's values the SHA-256 too. */
export function decodingsOf({ where, bytes, isHouse }: DiskValue): readonly DiskValue[] {
  const found: DiskValue[] = [{ where, bytes, isHouse }];
  const add = (form: string, decoded: Uint8Array): void =>
    void found.push({ where: `${where} as ${form}`, bytes: Buffer.from(decoded), isHouse });
  if (isHouse || where.includes('/')) add('SHA-256', createHash('sha256').update(bytes).digest());
  const text = bytes.toString('latin1');
  if (/[^\t\r\n -~]/.test(text) || text.length > FILE_BYTES_MAX) return found;
  for (const [word] of text.matchAll(/[\w+/-]{16,}={0,2}/g)) {
    if (isHouse) add('text', Buffer.from(word));
    if (/^(?:[0-9a-f]{2})+$/i.test(word)) add('hex', Buffer.from(word, 'hex'));
    if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(word))
      add('uuid', Buffer.from(word.replaceAll('-', ''), 'hex'));
    const id = parseId<LetterId>(word);
    if (id !== undefined) add('id', idToBytes(id));
    add('base64', fromBase64(word.replace(/=+$/, '')) ?? Buffer.from(word, 'base64'));
  }
  return found;
}
