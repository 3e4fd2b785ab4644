// What goes back: each made file is proved by the verifier or stays as it came; names, hashes, the report.

import { createHash } from 'node:crypto';
import { limits } from '#base/limits.ts';
import type { Criterion, FileReport, KeepReason, PageReport, ReturnedFile } from '../contract.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import type { Job } from './job.ts';
import type { MadeFile } from './make-file.ts';
import { inTurn } from './make-file.ts';

/** A file that was sent or found, on its way back. */
export interface Draft {
  readonly found: FoundFile;
  /** Undefined: it stays as it is, because of `kept`; both undefined: a letter without its attachments. */
  readonly made: MadeFile | undefined;
  readonly kept: KeepReason | undefined;
  readonly criteria: readonly Criterion[];
  /** Files that were inside it, and go back beside it when it is made new. */
  readonly inside: readonly Draft[];
}

/** All that came of one file that was sent. */
export interface Group {
  readonly sent: FoundFile;
  readonly drafts: readonly Draft[];
}

export function keptDraft(found: FoundFile, kept: KeepReason): Draft {
  return { found, made: undefined, kept, criteria: [], inside: [] };
}

export function bytesOf({ found, made }: Draft): Uint8Array {
  return made?.bytes ?? found.bytes;
}

/** Each made file before the verifier; what it does not wholly agree with goes back as it came, and its criteria say why. */
export async function proveDrafts(job: Job, groups: readonly Group[]): Promise<readonly Group[]> {
  const flat = groups.flatMap(({ drafts }) => drafts.flatMap((draft) => [draft, ...draft.inside]));
  const names = namesOf(job, flat);
  const proved = new Map<Draft, Draft>();
  await inTurn(flat, 2, async (draft) => {
    proved.set(draft, await prove(job, draft, names.get(draft) ?? ''));
  });
  const of = (draft: Draft): Draft => proved.get(draft) ?? draft;
  return groups.map(({ sent, drafts }) => ({
    sent,
    drafts: drafts.map((draft) => ({ ...of(draft), inside: of(draft).made ? draft.inside.map(of) : [] })),
  }));
}

async function prove(job: Job, draft: Draft, newName: string): Promise<Draft> {
  const { found, made } = draft;
  if (made === undefined) return draft;
  const pages = made.pages.length;
  job.onProgress({ file: found.name, step: 'checking', page: pages, pages });
  const checked = await job.verify.ask(
    'verify',
    () => ({
      bytes: made.bytes,
      expectation: {
        producer: made.isJoined ? 'rewriter' : 'writer',
        pages: made.expected,
        source: needsSource(draft) ? found.bytes : undefined,
        bytesBefore: found.bytes.length,
        newName,
      },
    }),
    job.pageWaitMs + pages * limits.transit.bindPageWaitMs,
  );
  if (!checked.ok) return keptDraft(found, checked.error.kind);
  const criteria = checked.value;
  const isProved = criteria.length > 0 && criteria.every(({ isMet }) => isMet);
  return isProved ? { ...draft, criteria } : { ...keptDraft(found, 'notProved'), criteria };
}

/** Whatever can have several pages: the verifier counts for itself how many came. */
function needsSource({ found, made }: Draft): boolean {
  return made?.isJoined === true || found.kind === 'pdf' || found.kind === 'tiff';
}

/** An archive of which nothing became smaller goes back as the archive it was: the letter never grows. */
export function settle({ sent, drafts }: Group): readonly Draft[] {
  const flat = drafts.flatMap((draft) => [draft, ...draft.inside]);
  const [only] = flat;
  if (flat.length === 1 && only?.found.foundIn.length === 0) return flat;
  const bytes = flat.reduce((sum, draft) => sum + bytesOf(draft).length, 0);
  const isMade = flat.some(({ made }) => made !== undefined);
  if (isMade && bytes < sent.bytes.length) return flat;
  const reason = isMade ? 'wouldGrow' : flat.find(({ kept }) => kept !== undefined)?.kept;
  return [keptDraft(sent, reason ?? 'unknownKind')];
}

export interface Returned {
  readonly files: readonly ReturnedFile[];
  readonly reports: readonly FileReport[];
}

/** In the order of what was sent; with the profile `original` the originals of what was made new follow each. */
export function returnDrafts(job: Job, drafts: readonly Draft[]): Returned {
  const isBeside = job.order.profile === 'original';
  const originals = isBeside ? drafts.filter(({ made }) => made !== undefined) : [];
  const beside = new Map(originals.map((draft) => [draft, keptDraft(draft.found, 'unknownKind')]));
  const names = namesOf(
    job,
    drafts.flatMap((draft) => [draft, beside.get(draft)].filter((one) => one !== undefined)),
  );
  const files: ReturnedFile[] = [];
  const reports: FileReport[] = [];
  for (const draft of drafts) {
    const name = names.get(draft) ?? '';
    files.push({ name, bytes: bytesOf(draft), report: reports.length });
    reports.push(reportOf(draft, name));
    const original = beside.get(draft);
    if (original) files.push({ name: names.get(original) ?? '', bytes: draft.found.bytes, report: undefined });
  }
  return { files, reports };
}

function namesOf(job: Job, drafts: readonly Draft[]): ReadonlyMap<Draft, string> {
  const names = job.nameFiles(drafts.map(({ found, made }) => ({ name: found.name, isPdf: made !== undefined })));
  return new Map(drafts.map((draft, index) => [draft, names[index] ?? '']));
}

function reportOf(draft: Draft, newName: string): FileReport {
  const { found, made, kept, criteria } = draft;
  const before = found.restOf ?? found.bytes;
  const after = bytesOf(draft);
  const pages: readonly PageReport[] = made?.pages ?? [];
  return {
    oldName: found.name,
    newName,
    kind: found.kind,
    foundIn: found.foundIn,
    bytesBefore: before.length,
    bytesAfter: after.length,
    pages,
    kept,
    criteria,
    digestBefore: digest(before),
    digestAfter: digest(after),
  };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
