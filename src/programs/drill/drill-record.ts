// The newest drill of a house, kept in its data folder beside the receipt that the book has of it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '#vault/database/postgres/write-whole.ts';
import { drillShape } from '../methods/drill-methods.ts';

const recordSchema = v.object({
  v: v.literal(1),
  report: drillShape,
  /** The receipt’s file, signed by the house, as `siegel receipt check` reads it; null: the book took none. */
  receipt: v.nullable(v.string()),
});
export type DrillRecord = v.InferOutput<typeof recordSchema>;

const FILE = 'drill.json';

/** Undefined: there was none, or what is there cannot be read. */
export async function readDrillRecord(dataDir: string): Promise<DrillRecord | undefined> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => undefined);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
  return read.success ? read.output : undefined;
}

export async function writeDrillRecord(dataDir: string, record: DrillRecord): Promise<void> {
  await writeWhole(join(dataDir, FILE), `${JSON.stringify(record)}\n`);
}
