// CacheManifest/get and /set: one signed list of all pages and segments, replaced only by the next counter.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { getShape, pick, readArguments, readProperties, setShape } from '#formats/jmap/standard-arguments.ts';
import { readCacheManifest } from '#vault/database/read-items.ts';
import type { Command } from '#vault/journal/commands.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, reading, type Members } from '../method.ts';
import { parseSealed, readObject, versionNumber } from './read-sealed.ts';

const SINGLETON = 'singleton';
const shape = v.strictObject({ counter: versionNumber, sealed: v.string() });

export const cacheManifestGet = reading('CacheManifest/get', SEALED, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const wanted = readProperties(read.value.properties, ['id', 'counter', 'sealed']);
  if (!wanted.ok) return wanted;
  const { counter, sealed } = await readCacheManifest(call.house.reader.db, call.accountId);
  const ids = read.value.ids ?? [SINGLETON];
  const members = { id: SINGLETON, counter, sealed: sealed === undefined ? null : toBase64Url(sealed) };
  return ok({
    state: String(counter),
    list: ids.includes(SINGLETON) ? [pick(members, wanted.value)] : [],
    notFound: ids.filter((id) => id !== SINGLETON),
  });
});

export const cacheManifestSet = changing('CacheManifest/set', SEALED, async (args, call) => {
  const read = readArguments(setShape, args);
  if (!read.ok) return read;
  const { ifInState, create, update, destroy } = read.value;
  const { counter } = await readCacheManifest(call.house.reader.db, call.accountId);
  if (typeof ifInState === 'string' && ifInState !== String(counter)) return err({ kind: 'stateMismatch' });
  const outcome = new SetOutcome();
  let newCounter = counter;
  for (const creationId of Object.keys(create ?? {})) outcome.notCreated(creationId, { kind: 'singleton' });
  for (const id of destroy ?? []) outcome.notDestroyed(id, { kind: 'singleton' });
  for (const [id, members] of Object.entries(update ?? {})) {
    const put = id === SINGLETON ? readManifest(members, counter) : err<SetError>({ kind: 'notFound' });
    if (!put.ok) {
      outcome.notUpdated(id, put.error);
      continue;
    }
    const done = await new ChangeRun(call).commit(put.value);
    if (!done.ok) return done;
    newCounter = counter + 1;
    outcome.updated(id);
  }
  return ok(outcome.response({ oldState: String(counter), newState: String(newCounter) }));
});

function readManifest(members: Members, counter: number): Result<Command, SetError> {
  const read = readObject(shape, members);
  if (!read.ok) return read;
  if (read.value.counter !== counter + 1) {
    return err({ kind: 'versionMismatch', description: `The counter now is ${counter}.` });
  }
  const sealed = parseSealed(read.value.sealed, 'sealed', limits.jmap.sealedBlobBytes);
  if (!sealed.ok) return sealed;
  return ok({ kind: 'cacheManifestPut', effect: { counter: read.value.counter, sealed: sealed.value } });
}
