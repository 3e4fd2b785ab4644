// SealedItem/set: put and remove sealed items; a version is written once, so two clients never overwrite each other unseen.

import * as v from 'valibot';
import { parseId, type ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { setShape } from '#formats/jmap/standard-arguments.ts';
import { readItemSizes, readItemVersions } from '#vault/database/read-items.ts';
import type { Command } from '#vault/journal/commands.ts';
import { beginSet } from '../begin-set.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, resolveId, type Call, type Members } from '../method.ts';
import { itemState } from '../states.ts';
import { collectionName, parseOwnId, parseSealed, readObject, versionNumber } from './read-sealed.ts';

const argumentsShape = v.strictObject({ ...setShape.entries, collection: collectionName });
const newShape = v.strictObject({ id: v.string(), version: v.optional(v.literal(1), 1), sealed: v.string() });
const changedShape = v.strictObject({ version: versionNumber, sealed: v.string() });

export const sealedItemSet = changing('SealedItem/set', SEALED, async (args, call) => {
  const begun = await beginSet(argumentsShape, args, call, itemState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const { collection, create, update, destroy } = value;
  const collected = new Collected(collection, await readHolding(call, value));
  const doomed = new Set((destroy ?? []).map((key) => resolveId(key, call.createdIds) ?? key));
  for (const [creationId, members] of Object.entries(create ?? {})) {
    const id = collected.create(creationId, members);
    if (id !== undefined) call.createdIds.set(creationId, id);
  }
  for (const [key, members] of Object.entries(update ?? {})) {
    const id = resolveId(key, call.createdIds) ?? key;
    if (doomed.has(id)) collected.outcome.notUpdated(key, { kind: 'willDestroy' });
    else collected.update(key, id, members);
  }
  for (const id of doomed) collected.destroy(id);
  // within one item the order counts: creations and updates are kept before removals begin
  const run = new ChangeRun(call);
  for (const commands of [collected.puts, collected.removals]) {
    const done = await run.commitAll(commands);
    if (!done.ok) return done;
  }
  return ok(collected.outcome.response(run.statesAround(before, 'itemModseq')));
});

interface Holding {
  /** Id → version; 0: it was there once and is gone. */
  readonly versions: Map<string, number>;
  items: number;
}

async function readHolding(call: Call, args: v.InferOutput<typeof argumentsShape>): Promise<Holding> {
  const of = { accountId: call.accountId, collection: args.collection };
  const created = Object.values(args.create ?? {}).map((members) => members['id']);
  const named = [...created, ...Object.keys(args.update ?? {}), ...(args.destroy ?? [])].map((text) =>
    parseId<ItemId>(typeof text === 'string' ? (resolveId(text, call.createdIds) ?? text) : undefined),
  );
  const { db } = call.house.reader;
  const versions = await readItemVersions(
    db,
    of,
    named.filter((id) => id !== undefined),
  );
  const { items } = await readItemSizes(db, of, undefined);
  return { versions: new Map<string, number>(versions), items };
}

/** The commands of one call, and what is said about each object. */
class Collected {
  readonly outcome = new SetOutcome();
  readonly puts: Command[] = [];
  readonly removals: Command[] = [];
  readonly #collection: string;
  readonly #holding: Holding;

  constructor(collection: string, holding: Holding) {
    this.#collection = collection;
    this.#holding = holding;
  }

  create(creationId: string, members: Members): ItemId | undefined {
    const made = this.#readNew(members);
    if (!made.ok) {
      this.outcome.notCreated(creationId, made.error);
      return undefined;
    }
    const { id, sealed } = made.value;
    this.#put(id, 1, sealed);
    this.#holding.items++;
    this.outcome.created(creationId, { id, collection: this.#collection, version: 1 });
    return id;
  }

  update(key: string, id: string, members: Members): void {
    const changed = this.#readChanged(id, members);
    if (!changed.ok) {
      this.outcome.notUpdated(key, changed.error);
      return;
    }
    this.#put(changed.value.id, changed.value.version, changed.value.sealed);
    this.outcome.updated(id);
  }

  destroy(text: string): void {
    const id = parseId<ItemId>(text);
    if (id === undefined || (this.#holding.versions.get(id) ?? 0) === 0) {
      this.outcome.notDestroyed(text, { kind: 'notFound' });
      return;
    }
    this.removals.push({ kind: 'itemRemoved', effect: { collection: this.#collection, id } });
    this.#holding.versions.set(id, 0);
    this.outcome.destroyed(id);
  }

  #put(id: ItemId, version: number, sealed: string): void {
    this.puts.push({ kind: 'itemPut', effect: { collection: this.#collection, id, version, sealed } });
    this.#holding.versions.set(id, version);
  }

  #readNew(members: Members): Result<{ id: ItemId; sealed: string }, SetError> {
    const read = readObject(newShape, members);
    if (!read.ok) return read;
    const id = parseOwnId(read.value.id);
    if (!id.ok) return id;
    if (this.#holding.versions.has(id.value)) {
      return err({ kind: 'invalidProperties', properties: ['id'], description: 'The id is or was in use.' });
    }
    if (this.#holding.items >= limits.account.itemsMax) return err({ kind: 'overQuota' });
    const sealed = parseSealed(read.value.sealed, 'sealed', limits.account.itemBytes);
    return sealed.ok ? ok({ id: id.value, sealed: sealed.value }) : sealed;
  }

  #readChanged(text: string, members: Members): Result<{ id: ItemId; version: number; sealed: string }, SetError> {
    const id = parseId<ItemId>(text);
    const version = id === undefined ? 0 : (this.#holding.versions.get(id) ?? 0);
    if (id === undefined || version === 0) return err({ kind: 'notFound' });
    const read = readObject(changedShape, members);
    if (!read.ok) return read;
    if (read.value.version !== version + 1) {
      return err({ kind: 'versionMismatch', description: `The version now is ${version}.` });
    }
    const sealed = parseSealed(read.value.sealed, 'sealed', limits.account.itemBytes);
    return sealed.ok ? ok({ id, version: read.value.version, sealed: sealed.value }) : sealed;
  }
}
