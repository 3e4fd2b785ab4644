// Letters that changed, went, or got a new summary: read once, changed in memory in the journal's order, written at once.

import { int4s, int8s, texts, uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { Uuid } from '../tables.ts';
import type { CommandOf, LetterChange } from '../../journal/commands.ts';
import type { Place } from '../../journal/journal.ts';
import { isUnread, sortKeywords, type AccountCommand, type Context } from './effect.ts';
import { MailboxLookup } from './mailbox-lookup.ts';

type Kind = 'lettersChanged' | 'lettersRemoved' | 'summaryPut';
export type LettersCommand = AccountCommand<unknown> & {
  readonly command: { readonly [K in Kind]: CommandOf<K> }[Kind];
};

interface Placement {
  readonly mailbox: Uuid;
  readonly uid: number;
  readonly isNew: boolean;
  modseq: number;
  removedModseq: number | null;
}

interface LetterState {
  readonly account: Uuid;
  readonly letter: Uuid;
  readonly sizeBytes: number;
  readonly receivedMs: number;
  /** Those that live, by mailbox. */
  readonly placements: Map<Uuid, Placement>;
  /** Those that began or ended in this batch. */
  readonly moved: Placement[];
  keywords: readonly string[];
  createdModseq: number;
  modseq: number;
  removedModseq: number | null;
  purgeMs: number | null;
  summary: { readonly version: number; readonly place: Place } | undefined;
  isChanged: boolean;
}

const LOAD_LETTERS = `
  SELECT l.account_id, l.letter_id, l.size_bytes, l.received_ms, l.keywords, l.created_modseq, l.modseq, l.removed_modseq, l.purge_ms
  FROM unnest($1::uuid[], $2::uuid[]) AS w(account_id, letter_id)
  JOIN letter l ON l.account_id = w.account_id AND l.letter_id = w.letter_id`;

/** `IS TRUE` keeps the planner off the partial index by time, which reads the whole account for each letter (read-letters.ts). */
const LOAD_PLACEMENTS = `
  SELECT p.account_id, p.letter_id, p.mailbox_id, p.uid, p.modseq
  FROM unnest($1::uuid[], $2::uuid[]) AS w(account_id, letter_id)
  JOIN placement p ON p.account_id = w.account_id AND p.letter_id = w.letter_id AND (p.removed_modseq IS NULL) IS TRUE`;

const UPDATE_LETTERS = `
  UPDATE letter l SET keywords = string_to_array(u.keywords, ' '), created_modseq = u.created, modseq = u.modseq,
    removed_modseq = u.removed, purge_ms = u.purge
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int8[], $5::int8[], $6::int8[], $7::int8[])
    AS u(account_id, letter_id, keywords, created, modseq, removed, purge)
  WHERE l.account_id = u.account_id AND l.letter_id = u.letter_id`;

const UPDATE_SUMMARIES = `
  UPDATE letter l SET summary_version = u.version, summary_seq = u.seq, summary_segment = u.segment, summary_offset = u.at
  FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int8[], $5::int4[], $6::int8[])
    AS u(account_id, letter_id, version, seq, segment, at)
  WHERE l.account_id = u.account_id AND l.letter_id = u.letter_id`;

const END_PLACEMENTS = `
  UPDATE placement p SET modseq = u.modseq, removed_modseq = u.modseq
  FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[]) AS u(account_id, mailbox_id, uid, modseq)
  WHERE p.account_id = u.account_id AND p.mailbox_id = u.mailbox_id AND p.uid = u.uid`;

const INSERT_PLACEMENTS = `
  INSERT INTO placement (account_id, mailbox_id, uid, letter_id, received_ms, modseq, removed_modseq)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::uuid[], $5::int8[], $6::int8[], $7::int8[])`;

/** Applies the commands in order. A letter that is not there (erased since) is passed over. */
export async function changeLetters(context: Context, commands: readonly LettersCommand[]): Promise<void> {
  const lookup = new MailboxLookup();
  const letters = await loadLetters(context, commands, lookup);
  for (const { account, header, place, command } of commands) {
    const find = (id: Uuid): LetterState | undefined => letters.get(account + id);
    switch (command.kind) {
      case 'lettersChanged':
        for (const [index, change] of command.effect.letters.entries()) {
          changeLetter(context, lookup, find(idToUuid(change.id)), change, header.accountSeq + index);
        }
        break;
      case 'lettersRemoved':
        for (const [index, id] of command.effect.ids.entries()) {
          removeLetter(context, find(idToUuid(id)), header.accountSeq + index, command.effect.purgeMs);
        }
        break;
      case 'summaryPut':
        putSummary(find(idToUuid(command.effect.id)), { version: command.effect.version, place }, header.accountSeq);
        break;
    }
  }
  await writeLetters(context, [...letters.values()]);
}

function changeLetter(
  context: Context,
  lookup: MailboxLookup,
  state: LetterState | undefined,
  change: LetterChange,
  modseq: number,
): void {
  if (state === undefined) return;
  if (state.removedModseq !== null) {
    // placing a removed letter again, before it is erased, undoes the removal: to a client it is a new one
    if (change.mailboxes === undefined) return;
    state.removedModseq = null;
    state.purgeMs = null;
    state.createdModseq = modseq;
    context.counters.letters(state.account, 1, state.sizeBytes);
  }
  if (change.keywords) setKeywords(context, state, sortKeywords(change.keywords), modseq);
  if (change.mailboxes) {
    const wanted = change.mailboxes.map((id) => idToUuid(id));
    const living = wanted.filter((mailbox) => lookup.get(state.account, mailbox).isThere);
    const inbox = lookup.get(state.account, wanted[0] ?? NO_MAILBOX).mailbox;
    setMailboxes(context, state, new Set(living.length > 0 || inbox === null ? living : [inbox]), modseq);
  }
  state.modseq = modseq;
  state.isChanged = true;
}

function removeLetter(context: Context, state: LetterState | undefined, modseq: number, purgeMs: number): void {
  if (state === undefined) return;
  if (state.removedModseq !== null) {
    // removed before: it may only go sooner
    if (state.purgeMs === null || purgeMs >= state.purgeMs) return;
    Object.assign(state, { purgeMs, isChanged: true });
    return;
  }
  setMailboxes(context, state, new Set(), modseq);
  context.counters.letters(state.account, -1, -state.sizeBytes);
  Object.assign(state, { removedModseq: modseq, purgeMs, modseq, isChanged: true });
}

function putSummary(state: LetterState | undefined, summary: LetterState['summary'], modseq: number): void {
  if (state === undefined || state.removedModseq !== null) return;
  Object.assign(state, { summary, modseq, isChanged: true });
}

function setKeywords({ counters }: Context, state: LetterState, keywords: readonly string[], modseq: number): void {
  const unread = Number(isUnread(keywords)) - Number(isUnread(state.keywords));
  state.keywords = keywords;
  if (unread === 0) return;
  for (const mailbox of state.placements.keys()) counters.mailbox(state.account, mailbox, { total: 0, unread, modseq });
}

function setMailboxes({ counters }: Context, state: LetterState, mailboxes: ReadonlySet<Uuid>, modseq: number): void {
  const unread = isUnread(state.keywords) ? 1 : 0;
  for (const placement of state.placements.values()) {
    if (mailboxes.has(placement.mailbox)) continue;
    placement.modseq = modseq;
    placement.removedModseq = modseq;
    state.placements.delete(placement.mailbox);
    if (!placement.isNew) state.moved.push(placement);
    counters.mailbox(state.account, placement.mailbox, { total: -1, unread: -unread, modseq });
  }
  for (const mailbox of mailboxes) {
    if (state.placements.has(mailbox)) continue;
    const placement: Placement = { mailbox, uid: modseq, isNew: true, modseq, removedModseq: null };
    state.placements.set(mailbox, placement);
    state.moved.push(placement);
    counters.mailbox(state.account, mailbox, { total: 1, unread, modseq });
  }
}

const NO_MAILBOX = '00000000-0000-0000-0000-000000000000';

async function loadLetters(
  { tx }: Context,
  commands: readonly LettersCommand[],
  lookup: MailboxLookup,
): Promise<Map<string, LetterState>> {
  const wanted = new Map<string, readonly [Uuid, Uuid]>();
  for (const { account, command } of commands) {
    for (const id of namedLetters(command)) {
      const letter = idToUuid(id);
      wanted.set(account + letter, [account, letter]);
    }
    for (const id of namedMailboxes(command)) lookup.want(account, id);
  }
  const keys = [...wanted.values()];
  const parameters = [uuids(keys.map(([account]) => account)), uuids(keys.map(([, letter]) => letter))];
  await lookup.load(tx);
  const states = new Map<string, LetterState>();
  for (const row of await tx.rows<LoadedLetter>(LOAD_LETTERS, parameters)) {
    states.set(row.account_id + row.letter_id, {
      account: row.account_id,
      letter: row.letter_id,
      sizeBytes: row.size_bytes,
      receivedMs: row.received_ms,
      placements: new Map(),
      moved: [],
      keywords: row.keywords,
      createdModseq: row.created_modseq,
      modseq: row.modseq,
      removedModseq: row.removed_modseq,
      purgeMs: row.purge_ms,
      summary: undefined,
      isChanged: false,
    });
  }
  for (const row of await tx.rows<LoadedPlacement>(LOAD_PLACEMENTS, parameters)) {
    const { mailbox_id: mailbox, uid, modseq } = row;
    states
      .get(row.account_id + row.letter_id)
      ?.placements.set(mailbox, { mailbox, uid, modseq, isNew: false, removedModseq: null });
  }
  return states;
}

interface LoadedLetter {
  readonly account_id: Uuid;
  readonly letter_id: Uuid;
  readonly size_bytes: number;
  readonly received_ms: number;
  readonly keywords: readonly string[];
  readonly created_modseq: number;
  readonly modseq: number;
  readonly removed_modseq: number | null;
  readonly purge_ms: number | null;
}

interface LoadedPlacement {
  readonly account_id: Uuid;
  readonly letter_id: Uuid;
  readonly mailbox_id: Uuid;
  readonly uid: number;
  readonly modseq: number;
}

function namedLetters(command: LettersCommand['command']): readonly LetterChange['id'][] {
  if (command.kind === 'lettersChanged') return command.effect.letters.map(({ id }) => id);
  return command.kind === 'lettersRemoved' ? command.effect.ids : [command.effect.id];
}

function namedMailboxes(command: LettersCommand['command']): readonly Uuid[] {
  if (command.kind !== 'lettersChanged') return [];
  const named = command.effect.letters.flatMap(({ mailboxes }) =>
    mailboxes?.length === 0 ? [NO_MAILBOX] : (mailboxes ?? []).map((id) => idToUuid(id)),
  );
  return [...new Set(named)];
}

async function writeLetters({ tx }: Context, states: readonly LetterState[]): Promise<void> {
  const changed = states.filter((state) => state.isChanged);
  if (changed.length === 0) return;
  await tx.rows(UPDATE_LETTERS, [
    uuids(changed.map((state) => state.account)),
    uuids(changed.map((state) => state.letter)),
    texts(changed.map((state) => state.keywords.join(' '))),
    int8s(changed.map((state) => state.createdModseq)),
    int8s(changed.map((state) => state.modseq)),
    int8s(changed.map((state) => state.removedModseq)),
    int8s(changed.map((state) => state.purgeMs)),
  ]);
  await writeSummaries({ tx }, changed);
  const moved = changed.flatMap((state) => state.moved.map((placement) => ({ state, placement })));
  const ended = moved.filter(({ placement }) => !placement.isNew);
  if (ended.length > 0) {
    await tx.rows(END_PLACEMENTS, [
      uuids(ended.map(({ state }) => state.account)),
      uuids(ended.map(({ placement }) => placement.mailbox)),
      int8s(ended.map(({ placement }) => placement.uid)),
      int8s(ended.map(({ placement }) => placement.modseq)),
    ]);
  }
  const begun = moved.filter(({ placement }) => placement.isNew);
  if (begun.length === 0) return;
  await tx.rows(INSERT_PLACEMENTS, [
    uuids(begun.map(({ state }) => state.account)),
    uuids(begun.map(({ placement }) => placement.mailbox)),
    int8s(begun.map(({ placement }) => placement.uid)),
    uuids(begun.map(({ state }) => state.letter)),
    int8s(begun.map(({ state }) => state.receivedMs)),
    int8s(begun.map(({ placement }) => placement.modseq)),
    int8s(begun.map(({ placement }) => placement.removedModseq)),
  ]);
}

async function writeSummaries({ tx }: Pick<Context, 'tx'>, changed: readonly LetterState[]): Promise<void> {
  const summed = changed.flatMap(({ account, letter, summary }) => (summary ? [{ account, letter, ...summary }] : []));
  if (summed.length === 0) return;
  await tx.rows(UPDATE_SUMMARIES, [
    uuids(summed.map(({ account }) => account)),
    uuids(summed.map(({ letter }) => letter)),
    int4s(summed.map(({ version }) => version)),
    int8s(summed.map(({ place }) => place.seq)),
    int4s(summed.map(({ place }) => place.segment)),
    int8s(summed.map(({ place }) => place.offset)),
  ]);
}
