// `siegel report export FOLDER`: the register as it stands, a line for each entry and each filing, for who verifies it elsewhere.

import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { Call, CommandRefusal, Run } from '../../command.ts';
import { askOperator } from '../../operator-socket.ts';
import { refused } from './read-text.ts';

export const ENTRIES_FILE = 'entries.jsonl';
export const FILINGS_FILE = 'filings.jsonl';

export const run: Run = async (call) => {
  const [folder = ''] = call.operands;
  try {
    await mkdir(folder);
  } catch {
    return refused('cannot-write', `${folder} cannot be made: the folder above it must be there, and it must not.`);
  }
  const entries = await writeLines(join(folder, ENTRIES_FILE), entriesOf(call));
  if (!entries.ok) return entries;
  const filings = await writeLines(join(folder, FILINGS_FILE), filingsOf(call));
  if (!filings.ok) return filings;
  const done = { folder, entries: entries.value, filings: filings.value };
  const next = `Anybody verifies it with: siegel report verify ${folder} --trust FINGERPRINTS`;
  return ok({ json: done, text: `${done.entries} entries, ${done.filings} filings in ${folder}.\n${next}` });
};

type Page = Result<readonly object[], CommandRefusal>;

async function* entriesOf({ config }: Call): AsyncGenerator<Page> {
  for (let from = 0; ;) {
    const answer = await askOperator(config.dataDir, 'desk.entries', { from }, () => undefined);
    if (!answer.ok) {
      yield refused(answer.error.kind, answer.error.sentence);
      return;
    }
    const { entries } = answer.value;
    const last = entries.at(-1);
    if (last === undefined) return;
    yield ok(entries);
    from = last.nth + 1;
  }
}

async function* filingsOf({ config }: Call): AsyncGenerator<Page> {
  for (let after = ''; ;) {
    const answer = await askOperator(config.dataDir, 'desk.filings', { after }, () => undefined);
    if (!answer.ok) {
      yield refused(answer.error.kind, answer.error.sentence);
      return;
    }
    const { filings } = answer.value;
    const last = filings.at(-1);
    if (last === undefined) return;
    yield ok(filings);
    after = last.filing;
  }
}

async function writeLines(path: string, pages: AsyncIterable<Page>): Promise<Result<number, CommandRefusal>> {
  await using file = await open(path, 'wx');
  let lines = 0;
  for await (const page of pages) {
    if (!page.ok) return err(page.error);
    await file.appendFile(page.value.map((line) => `${canonicalJson(line)}\n`).join(''));
    lines += page.value.length;
  }
  await file.sync();
  return ok(lines);
}
