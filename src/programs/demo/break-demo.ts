// `siegel demo break` and `demo undo`: the wrong command of R0, live in the sample office, and what brings everything back.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openDatabase } from '#vault/database/open-database.ts';
import { DATABASE_NAME, DATABASE_USER } from '#vault/database/postgres/cluster.ts';
import { runUnguarded, tryStatements, WRONG_COMMAND } from '#vault/safeguards/drill/wrong-statements.ts';
import type { Call, CommandRefusal, Outcome } from '../command.ts';
import type { ResultOf } from '../operator-methods.ts';
import { askOperator } from '../operator-socket.ts';
import { sendLetter } from '../send-letter.ts';
import { demoFolderPath, readDemoFolder } from './demo-folder.ts';
import { persons } from './persons.ts';

export interface Office {
  readonly dataDir: string;
  readonly smtp: { readonly host: string; readonly port: number };
}

interface RunningDemo extends Office {
  readonly page: string;
}

const NOT_RUNNING =
  'The sample office does not run, so there is nothing to break. Nothing was changed. Start it in another terminal: siegel demo start';

export async function breakDemo({ config }: Call): Promise<Outcome> {
  const running = await findDemo(config);
  if (!running.ok) return running;
  const broken = await breakOffice(running.value);
  if (!broken.ok) return broken;
  const { page } = running.value;
  const { letters, missing, refused, reader } = broken.value;
  const lines = [
    `The wrong command, as it was given in 2014:  ${WRONG_COMMAND.join(';  ')}`,
    `The guard refuses it:  ${refused}`,
    '',
    'Now the same as if two people had signed it all the same.',
    `The mailboxes are empty: ${letters} letters were there, the ledger names ${missing} as missing.`,
    `A letter to ${reader} came meanwhile and was taken. Look at ${page}`,
    '',
    'Bring everything back:  siegel demo undo',
  ];
  return ok({ json: { letters, missing, refused, page, undo: 'siegel demo undo' }, text: lines.join('\n') });
}

export async function undoDemo({ config }: Call): Promise<Outcome> {
  const running = await findDemo(config);
  if (!running.ok) return running;
  const { page } = running.value;
  const undone = await undoOffice(running.value);
  if (!undone.ok) return undone;
  const { isEqual, letters, seconds } = undone.value;
  const words = isEqual
    ? 'the ledger is equal: nothing is missing, nothing is there twice'
    : 'the ledger still differs';
  return ok({
    json: { letters, isEqual, seconds, page },
    text: `${letters} letters are back after ${seconds} s, with the one that came meanwhile on top; ${words}.\nLook at ${page}`,
    isBad: !isEqual,
  });
}

export interface Broken {
  readonly letters: number;
  readonly missing: number;
  /** What the guard said before it was gone past. */
  readonly refused: string;
  /** Whose letter came meanwhile. */
  readonly reader: string;
}

export async function breakOffice({ dataDir, smtp }: Office): Promise<Result<Broken, CommandRefusal>> {
  const before = await check(dataDir);
  if (!before.ok) return before;
  const refused = await giveWrongCommand(dataDir);
  const [reader] = persons;
  if (reader === undefined) throw new Error('an office without people');
  const plainLetter = letterTo(reader.address);
  const sent = await sendLetter({ ...smtp, from: 'court@amtsgericht.example', to: reader.address, plainLetter });
  if (!sent.ok) return refuse(sent.error);
  const after = await check(dataDir);
  if (!after.ok) return after;
  const missing = new Set(after.value.named.map(({ letter }) => letter)).size;
  return ok({ letters: before.value.letters, missing, refused, reader: reader.name });
}

/** From the journal alone: the wrong command was never in it, the letter that came meanwhile is. */
export async function undoOffice({
  dataDir,
}: Pick<Office, 'dataDir'>): Promise<
  Result<{ readonly letters: number; readonly isEqual: boolean; readonly seconds: number }, CommandRefusal>
> {
  const beginMs = systemClock.monotonicMs();
  const rebuilt = await askOperator(dataDir, 'database.rebuild', { apply: true });
  if (!rebuilt.ok) return refuse(rebuilt.error);
  const seconds = Math.round((systemClock.monotonicMs() - beginMs) / 10) / 100;
  const checked = await check(dataDir);
  if (!checked.ok) return checked;
  const { isEqual, letters } = checked.value;
  return ok({ letters, isEqual, seconds });
}

async function findDemo(config: Call['config']): Promise<Result<RunningDemo, CommandRefusal>> {
  const folder = readDemoFolder(demoFolderPath(config));
  if (!folder.ok) return folder;
  const { dataDir } = folder.value;
  const status = await askOperator(dataDir, 'status', {});
  if (!status.ok) return err({ kind: 'refused', reason: 'not-running', sentence: NOT_RUNNING });
  const { page, smtp } = status.value.facts;
  const [, host = '127.0.0.1', port = '0'] = /^(.*):(\d+)$/.exec(String(smtp)) ?? [];
  return ok({ dataDir, page: String(page), smtp: { host, port: Number(port) } });
}

async function check(dataDir: string): Promise<Result<ResultOf<'ledger.check'>, CommandRefusal>> {
  const checked = await askOperator(dataDir, 'ledger.check', { deep: false });
  return checked.ok ? checked : refuse(checked.error);
}

/** What the guard answered before it was gone past. */
async function giveWrongCommand(dataDir: string): Promise<string> {
  await using folder = await open(join(dataDir, 'postgres', 'run')); // a short path to the socket, however long the folder’s is
  const host = encodeURIComponent(`/proc/self/fd/${folder.fd}`);
  const url = `postgresql:///${DATABASE_NAME}?host=${host}&port=5432&user=${DATABASE_USER}`;
  const database = openDatabase(url, silentLog);
  try {
    const refused = await tryStatements(database, 'owner', WRONG_COMMAND);
    await runUnguarded(database, systemClock.nowMs(), WRONG_COMMAND);
    return refused ?? 'nothing refused it';
  } finally {
    await database.close();
  }
}

function letterTo(address: string): string {
  const day = new Date(systemClock.nowMs()).toUTCString().replace('GMT', '+0000');
  return [
    'From: Amtsgericht <court@amtsgericht.example>',
    `To: ${address}`,
    'Subject: This letter came while the mailbox was empty',
    `Date: ${day}`,
    `Message-ID: <while-empty-${systemClock.nowMs()}@amtsgericht.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Somebody emptied the database. This letter was taken all the same, and after the undo it lies on top of all the others.',
    '',
  ].join('\r\n');
}

function refuse({
  kind,
  sentence,
}: {
  readonly kind: string;
  readonly sentence: string;
}): Result<never, CommandRefusal> {
  return err({ kind: 'refused', reason: kind, sentence });
}
