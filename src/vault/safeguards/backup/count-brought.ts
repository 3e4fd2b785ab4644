// Counts what a run that brings letters back has put into the journal: each letter once, with the bytes of the backup, and nothing else.

import type { AccountId, LetterId } from '#base/ids.ts';
import type { KeyRecord } from '../../journal/journal.ts';
import type { Actor } from '../../journal/record.ts';

export interface CountedJournal {
  readonly durableSeq: number;
  readKeyRecords(afterSeq: number): AsyncIterable<readonly KeyRecord[]>;
}

export interface BroughtOrder {
  /** The last record before the run. */
  readonly afterSeq: number;
  readonly actor: Actor;
  readonly accountId: AccountId;
  /** SHA-256 of each letter’s packet in the backup, hex. */
  readonly expected: ReadonlyMap<LetterId, string>;
}

export interface BroughtCount {
  /** Not there, or not with the backup’s bytes. */
  readonly missing: readonly LetterId[];
  /** There without being in the backup, or a second time. */
  readonly extra: readonly LetterId[];
}

/** Believes the journal alone: what the run was answered does not count. */
export async function countBrought(
  journal: CountedJournal,
  { afterSeq, actor, accountId, expected }: BroughtOrder,
): Promise<BroughtCount> {
  const right = new Set<LetterId>();
  const extra: LetterId[] = [];
  const id = Buffer.from(actor.id);
  for await (const records of journal.readKeyRecords(afterSeq)) {
    for (const { header, content } of records) {
      if (content.kind !== 'letter' || header.accountId !== accountId) continue;
      if (header.actor.kind !== actor.kind || !id.equals(header.actor.id)) continue;
      const { letterId, packetDigest } = content.letter;
      const isRight = expected.get(letterId) === Buffer.from(packetDigest).toString('hex');
      if (isRight && !right.has(letterId)) right.add(letterId);
      else extra.push(letterId);
    }
  }
  return { missing: [...expected.keys()].filter((letterId) => !right.has(letterId)), extra };
}
