// One row for each conversation: which letters of a list stand behind which row, and what such a row shows. Pure.

import type { LetterId } from '#base/ids.ts';
import type { Conversation, ListRow, Person } from '../backend.ts';

/** Letters behind one row. */
export interface Group {
  /** The newest of `here`: it names the row. */
  readonly head: LetterId;
  /** Those of the list, newest first: what a command acts on. */
  readonly here: readonly LetterId[];
  /** All of the conversation, wherever they lie; of copies one, unless they stand in the list. */
  readonly whole: readonly LetterId[];
}

/** By every letter of the list that stands in one. */
export type Groups = ReadonlyMap<LetterId, Group>;

export interface Folded {
  readonly ids: readonly LetterId[];
  readonly groups: Groups;
}

/** Which conversation each letter stands in. */
export function byLetter(conversations: readonly Conversation[]): ReadonlyMap<LetterId, Conversation> {
  return new Map(conversations.flatMap((one) => one.flat().map((id) => [id, one] as const)));
}

/** `letters` newest first: a conversation stands where its newest letter does. */
export function fold(letters: readonly LetterId[], of: ReadonlyMap<LetterId, Conversation>): Folded {
  const begun = new Map<Conversation, LetterId[]>();
  const ids = letters.filter((id) => {
    const conversation = of.get(id);
    if (!conversation) return true;
    const here = begun.get(conversation);
    if (here) here.push(id);
    else begun.set(conversation, [id]);
    return !here;
  });
  const groups = new Map<LetterId, Group>();
  for (const [conversation, here] of begun) {
    const [head] = here;
    const whole = conversation.flatMap((copies) => {
      const listed = copies.filter((id) => here.includes(id));
      return listed.length > 0 ? listed : copies.slice(0, 1);
    });
    const group = head && whole.length > 1 ? { head, here, whole } : undefined;
    if (group) for (const id of here) groups.set(id, group);
  }
  return { ids, groups };
}

/** The newest letter's row, with what holds for any of those behind it. */
export function rowOf(rows: ReadonlyMap<LetterId, ListRow>, groups: Groups, id: LetterId): ListRow | undefined {
  const row = rows.get(id);
  const group = groups.get(id);
  if (!row || !group) return row;
  const known = (ids: readonly LetterId[]): readonly ListRow[] => ids.flatMap((one) => rows.get(one) ?? []);
  const here = known(group.here);
  const whole = known(group.whole).toSorted((a, b) => b.receivedMs - a.receivedMs);
  const keywords = row.keywords.filter((one) => one !== '$seen' && one !== '$flagged');
  if (here.every((one) => one.keywords.includes('$seen'))) keywords.push('$seen');
  if (here.some((one) => one.keywords.includes('$flagged'))) keywords.push('$flagged');
  return {
    ...row,
    keywords,
    from: distinct([row, ...whole].flatMap(({ from }) => from)),
    to: distinct([row, ...here].flatMap(({ to }) => to)),
    mailboxIds: [...new Set(here.flatMap(({ mailboxIds }) => mailboxIds))],
    attachmentsCount: here.reduce((sum, one) => sum + one.attachmentsCount, 0),
    threadCount: group.whole.length,
  };
}

function distinct(people: readonly Person[]): readonly Person[] {
  return [...new Map(people.map((person) => [person.address || person.name, person])).values()];
}
