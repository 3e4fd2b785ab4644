// RemovedEmail/get, /restore and /destroyNow: what was deleted for good and can come back, and what shall not (urn:siegel:params:jmap:sealed).

import * as v from 'valibot';
import { parseId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import { boundIds, idText, readArguments } from '#formats/jmap/standard-arguments.ts';
import { readReturning } from '#vault/database/read-forgetting.ts';
import { readLetters } from '#vault/database/read-letters.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, reading, type Call } from '../method.ts';

const noShape = v.strictObject({});
const restoreShape = v.strictObject({ ids: v.array(idText), mailboxId: idText });
const destroyShape = v.strictObject({ ids: v.array(idText) });

/** `{list: [{id, purgeAt}]}`, those that go first ahead. */
export const removedEmailGet = reading('RemovedEmail/get', SEALED, async (args, call) => {
  const read = readArguments(noShape, args);
  if (!read.ok) return read;
  const rows = await returning(call);
  return ok({
    list: rows.map(({ letterId, purgeMs }) => ({ id: letterId, purgeAt: new Date(purgeMs).toISOString() })),
  });
});

/** Brings letters back into one mailbox; to a client they are new. Answers `{restored, notFound}`. */
export const removedEmailRestore = changing('RemovedEmail/restore', SEALED, async (args, call) => {
  const read = readArguments(restoreShape, args);
  if (!read.ok) return read;
  const asked = boundIds(read.value.ids);
  if (!asked.ok) return asked;
  const wanted = parseId<MailboxId>(read.value.mailboxId);
  const mailboxes = await readMailboxes(call.house.reader.db, call.accountId);
  const mailbox = mailboxes.find(({ id }) => id === wanted);
  if (mailbox === undefined) return err({ kind: 'invalidArguments', description: 'No such mailbox.' });
  const there = new Set((await returning(call)).map(({ letterId }) => letterId));
  const restored = idsOf(asked.value).filter((id) => there.has(id));
  if (restored.length > 0) {
    const letters = restored.map((id) => ({ id, mailboxes: [mailbox.id] }));
    const done = await new ChangeRun(call).commit({ kind: 'lettersChanged', effect: { letters } });
    if (!done.ok) return done;
  }
  const found = new Set<string>(restored);
  return ok({ restored, notFound: asked.value.filter((id) => !found.has(id)) });
});

/**
 * Letters that cannot come back from now on, and with a draft among them the versions of drafts that were removed before.
 * Answers `{destroyed, notFound}`.
 */
export const emailDestroyNow = changing('RemovedEmail/destroyNow', SEALED, async (args, call) => {
  const read = readArguments(destroyShape, args);
  if (!read.ok) return read;
  const asked = boundIds(read.value.ids);
  if (!asked.ok) return asked;
  const wanted = new Set(idsOf(asked.value));
  const living = await readLetters(call.house.reader.db, call.accountId, [...wanted]);
  const removed = await returning(call);
  const takesDrafts =
    living.some(({ keywords }) => keywords.includes('$draft')) ||
    removed.some(({ letterId, isDraft }) => isDraft && wanted.has(letterId));
  const gone = removed.filter(({ letterId, isDraft }) => wanted.has(letterId) || (takesDrafts && isDraft));
  const ids = [...living.map(({ id }) => id), ...gone.map(({ letterId }) => letterId)];
  for (const id of ids) call.house.uploads.dropDraft(call.accountId, id);
  const purgeMs = call.house.clock.nowMs();
  const freedBytes = living.reduce((sum, row) => sum + row.sizeBytes, 0);
  if (ids.length > 0) {
    const done = await new ChangeRun(call).commit({ kind: 'lettersRemoved', effect: { ids, purgeMs, freedBytes } });
    if (!done.ok) return done;
  }
  const destroyed = new Set<string>(ids.filter((id) => wanted.has(id)));
  return ok({ destroyed: [...destroyed], notFound: asked.value.filter((id) => !destroyed.has(id)) });
});

function returning({ house, accountId }: Call): ReturnType<typeof readReturning> {
  return readReturning(house.reader, accountId, house.clock.nowMs(), limits.jmap.queryLimit);
}

function idsOf(texts: readonly string[]): readonly LetterId[] {
  return texts.map((text) => parseId<LetterId>(text)).filter((id) => id !== undefined);
}
