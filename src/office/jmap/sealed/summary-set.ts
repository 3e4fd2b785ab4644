// SealedSummary/set: a summary the reader's client rebuilt after opening the letter; never made or destroyed apart from it.

import * as v from 'valibot';
import { parseId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { setShape } from '#formats/jmap/standard-arguments.ts';
import { readLetters, type LetterRow } from '#vault/database/read-letters.ts';
import type { Command } from '#vault/journal/commands.ts';
import { beginSet } from '../begin-set.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, type Members } from '../method.ts';
import { emailState } from '../states.ts';
import { parseSealed, readObject, versionNumber } from './read-sealed.ts';

const shape = v.strictObject({ version: versionNumber, summary: v.string(), terms: v.optional(v.string(), '') });

export const sealedSummarySet = changing('SealedSummary/set', SEALED, async (args, call) => {
  const begun = await beginSet(setShape, args, call, emailState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const { create, update, destroy } = value;
  const outcome = new SetOutcome();
  const forbidden: SetError = { kind: 'forbidden', description: 'A summary comes and goes with its letter.' };
  for (const creationId of Object.keys(create ?? {})) outcome.notCreated(creationId, forbidden);
  for (const id of destroy ?? []) outcome.notDestroyed(id, forbidden);
  const ids = Object.keys(update ?? {}).map((id) => parseId<LetterId>(id));
  const rows = new Map<string, LetterRow>();
  for (const row of await readLetters(
    call.house.reader.db,
    call.accountId,
    ids.filter((id) => id !== undefined),
  )) {
    rows.set(row.id, row);
  }
  const commands: Command[] = [];
  for (const [id, members] of Object.entries(update ?? {})) {
    const command = readSummary(rows.get(id), members);
    if (command.ok) {
      commands.push(command.value);
      outcome.updated(id);
    } else outcome.notUpdated(id, command.error);
  }
  const run = new ChangeRun(call);
  const done = await run.commitAll(commands);
  return done.ok ? ok(outcome.response(run.statesAround(before, 'emailModseq'))) : done;
});

function readSummary(row: LetterRow | undefined, members: Members): Result<Command, SetError> {
  if (row === undefined) return err({ kind: 'notFound' });
  const read = readObject(shape, members);
  if (!read.ok) return read;
  const { version } = read.value;
  if (version !== row.summaryVersion + 1) {
    return err({ kind: 'versionMismatch', description: `The version now is ${row.summaryVersion}.` });
  }
  const summary = parseSealed(read.value.summary, 'summary', limits.jmap.sealedSummaryBytes);
  if (!summary.ok) return summary;
  const terms = read.value.terms === '' ? ok('') : parseSealed(read.value.terms, 'terms', limits.jmap.sealedTermsBytes);
  if (!terms.ok) return terms;
  return ok({ kind: 'summaryPut', effect: { id: row.id, version, summary: summary.value, terms: terms.value } });
}
