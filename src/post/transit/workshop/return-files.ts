// What goes back: each made file is proved by the verifier or stays as it came; names, hashes, the report.

import { createHash } from 'node:crypto';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type {
  ConversionReport,
  Criterion,
  FileKind,
  FileReport,
  KeepReason,
  PageReport,
  ReturnedFile,
} from '../contract.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import type { Job } from './job.ts';
import type { Converted, MadeFile } from './make-file.ts';
import { inTurn, withoutClaim } from './make-file.ts';
import type { MergedFile, Merging } from './merge-files.ts';

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

/** What it was made from, and must not be larger than: of an Office document the PDF of its converter, for a document without its fonts is no measure for one with them. */
export function sourceOf({ found, made }: Draft): Uint8Array {
  return made?.converted?.bytes ?? found.bytes;
}

/** What it may not make its letter larger by. */
export function weightOf(draft: Draft): number {
  return draft.made?.converted === undefined ? bytesOf(draft).length : 0;
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
  const checked = await check(job, draft, { bytes: made.bytes, newName });
  if (!checked.ok) return keptDraft(found, checked.error.kind);
  if (isProved(checked.value)) return { ...draft, criteria: checked.value };
  // what is no PDF/A may still be a good file: its end without the claim is proved by itself
  const bytes = withoutClaim(made);
  const again = bytes === undefined ? undefined : await check(job, draft, { bytes, newName });
  if (bytes === undefined || again?.ok !== true || !isProved(again.value))
    return { ...keptDraft(found, 'notProved'), criteria: checked.value };
  const claimed = checked.value.find(({ name }) => name === 'version')?.seen ?? '';
  return {
    ...draft,
    made: { ...made, bytes, unclaimed: undefined },
    criteria: again.value.map((one) =>
      one.name === 'version' ? { ...one, seen: `${one.seen}; the claim was taken out (${claimed})` } : one,
    ),
  };
}

function isProved(criteria: readonly Criterion[]): boolean {
  return criteria.length > 0 && criteria.every(({ isMet }) => isMet);
}

function check(
  job: Job,
  draft: Draft,
  { bytes, newName }: { readonly bytes: Uint8Array; readonly newName: string },
): Promise<Result<readonly Criterion[], { readonly kind: KeepReason }>> {
  const source = sourceOf(draft);
  return job.verify.ask(
    'verify',
    () => ({
      bytes,
      expectation: {
        producer: draft.made?.isJoined === true ? 'rewriter' : 'writer',
        pages: draft.made?.expected ?? [],
        source: needsSource(draft) ? source : undefined,
        glance: draft.made?.glance,
        bytesBefore: source.length,
        newName,
      },
    }),
    job.pageWaitMs + (draft.made?.pages.length ?? 0) * limits.transit.bindPageWaitMs,
  );
}

/** Whatever can have several pages: the verifier counts for itself how many came. */
function needsSource({ found, made }: Draft): boolean {
  if (made?.glance !== undefined) return false;
  return made?.isJoined === true || SEVERAL_PAGES.has(found.kind);
}

const SEVERAL_PAGES: ReadonlySet<FileKind> = new Set(['pdf', 'tiff', 'heic', 'office']);

/** An archive of which nothing became smaller goes back as the archive it was: the letter never grows, but by what was converted. */
export function settle({ sent, drafts }: Group): readonly Draft[] {
  const flat = drafts.flatMap((draft) => [draft, ...draft.inside]);
  const [only] = flat;
  if (flat.length === 1 && only?.found.foundIn.length === 0) return flat;
  const bytes = flat.reduce((sum, draft) => sum + weightOf(draft), 0);
  const isMade = flat.some(({ made }) => made !== undefined);
  if (isMade && bytes < sent.bytes.length) return flat;
  const reason = isMade ? 'wouldGrow' : flat.find(({ kept }) => kept !== undefined)?.kept;
  return [keptDraft(sent, reason ?? 'unknownKind')];
}

export interface Returned {
  readonly files: readonly ReturnedFile[];
  readonly reports: readonly FileReport[];
}

/** In the order of what was sent; a merged file stands where its first document would. Where they are wished for, the originals of what was made new follow each. */
export function returnDrafts(job: Job, drafts: readonly Draft[], { merged, beside }: Merging): Returned {
  const mergedOf = new Map(merged.flatMap((one) => one.members.map((draft) => [draft, one] as const)));
  const slots = drafts.flatMap((draft): readonly Slot[] => {
    const { found, made } = draft;
    const whole = mergedOf.get(draft);
    const own = { draft, name: whole?.name ?? found.name, isPdf: made !== undefined };
    const isFirst = whole === undefined || whole.members[0] === draft;
    const isBeside = job.profile.hasOriginals && made !== undefined;
    const original = { draft, name: found.name, isPdf: false, isOriginal: true };
    return [...(isFirst ? [own] : []), ...(isBeside ? [original] : [])];
  });
  const names = job.nameFiles(slots.map(({ name, isPdf }) => ({ name, isPdf })));
  const nameOf = (draft: Draft): string =>
    names[slots.findIndex((slot) => slot.draft === draft && slot.isOriginal !== true)] ?? '';
  const files = slots.map(({ draft, isOriginal }, index): ReturnedFile => {
    const name = names[index] ?? '';
    if (isOriginal === true) return { name, bytes: draft.found.bytes, report: undefined };
    return { name, bytes: mergedOf.get(draft)?.bytes ?? bytesOf(draft), report: drafts.indexOf(draft) };
  });
  const brought = new Map(merged.flatMap((one) => shares(one, nameOf)));
  const reports = drafts.map((draft) => {
    const share = brought.get(draft);
    if (share !== undefined) return { ...reportOf(draft, share.newName), ...share };
    const why = beside.get(draft);
    return { ...reportOf(draft, nameOf(draft)), ...(why === undefined ? {} : { beside: why }) };
  });
  return { files, reports };
}

/** A place among what goes back. */
interface Slot {
  readonly draft: Draft;
  readonly name: string;
  readonly isPdf: boolean;
  readonly isOriginal?: boolean;
}

type Share = Pick<FileReport, 'newName' | 'bytesAfter' | 'digestAfter' | 'criteria'>;

/** Each has the name, the hash and the proof of the merged file, and of its bytes as many as it brought: together all of them. */
function shares(
  { bytes, members, criteria }: MergedFile,
  nameOf: (draft: Draft) => string,
): readonly (readonly [Draft, Share])[] {
  const [first] = members;
  const whole = { newName: first === undefined ? '' : nameOf(first), digestAfter: digest(bytes), criteria };
  const all = members.reduce((sum, member) => sum + bytesOf(member).length, 0);
  let [brought, told] = [0, 0];
  return members.map((member) => {
    brought += bytesOf(member).length;
    const upTo = Math.round((bytes.length * brought) / Math.max(1, all));
    const bytesAfter = upTo - told;
    told = upTo;
    return [member, { ...whole, bytesAfter }];
  });
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
    ...(made?.converted && { conversion: conversionOf(made.converted) }),
    criteria,
    digestBefore: digest(before),
    digestAfter: digest(after),
  };
}

function conversionOf({ bytes, macrosRemoved, referencesRemoved }: Converted): ConversionReport {
  return { macrosRemoved, referencesRemoved, pdfBytes: bytes.length };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
