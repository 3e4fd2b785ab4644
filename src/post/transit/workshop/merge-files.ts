// Documents that were made new and proved, put into one file with bookmarks where that was wished; the whole is proved again.

import { limits } from '#base/limits.ts';
import type { BesideReason, Criterion } from '../contract.ts';
import type { PageExpectation } from '../verify/expectation.ts';
import type { FileBounds, Job } from './job.ts';
import { bytesOf, type Draft, sourceOf, weightOf } from './return-files.ts';

/** One file in the place of several. */
export interface MergedFile {
  /** As it would be called by its sender. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** In the order of their pages. */
  readonly members: readonly Draft[];
  readonly criteria: readonly Criterion[];
}

const TITLE_CHARACTERS = 200;
const NAME = 'Zusammen';

export interface Merging {
  readonly merged: readonly MergedFile[];
  /** Of what was made new and is in none of them. */
  readonly beside: ReadonlyMap<Draft, BesideReason>;
}

/** What cannot share a file, or is not proved in company, goes back by itself. */
export async function mergeDrafts(job: Job, drafts: readonly Draft[]): Promise<Merging> {
  const made = drafts.filter((draft) => draft.made !== undefined);
  // one document alone is all there is to have in one file
  if (!job.profile.isTogether || made.length < 2) return { merged: [], beside: new Map() };
  const merged: MergedFile[] = [];
  const beside = new Map<Draft, BesideReason>();
  for (const pack of packsOf(made, job.oneFileMax)) {
    const one = pack.length === 1 ? 'tooMuch' : await mergePack(job, pack);
    if (typeof one !== 'string') merged.push(one);
    for (const draft of pack)
      if (typeof one === 'string') beside.set(draft, one);
      else if (!one.members.includes(draft)) beside.set(draft, 'apart');
  }
  const sent = job.order.files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const members = new Set(merged.flatMap((one) => one.members));
  const converted = drafts.reduce((sum, draft) => sum + bytesOf(draft).length - weightOf(draft), 0);
  const back =
    merged.reduce((sum, { bytes }) => sum + bytes.length, 0) +
    drafts.reduce((sum, draft) => sum + (members.has(draft) ? 0 : bytesOf(draft).length), 0);
  // an archive packs better than a PDF: the letter never grows by a wish
  if (back <= sent + converted) return { merged, beside };
  return { merged: [], beside: new Map(made.map((draft) => [draft, beside.get(draft) ?? 'wholeWouldGrow'])) };
}

/** As many as one file may hold, in order. */
export function packsOf(drafts: readonly Draft[], max: FileBounds): readonly (readonly Draft[])[] {
  const packs: Draft[][] = [];
  let [bytes, pages] = [0, 0];
  for (const draft of drafts) {
    const [ownBytes, ownPages] = [bytesOf(draft).length, draft.made?.pages.length ?? 0];
    bytes += ownBytes;
    pages += ownPages;
    const last = packs.at(-1);
    if (last !== undefined && bytes <= max.bytes && pages <= max.pages) last.push(draft);
    else {
      packs.push([draft]);
      [bytes, pages] = [ownBytes, ownPages];
    }
  }
  return packs;
}

/** It claims to be PDF/A-2u where each of them does, and the verifier agrees; else the same without the claim is proved. */
async function mergePack(job: Job, pack: readonly Draft[]): Promise<MergedFile | BesideReason> {
  const mayClaim = pack.every(({ made }) => made?.unclaimed !== undefined);
  const claimed = mayClaim ? await mergeOnce(job, pack, { isClaimed: true }) : 'wholeNotProved';
  return claimed === 'wholeNotProved' ? mergeOnce(job, pack, { isClaimed: false }) : claimed;
}

async function mergeOnce(
  job: Job,
  pack: readonly Draft[],
  { isClaimed }: { readonly isClaimed: boolean },
): Promise<MergedFile | BesideReason> {
  const parts = pack.map((draft) => ({
    bytes: bytesOf(draft),
    title: titleOf(draft.found.name),
    foundIn: draft.found.foundIn.map(titleOf),
  }));
  const waitMs = job.pageWaitMs + pagesOf(pack).length * limits.transit.bindPageWaitMs;
  const merged = await job.bind.ask('merge', () => ({ parts, isClaimed }), waitMs);
  if (!merged.ok) return 'apart';
  const { bytes, taken } = merged.value;
  const members = taken.flatMap((index) => pack[index] ?? []);
  if (members.length < 2) return 'apart';
  const name = nameOf(members);
  const [newName = ''] = job.nameFiles([{ name, isPdf: true }]);
  const checked = await job.verify.ask(
    'verify',
    () => ({
      bytes,
      expectation: {
        producer: 'rewriter',
        pages: pagesOf(members),
        source: undefined,
        parts: members.map(bytesOf),
        bytesBefore: members.reduce((sum, draft) => sum + sourceOf(draft).length, 0),
        newName,
      },
    }),
    waitMs,
  );
  const isProved = checked.ok && checked.value.length > 0 && checked.value.every(({ isMet }) => isMet);
  return isProved ? { name, bytes, members, criteria: checked.value } : 'wholeNotProved';
}

/** Each page must be what it was in its own file. */
function pagesOf(drafts: readonly Draft[]): readonly PageExpectation[] {
  return drafts
    .flatMap(({ made }) => made?.expected ?? [])
    .map(({ box, plainText, ...before }, keptFrom) => ({
      box,
      plainText,
      inkKept: 1,
      inkShare: undefined,
      skewLeft: undefined,
      keptFrom,
      isWordless: plainText === undefined && before.keptFrom === undefined,
    }));
}

/** That of the one archive or letter they all came in. */
function nameOf(members: readonly Draft[]): string {
  const [outer] = members[0]?.found.foundIn ?? [];
  const isShared = outer !== undefined && members.every(({ found }) => found.foundIn[0] === outer);
  return isShared ? outer : NAME;
}

/** Without its ending and what is not seen. */
function titleOf(name: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(/\p{C}/gu, '')
    .replace(/\.[a-z0-9]{1,8}$/i, '')
    .trim();
  return Array.from(plain === '' ? 'Datei' : plain)
    .slice(0, TITLE_CHARACTERS)
    .join('');
}
