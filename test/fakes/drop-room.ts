// A room for the drop page's tests: halves each document, page by page, and signs nothing.

import { err, ok } from '#base/result.ts';
import type { FileReport, OptimiseOrder, OptimiseResult, PageReport } from '#post/transit/contract.ts';
import type { RoomRefusal, TransitRoom } from '#post/transit/control/room.ts';
import type { SelfCheck } from '#post/transit/report/self-check.ts';
import type { DeletionReceipt } from '#post/transit/report/receipt.ts';

export interface DropRoomWishes {
  readonly refusal?: RoomRefusal['kind'];
  /** The work waits for it, after its first word. */
  readonly until?: Promise<void>;
  readonly onStop?: () => void;
  readonly bytesNow?: number;
  /** Of each step, so that somebody can look. */
  readonly stepMs?: number;
  /** Pictures of the first page, before and after. */
  readonly pictures?: readonly [before: Uint8Array, after: Uint8Array];
  readonly erasedMs?: number;
  readonly selfCheck?: SelfCheck;
}

const JOB = 'job0123456789abcdefghijkl';
const FINDINGS = ['swap', 'cores', 'piped-cores', 'temporary-folder', 'runtime-flags', 'cache'] as const;
const MET: SelfCheck = {
  checkedMs: Date.UTC(2026, 10, 22, 9, 30),
  findings: FINDINGS.map((kind) => ({ kind, isMet: true, seen: '', whatToDo: '', isAccepted: false })),
  sandbox: 'bubblewrap',
};
const CONFIDENCES = [97, 96, 61];

export function dropRoom(wishes: DropRoomWishes = {}): TransitRoom {
  let jobs = 0;
  let atWork = 0;
  const receipt = receiptOf(wishes.erasedMs ?? 1_000);
  const pause = (): Promise<void> =>
    wishes.stepMs === undefined ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, wishes.stepMs));
  return {
    async optimise(order, { signal, onProgress }) {
      if (wishes.refusal) return err({ kind: wishes.refusal });
      jobs += 1;
      atWork += 1;
      signal.addEventListener('abort', () => wishes.onStop?.());
      for (const { name } of order.files) {
        onProgress({ file: name, step: 'reading', page: 0, pages: 0 });
        await wishes.until;
        await pause();
        for (const page of [0, 1, 2, 3]) {
          onProgress({ file: name, step: 'page', page, pages: 3 });
          await pause();
        }
        for (const step of ['binding', 'checking', 'done'] as const) {
          onProgress({ file: name, step, page: 3, pages: 3 });
          await pause();
        }
        if (signal.aborted) break;
      }
      atWork -= 1;
      return ok({ result: halved(order, wishes.pictures), receipt, salts: order.files.map(() => 'ab'.repeat(16)) });
    },
    selfCheck: () => Promise.resolve(wishes.selfCheck ?? MET),
    counters: () =>
      Promise.resolve({
        jobs,
        returned: jobs - atWork,
        pages: 3 * jobs,
        atWork,
        waiting: 0,
        objects: 4 * atWork,
        bytes: wishes.bytesNow ?? 150_000 * atWork,
        oldestMs: 1_200 * atWork,
        alarms: 0,
      }),
    findReceipt: (job) => Promise.resolve(job === JOB && jobs > 0 ? receipt : undefined),
  };
}

function halved(
  { files, profile, wantsPreviews }: OptimiseOrder,
  pictures: DropRoomWishes['pictures'],
): OptimiseResult {
  const tiny = new Uint8Array([1]);
  const [before, after] = pictures ?? [tiny, tiny];
  const reports = files.map(({ name, bytes }, at): FileReport => {
    const isKept = name.includes('signed');
    return {
      oldName: name,
      newName: `0${at + 1}_${name}`,
      kind: 'pdf',
      foundIn: [],
      bytesBefore: bytes.length,
      bytesAfter: isKept ? bytes.length : Math.ceil(bytes.length / 2),
      pages: isKept ? [] : CONFIDENCES.map(pageOf),
      kept: isKept ? 'signed' : undefined,
      criteria: isKept ? [] : criteria.map((criterion) => ({ name: criterion, isMet: true, seen: '' })),
      digestBefore: 'a1'.repeat(32),
      digestAfter: 'b2'.repeat(32),
    };
  });
  const previews = reports.flatMap(({ kept }, report) => (kept ? [] : [{ report, before, after }]));
  return {
    report: { files: reports, profile, tookMs: 3_210 },
    files: reports.map(({ newName, bytesAfter }, report) => ({
      name: newName,
      bytes: (files[report]?.bytes ?? tiny).slice(0, bytesAfter),
      report,
    })),
    ...(wantsPreviews === true ? { previews } : {}),
  };
}

const criteria =
  'parses version fonts searchable text active references size pages upright grew ink jbig2 name limits metadata'.split(
    ' ',
  );

function pageOf(confidence: number): PageReport {
  return {
    confidence,
    tookMs: 900,
    steps: {
      source: 'photo',
      isCropped: true,
      turnedDegrees: 0,
      skewDegrees: 3.4,
      skewLeftDegrees: 0.05,
      isLightEvened: true,
      inkKept: 0.999,
    },
  };
}

function receiptOf(erasedMs: number): DeletionReceipt {
  return {
    facts: {
      kind: 'siegel transit deletion receipt',
      version: 1,
      job: JOB,
      receivedMs: erasedMs - 900,
      returnedMs: erasedMs - 10,
      erasedMs,
      saltedHashes: ['cd'.repeat(32)],
      objectsCreated: 11,
      objectsErased: 11,
      isKeyDestroyed: true,
      selfCheck: 'ef'.repeat(32),
      accepted: [],
    },
    key: 'A'.repeat(43),
    signature: 'B'.repeat(86),
  };
}
