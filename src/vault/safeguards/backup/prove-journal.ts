// Whether a backup’s journal is whole: walked from its first record, and ending in the very records it was said to end in.

import { mkdir } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { journalPath, nodeDisk } from '../../journal/disk.ts';
import { findInstance } from '../../journal/find-instance.ts';
import { recoverLane } from '../../journal/recover-lane.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from '../../journal/segment.ts';
import { verifyJournal, type Finding } from '../../journal/verify-journal.ts';
import type { Manifest } from './manifest.ts';
import type { ProofRefusal } from './refusals.ts';

export async function proveJournal(
  directory: string,
  { journal, instance }: Pick<Manifest, 'journal' | 'instance'>,
): Promise<Result<void, ProofRefusal>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await findInstance(nodeDisk, directory);
  if (found !== undefined && found !== instance) return err({ kind: 'otherInstance' });
  const { findings } = await verifyJournal(nodeDisk, directory);
  const unexplained = await withoutLosses(directory, findings);
  const [finding] = unexplained;
  if (finding !== undefined) return err({ kind: 'journalDamaged', finding, count: unexplained.length });
  for (const lane of ['body', 'key'] as const) {
    const { position } = await recoverLane(nodeDisk, directory, lane, undefined);
    const { seq, hash } = journal[lane];
    const isSame = position.lastSeq === seq && Buffer.from(position.lastHash).toString('hex') === hash;
    if (!isSame) return err({ kind: 'journalTooShort', lane, seq, found: position.lastSeq });
  }
  return ok(undefined);
}

/**
 * A disk that lost synced records at a crash is told of at every start, and the journal went on behind them in a segment that says so.
 * What is lost stays lost; what is there must be saved all the same.
 */
async function withoutLosses(directory: string, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const losses = new Set<Finding>();
  for (const finding of findings)
    if (finding.what === 'recordsMissing' && finding.offset === 0 && (await isAfterCrash(directory, finding)))
      losses.add(finding);
  const isLost = (lane: Finding['lane']): boolean => [...losses].some((loss) => loss.lane === lane);
  return findings.filter(
    (finding) =>
      !losses.has(finding) &&
      !(finding.what === 'accountGap' && isLost('key')) &&
      !(finding.what === 'bodyMissing' && isLost('body')),
  );
}

async function isAfterCrash(directory: string, { lane, segment }: Finding): Promise<boolean> {
  const file = await nodeDisk.open(journalPath(directory, segmentName(lane, segment)), 'read');
  try {
    const header = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
    return header.ok && header.value.afterCrash;
  } finally {
    await file.close();
  }
}
