// Writes the ERASED records: for removed letters, for what is superseded, for accounts that have ended, and for bodies nobody reads any more.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { CommitRefusal } from '../../database/commit.ts';
import { readRemovals, readShownSummaries } from '../../database/read-forgetting.ts';
import type { ErasedContent } from '../../journal/journal.ts';
import type { JsonObject } from '../../journal/commands.ts';
import type { Census, RemovedLetter } from './census.ts';
import type { Carrier } from './facets.ts';
import type { ForgettingParts } from './neighbours.ts';
import { withoutDead } from './restate.ts';
import { SeqSet } from './seq-set.ts';

type Done = Promise<Result<void, CommitRefusal>>;
type Why = Pick<ErasedContent, 'lane' | 'journal' | 'reason' | 'command'>;

/** In as few records as their bound allows. */
export function erasures(why: Why, seqs: readonly number[]): readonly ErasedContent[] {
  const contents: ErasedContent[] = [];
  for (let at = 0; at < seqs.length; at += limits.forgetting.seqsInRecordMax) {
    const [seq, ...also] = seqs.slice(at, at + limits.forgetting.seqsInRecordMax);
    if (seq !== undefined) contents.push(also.length === 0 ? { ...why, seq } : { ...why, seq, also });
  }
  return contents;
}

/** Letters whose removal stands in the journal, un-voided and not taken back, and whose time of undo is over. */
export function dueLetters(census: Census, nowMs: number): readonly RemovedLetter[] {
  return [...census.letters.values()].filter(
    ({ keySeq, removal }) => keySeq > 0 && removal !== undefined && removal.purgeMs <= nowMs,
  );
}

/** Each letter's record and its summaries in one ERASED record: none of them outlives the other. */
export async function eraseLetterRecords(parts: ForgettingParts, due: readonly RemovedLetter[], erased: SeqSet): Done {
  for (const [accountId, letters] of Map.groupBy(due, (letter) => letter.accountId)) {
    const done = await parts.door.erase(accountId, async (reader) => {
      const removals = await readRemovals(
        reader,
        accountId,
        letters.map(({ letterId }) => letterId),
      );
      const still = letters.filter(({ letterId, removedModseq }) => removals.get(letterId) === removedModseq);
      return [...Map.groupBy(still, ({ removal }) => removal?.command ?? 0)].flatMap(([command, of]) => {
        const why = { lane: 'key', journal: parts.journal.journal, reason: 'removed', command } as const;
        const seqs = of
          .flatMap(({ keySeq, summarySeqs }) => [keySeq, ...summarySeqs])
          .filter((seq) => !erased.has(seq));
        for (const seq of seqs) erased.add(seq);
        return erasures(why, seqs);
      });
    });
    if (!done.ok) return done;
    parts.onStep?.('letters');
  }
  return ok(undefined);
}

/** Superseded records of one account: what is still needed of them is said anew first. */
export async function eraseSuperseded(
  parts: ForgettingParts,
  {
    accountId,
    carriers,
    erased,
  }: { readonly accountId: AccountId; readonly carriers: ReadonlySet<Carrier>; readonly erased: SeqSet },
): Done {
  const nowMs = parts.clock.nowMs();
  const over = [...carriers].filter(({ living, dead }) => living.size === 0 && Math.max(...dead.values()) <= nowMs);
  const partly = [...carriers].filter(({ living, dead }) => living.size > 0 && Math.min(...dead.values()) <= nowMs);
  const restated = await restate(parts, accountId, partly);
  if (!restated.ok) return restated;
  const gone = [...over.map(({ seq, by }) => ({ seq, by })), ...restated.value];
  if (gone.length === 0) return ok(undefined);
  parts.onStep?.('restated');
  const summaries = over.flatMap(({ seq, kind }) => (kind === 'summaryPut' ? [seq] : []));
  const done = await parts.door.erase(accountId, async (reader) => {
    const shown = summaries.length === 0 ? new Set<number>() : await readShownSummaries(reader, accountId, summaries);
    const seqs = gone.filter(({ seq }) => !shown.has(seq) && !erased.has(seq));
    for (const { seq } of seqs) erased.add(seq);
    const why = { lane: 'key', journal: parts.journal.journal, reason: 'superseded' } as const;
    return erasures(
      { ...why, command: seqs.at(-1)?.by ?? 0 },
      seqs.map(({ seq }) => seq),
    );
  });
  parts.onStep?.('superseded');
  return done;
}

interface Gone {
  readonly seq: number;
  readonly by: number;
}

/** Says anew what lives in records that are partly over; resolves with those that are needed no more. */
async function restate(
  { journal, door, clock }: ForgettingParts,
  accountId: AccountId,
  partly: readonly Carrier[],
): Promise<Result<readonly Gone[], CommitRefusal>> {
  const nowMs = clock.nowMs();
  const gone: Gone[] = [];
  let records: { seq: number; effect: JsonObject }[] = [];
  let of: number[] = [];
  let bytes = 0;
  const say = async (): Promise<Result<void, CommitRefusal>> => {
    if (records.length === 0) return ok(undefined);
    const command = { kind: 'accountRestated', effect: { records } } as const;
    const said = await door.commit<never>(accountId, { kind: 'system', id: new Uint8Array(16) }, async () =>
      ok(command),
    );
    if (!said.ok) return said;
    gone.push(...of.map((seq) => ({ seq, by: said.value.record.header.seq })));
    [records, of, bytes] = [[], [], 0];
    return ok(undefined);
  };
  for (const { seq, speaksFor, dead } of partly) {
    const isDead = (facet: string): boolean => (dead.get(facet) ?? Number.POSITIVE_INFINITY) <= nowMs;
    const entries: { seq: number; effect: JsonObject }[] = [];
    for (const one of speaksFor) {
      const command = await journal.readEffect(one);
      const effect = command && withoutDead(command, isDead);
      if (effect !== undefined) entries.push({ seq: one, effect });
    }
    // what cannot be said anew stays whole until all of it is over
    if (entries.length !== speaksFor.size) continue;
    records.push(...entries);
    of.push(seq);
    bytes += JSON.stringify(entries).length;
    if (bytes < limits.forgetting.restatedBytes) continue;
    const said = await say();
    if (!said.ok) return said;
  }
  const said = await say();
  return said.ok ? ok(gone) : said;
}

/** Everything of accounts that have ended, but what says which records are erased. */
export async function eraseEnded({ journal, door, onStep }: ForgettingParts, census: Census): Done {
  for (const [command, seqs] of census.ended) {
    const why = { lane: 'key', journal: journal.journal, reason: 'closed', command } as const;
    const done = await door.erase(undefined, async () => erasures(why, seqs));
    if (!done.ok) return done;
    for (const seq of seqs) census.erased.key.add(seq);
    onStep?.('ended');
  }
  return ok(undefined);
}

/** A body is dead when no record of a letter that lives names it. `notErased`: candidates that stay. */
export async function eraseBodies(parts: ForgettingParts, census: Census, gone: readonly RemovedLetter[]): Done {
  const { journal, door, onStep } = parts;
  const going = new Set(gone);
  const kept = census.bodiesOf([...census.letters.values()].filter((letter) => !going.has(letter)));
  const commands = new Map(gone.map(({ bodySeq, removal }) => [bodySeq, removal?.command ?? 0]));
  const dead: number[] = [];
  for await (const { header } of journal.readLane('body', 'skip')) {
    const { seq } = header;
    if (seq > census.settledBodySeq) break;
    if (census.livingBodies.has(seq) || kept.has(seq) || census.erased.body.has(seq)) continue;
    dead.push(seq);
  }
  // by which command, where this run knows it: 0 when its letters were erased before, or no record ever named it
  for (const [command, seqs] of Map.groupBy(dead, (seq) => commands.get(seq) ?? 0)) {
    const why = {
      lane: 'body',
      journal: journal.journal,
      reason: command === 0 ? 'superseded' : 'removed',
      command,
    } as const;
    const done = await door.erase(undefined, async () => erasures(why, seqs));
    if (!done.ok) return done;
    for (const seq of seqs) census.erased.body.add(seq);
    onStep?.('bodies');
  }
  return ok(undefined);
}
