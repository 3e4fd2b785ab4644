// How often a letter has broken its job: the third time it goes back as it came. Keys only, and for an hour only.

import { createHash } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { OptimiseOrder, OptimiseResult } from '../contract.ts';

export interface Crashes {
  note(letter: string): void;
  isTooMany(letter: string): boolean;
  forgetOld(): void;
}

/** `earlier`: counted by whoever watched this process die, by letter. */
export function createCrashes(clock: Clock, earlier: ReadonlyMap<string, number> = new Map()): Crashes {
  const { crashesMax, dwellMs, jobsKnownMax } = limits.transit;
  const newEndMs = (): number => clock.monotonicMs() + dwellMs;
  const counts = new Map([...earlier].map(([letter, count]) => [letter, { count, endMs: newEndMs() }]));
  return {
    note(letter) {
      const count = (counts.get(letter)?.count ?? 0) + 1;
      counts.delete(letter);
      if (counts.size < jobsKnownMax) counts.set(letter, { count, endMs: newEndMs() });
    },
    isTooMany: (letter) => (counts.get(letter)?.count ?? 0) >= crashesMax,
    forgetOld() {
      for (const [letter, { endMs }] of counts) if (endMs <= clock.monotonicMs()) counts.delete(letter);
    },
  };
}

/** What goes back when nobody should look at it again. */
export function returnUntouched({ files, profile }: OptimiseOrder): OptimiseResult {
  const reports = files.map(({ name, bytes }) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    return {
      oldName: name,
      newName: name,
      kind: 'other' as const,
      foundIn: [],
      bytesBefore: bytes.length,
      bytesAfter: bytes.length,
      pages: [],
      kept: 'crashedBefore' as const,
      criteria: [],
      digestBefore: digest,
      digestAfter: digest,
    };
  });
  return {
    files: files.map(({ name, bytes }, at) => ({ name, bytes, report: at })),
    report: { files: reports, profile, tookMs: 0 },
  };
}
