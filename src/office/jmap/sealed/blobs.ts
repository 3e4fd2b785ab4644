// SealedPage and SearchSegment: /get, /set and /query of caches that clients make of opened summaries and terms.

import * as v from 'valibot';
import { parseId, type ItemId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { readWindow, startOfWindow, windowArguments } from '#formats/jmap/query-window.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { boundIds, getShape, pick, readArguments, readProperties, setShape } from '#formats/jmap/standard-arguments.ts';
import { readBlobs, type BlobKind, type BlobRow } from '#vault/database/read-items.ts';
import { readPresentLetters } from '#vault/database/read-letters.ts';
import type { Command } from '#vault/journal/commands.ts';
import { beginSet } from '../begin-set.ts';
import { readStoredBlob } from '../blobs/stored-blob.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, reading, resolveId, type Call, type Members, type Method, type MethodResult } from '../method.ts';
import { itemState, requireStates } from '../states.ts';
import { parseOwnId, parseSealed, readObject } from './read-sealed.ts';

const PREFIX: Readonly<Record<BlobKind, string>> = { page: 'P', segment: 'S' };
const properties = ['id', 'blobId', 'size', 'sealed'];
const newShape = v.strictObject({
  id: v.string(),
  /** base64url, or the blobId of an upload. */
  sealed: v.optional(v.string()),
  blobId: v.optional(v.string()),
  letterIds: v.pipe(v.array(v.string()), v.maxLength(limits.jmap.lettersInBlob)),
});

/** The three methods of one kind. */
export function blobMethods(type: 'SealedPage' | 'SearchSegment', kind: BlobKind): readonly Method[] {
  return [
    reading(`${type}/get`, SEALED, (args, call) => getBlobs(kind, args, call)),
    reading(`${type}/query`, SEALED, (args, call) => queryBlobs(kind, args, call)),
    changing(`${type}/set`, SEALED, (args, call) => setBlobs(kind, args, call)),
  ];
}

async function getBlobs(kind: BlobKind, args: Members, call: Call): Promise<MethodResult> {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  // the bytes are fetched from the download address by blobId; `sealed` carries them here when asked for
  const wanted = readProperties(read.value.properties ?? ['id', 'blobId', 'size'], properties);
  if (!wanted.ok) return wanted;
  const asked = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!asked.ok) return asked;
  const known = asked.value?.map((id) => parseId<ItemId>(id)).filter((id) => id !== undefined);
  const states = await requireStates(call);
  const max = asked.value === undefined ? limits.jmap.queryLimit : limits.jmap.objectsInGet;
  const rows = await readBlobs(call.house.reader.db, { accountId: call.accountId, kind }, known, max);
  const bytes = rows.reduce((sum, row) => sum + row.sizeBytes, 0);
  if (wanted.value.has('sealed') && bytes > limits.jmap.answerBytes) {
    return err({ kind: 'requestTooLarge', description: 'Name fewer ids, or download by blobId.' });
  }
  const list: unknown[] = [];
  for (const row of rows) {
    const sealed = wanted.value.has('sealed') ? await readStoredBlob(call.house, row.place) : undefined;
    list.push(pick(membersOf(kind, row, sealed), wanted.value));
  }
  const found = new Set<string>(rows.map((row) => row.id));
  return ok({ state: itemState(states), list, notFound: (asked.value ?? []).filter((id) => !found.has(id)) });
}

function membersOf(kind: BlobKind, row: BlobRow, sealed: Uint8Array | undefined): Record<string, unknown> {
  return {
    id: row.id,
    blobId: `${PREFIX[kind]}-${row.id}`,
    size: row.sizeBytes,
    sealed: sealed === undefined ? null : toBase64Url(sealed),
  };
}

async function queryBlobs(kind: BlobKind, args: Members, call: Call): Promise<MethodResult> {
  const read = readArguments(v.strictObject(windowArguments), args);
  if (!read.ok) return read;
  const window = readWindow(read.value);
  const states = await requireStates(call);
  const of = { accountId: call.accountId, kind };
  const rows = await readBlobs(call.house.reader.db, of, undefined, limits.account.itemsMax);
  const anchorIndex = rows.findIndex((row) => row.id === window.anchor);
  if (window.anchor !== undefined && anchorIndex < 0) return err({ kind: 'anchorNotFound' });
  const position = startOfWindow(window, window.anchor === undefined ? undefined : anchorIndex, rows.length);
  return ok({
    queryState: itemState(states),
    canCalculateChanges: false,
    position,
    ids: rows.slice(position, position + window.limit).map((row) => row.id),
    ...(window.calculateTotal ? { total: rows.length } : {}),
    ...(window.isLimitOurs ? { limit: window.limit } : {}),
  });
}

async function setBlobs(kind: BlobKind, args: Members, call: Call): Promise<MethodResult> {
  const begun = await beginSet(setShape, args, call, itemState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const { create, update, destroy } = value;
  const outcome = new SetOutcome();
  const of = { accountId: call.accountId, kind };
  const rows = await readBlobs(call.house.reader.db, of, undefined, limits.account.itemsMax);
  const there = new Set<string>(rows.map((row) => row.id));
  const commands: Command[] = [];
  for (const [creationId, members] of Object.entries(create ?? {})) {
    const made = await readNewBlob(members, call, there);
    if (!made.ok) outcome.notCreated(creationId, made.error);
    else {
      const { id, sealed } = made.value;
      there.add(id);
      call.createdIds.set(creationId, id);
      commands.push({ kind: 'blobPut', effect: { kind, id, sealed } });
      outcome.created(creationId, { id, blobId: `${PREFIX[kind]}-${id}` });
    }
  }
  const unchanging: SetError = { kind: 'forbidden', description: 'Its bytes never change: make a new one.' };
  for (const id of Object.keys(update ?? {})) outcome.notUpdated(id, there.has(id) ? unchanging : { kind: 'notFound' });
  const removals: Command[] = [];
  for (const key of new Set(destroy ?? [])) {
    const id = parseId<ItemId>(resolveId(key, call.createdIds));
    if (id !== undefined && there.delete(id)) {
      removals.push({ kind: 'blobRemoved', effect: { kind, id } });
      outcome.destroyed(id);
    } else outcome.notDestroyed(key, { kind: 'notFound' });
  }
  const run = new ChangeRun(call);
  for (const batch of [commands, removals]) {
    const done = await run.commitAll(batch);
    if (!done.ok) return done;
  }
  return ok(outcome.response(run.statesAround(before, 'itemModseq')));
}

/** A cache may name only letters that are there and that do not expire: what is erased must not live on in a page. */
async function readNewBlob(
  members: Members,
  call: Call,
  there: ReadonlySet<string>,
): Promise<Result<{ id: ItemId; sealed: string }, SetError>> {
  const read = readObject(newShape, members);
  if (!read.ok) return read;
  const id = parseOwnId(read.value.id);
  if (!id.ok) return id;
  if (there.has(id.value)) return err({ kind: 'invalidProperties', properties: ['id'], description: 'In use.' });
  if (there.size >= limits.account.itemsMax) return err({ kind: 'overQuota' });
  const sealed = readBytes(read.value, call);
  if (!sealed.ok) return sealed;
  const letterIds = read.value.letterIds
    .map((text) => parseId<LetterId>(text))
    .filter((letter) => letter !== undefined);
  const present = await readPresentLetters(call.house.reader.db, call.accountId, letterIds);
  const isFit = read.value.letterIds.every((text) => {
    const letter = parseId<LetterId>(text);
    return letter !== undefined && present.get(letter)?.isMortal === false;
  });
  if (!isFit) {
    const description = 'A letter named is unknown, removed or expires.';
    return err({ kind: 'invalidProperties', properties: ['letterIds'], description });
  }
  return ok({ id: id.value, sealed: sealed.value });
}

function readBytes(
  of: { readonly sealed?: string | undefined; readonly blobId?: string | undefined },
  call: Call,
): Result<string, SetError> {
  if (of.sealed !== undefined && of.blobId === undefined) {
    return parseSealed(of.sealed, 'sealed', limits.jmap.sealedBlobBytes);
  }
  const upload = of.blobId === undefined ? undefined : call.house.uploads.find(call.accountId, of.blobId);
  if (of.sealed !== undefined || of.blobId === undefined) {
    return err({ kind: 'invalidProperties', properties: ['sealed'], description: 'Either sealed or blobId.' });
  }
  if (upload === undefined) return err({ kind: 'blobNotFound' });
  return parseSealed(toBase64Url(upload.bytes), 'blobId', limits.jmap.sealedBlobBytes);
}
