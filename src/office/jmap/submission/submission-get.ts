// EmailSubmission/get and /changes (RFC 8621 §§7.1, 7.2).

import { parseId, type SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { SUBMISSION } from '#formats/jmap/capabilities.ts';
import { splitChanges } from '#formats/jmap/changes.ts';
import {
  boundIds,
  changesShape,
  getShape,
  pick,
  readArguments,
  readProperties,
} from '#formats/jmap/standard-arguments.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { readSubmissionChanges, readSubmissions } from '#vault/database/read-submissions.ts';
import { reading } from '../method.ts';
import { changesSince, requireStates, submissionState } from '../states.ts';
import { submissionMembers, submissionProperties } from './submission-view.ts';

export const submissionGet = reading('EmailSubmission/get', SUBMISSION, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const wanted = readProperties(read.value.properties, submissionProperties);
  if (!wanted.ok) return wanted;
  const asked = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!asked.ok) return asked;
  const known = asked.value?.map((id) => parseId<SubmissionId>(id)).filter((id) => id !== undefined);
  const { state, rows } = await atOneMoment(call.house.reader, async (db) => ({
    state: submissionState(await requireStates(call, db)),
    rows: await readSubmissions(db, call.accountId, known, limits.jmap.objectsInGet + 1),
  }));
  if (rows.length > limits.jmap.objectsInGet) {
    return err({ kind: 'requestTooLarge', description: 'Name the ids; EmailSubmission/query lists them.' });
  }
  const list: unknown[] = [];
  for (const row of rows) list.push(pick(await submissionMembers(row, call, wanted.value), wanted.value));
  const found = new Set<string>(rows.map((row) => row.id));
  return ok({ state, list, notFound: (asked.value ?? []).filter((id) => !found.has(id)) });
});

export const submissionChanges = reading('EmailSubmission/changes', SUBMISSION, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const { sinceState, maxChanges } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceState, states.era, states.submissionModseq);
    if (!since.ok) return since;
    const max = Math.min(maxChanges ?? Infinity, limits.jmap.changesMax);
    const rows = await readSubmissionChanges(db, call.accountId, since.value, max + 1);
    return ok({ oldState: sinceState, ...splitChanges(rows, since.value, states.submissionModseq, max) });
  });
});
