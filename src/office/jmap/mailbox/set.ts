// Mailbox/set: folders with sealed names; a folder goes only when it is empty, or its letters are told to go too (RFC 8621 §2.5).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { MAIL, SEALED } from '#formats/jmap/capabilities.ts';
import type { MethodError, SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { setShape, type SetArguments } from '#formats/jmap/standard-arguments.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { isMailboxId, readBytesOnlyIn, readMailboxes, type MailboxRow } from '#vault/database/read-mailboxes.ts';
import { beginSet } from '../begin-set.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, resolveId, type Call } from '../method.ts';
import { mailboxState } from '../states.ts';
import { invalid, MailboxTree } from './mailbox-tree.ts';
import { mailboxMembers, sealedNameProperty } from './mailbox-view.ts';
import { readChangedMailbox, readNewMailbox } from './read-mailbox-change.ts';

const shape = v.strictObject({ ...setShape.entries, onDestroyRemoveEmails: v.optional(v.boolean(), false) });

interface Work {
  readonly call: Call;
  readonly tree: MailboxTree;
  readonly outcome: SetOutcome;
  readonly run: ChangeRun;
}
type Done = Result<void, MethodError>;

export const mailboxSet = changing('Mailbox/set', MAIL, async (args, call) => {
  const begun = await beginSet(shape, args, call, mailboxState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const tree = new MailboxTree(await readMailboxes(call.house.reader.db, call.accountId));
  const work: Work = { call, tree, outcome: new SetOutcome(), run: new ChangeRun(call) };
  for (const step of [createAll, updateAll]) {
    const done = await step(value, work);
    if (!done.ok) return done;
  }
  const done = await destroyAll(value, work, value.onDestroyRemoveEmails);
  if (!done.ok) return done;
  return ok(work.outcome.response(work.run.statesAround(before, 'mailboxModseq')));
});

/** Creations that name a parent made in the same call come after it. */
async function createAll(args: SetArguments, { call, tree, outcome, run }: Work): Promise<Done> {
  let waiting = Object.entries(args.create ?? {});
  while (waiting.length > 0) {
    const later = waiting.filter(([, members]) => waiting.some(([other]) => members['parentId'] === `#${other}`));
    const now = later.length === waiting.length ? waiting : waiting.filter((entry) => !later.includes(entry));
    for (const [creationId, members] of now) {
      const made = readNewMailbox(members, placeOf(call, tree));
      if (!made.ok) {
        outcome.notCreated(creationId, made.error);
        continue;
      }
      if (await isMailboxId(call.house.reader.db, call.accountId, made.value.id)) {
        outcome.notCreated(creationId, invalid('id', 'The id is or was in use.'));
        continue;
      }
      const done = await put(run, made.value);
      if (!done.ok) return done;
      tree.put(made.value);
      call.createdIds.set(creationId, made.value.id);
      const { [sealedNameProperty]: _, ...shown } = mailboxMembers(made.value);
      outcome.created(creationId, shown);
    }
    waiting = now.length === waiting.length ? [] : later;
  }
  return ok(undefined);
}

async function updateAll(args: SetArguments, { call, tree, outcome, run }: Work): Promise<Done> {
  for (const [key, update] of Object.entries(args.update ?? {})) {
    const mailbox = findMailbox(key, call, tree);
    const refusal = mailbox === undefined ? notFound : willDestroy(args, mailbox, call);
    if (mailbox === undefined || refusal !== undefined) {
      outcome.notUpdated(key, refusal ?? notFound);
      continue;
    }
    const changed = readChangedMailbox(mailbox, update, placeOf(call, tree));
    if (!changed.ok) {
      outcome.notUpdated(key, changed.error);
      continue;
    }
    if (changed.value !== mailbox) {
      const done = await put(run, changed.value);
      if (!done.ok) return done;
      tree.put(changed.value);
    }
    outcome.updated(mailbox.id);
  }
  return ok(undefined);
}

/** Children go before their parents, whatever the order asked. */
async function destroyAll(args: SetArguments, { call, tree, outcome, run }: Work, withLetters: boolean): Promise<Done> {
  let waiting = [...new Set(args.destroy ?? [])];
  for (let isLast = false; waiting.length > 0;) {
    const later: string[] = [];
    for (const key of waiting) {
      const mailbox = findMailbox(key, call, tree);
      const refusal = refusalToDestroy(mailbox, tree, withLetters);
      if (mailbox === undefined || refusal !== undefined) {
        if (refusal?.kind === 'mailboxHasChild' && !isLast) later.push(key);
        else outcome.notDestroyed(key, refusal ?? notFound);
        continue;
      }
      // a letter may be arriving at this moment: unless letters are to go too, it goes to the inbox
      const to = withLetters ? null : (tree.inbox?.id ?? null);
      const { db } = call.house.reader;
      const freedBytes = to === null ? await readBytesOnlyIn(db, call.accountId, mailbox.id) : 0;
      const purgeMs = call.house.clock.nowMs() + limits.letters.undoMs;
      const effect = { id: mailbox.id, to, freedBytes, purgeMs };
      const done = await run.commit({ kind: 'mailboxRemoved', effect });
      if (!done.ok) return done;
      tree.drop(mailbox.id);
      outcome.destroyed(mailbox.id);
    }
    isLast = later.length === waiting.length;
    waiting = later;
  }
  return ok(undefined);
}

const notFound: SetError = { kind: 'notFound' };

function refusalToDestroy(
  mailbox: MailboxRow | undefined,
  tree: MailboxTree,
  withLetters: boolean,
): SetError | undefined {
  if (mailbox === undefined) return notFound;
  if (mailbox.role !== undefined) return { kind: 'forbidden', description: 'Mailboxes with a role stay.' };
  if (tree.hasChild(mailbox.id)) return { kind: 'mailboxHasChild' };
  return mailbox.total > 0 && !withLetters ? { kind: 'mailboxHasEmail' } : undefined;
}

function willDestroy(args: SetArguments, mailbox: MailboxRow, call: Call): SetError | undefined {
  const doomed = (args.destroy ?? []).some((key) => resolveId(key, call.createdIds) === mailbox.id);
  return doomed ? { kind: 'willDestroy' } : undefined;
}

function findMailbox(key: string, call: Call, tree: MailboxTree): MailboxRow | undefined {
  const id = resolveId(key, call.createdIds);
  return id === undefined ? undefined : tree.find(id);
}

function placeOf(call: Call, tree: MailboxTree): Parameters<typeof readNewMailbox>[1] {
  return { tree, createdIds: call.createdIds, isSealedClient: call.using.has(SEALED) };
}

function put(run: ChangeRun, mailbox: MailboxRow): Promise<Done> {
  const { id, parentId, role, sealedName, sortOrder } = mailbox;
  return run.commit({
    kind: 'mailboxPut',
    effect: { id, parentId: parentId ?? null, role: role ?? null, sealedName: toBase64Url(sealedName), sortOrder },
  });
}
