// Documents that were made new and proved, put into one file with bookmarks where that was wished; the whole is proved again.

import { limits } from '#base/limits.ts';
import type { Criterion } from '../contract.ts';
import type { PageExpectation } from '../verify/expectation.ts';
import type { Job } from './job.ts';
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

/** What cannot share a file, or is not proved in company, goes back by itself. */
export async function mergeDrafts(job: Job, drafts: readonly Draft[]): Promise<readonly MergedFile[]> {
  if (!job.profile.isTogether) return [];
  const merged: MergedFile[] = [];
  for (const pack of packsOf(drafts)) {
    const one = await mergePack(job, pack);
    if (one !== undefined) merged.push(one);
  }
  const sent = job.order.files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const members = new Set(merged.flatMap((one) => one.members));
  const converted = drafts.reduce((sum, draft) => sum + bytesOf(draft).length - weightOf(draft), 0);
  const back =
    merged.reduce((sum, { bytes }) => sum + bytes.length, 0) +
    drafts.reduce((sum, draft) => sum + (members.has(draft) ? 0 : bytesOf(draft).length), 0);
  // an archive packs better than a PDF: the letter never grows by a wish
  return back <= sent + converted ? merged : [];
}

/** As many as one file may hold (ERVB 2022 no. 3), in order. */
function packsOf(drafts: readonly Draft[]): readonly (readonly Draft[])[] {
  const packs: Draft[][] = [];
  let [bytes, pages] = [0, 0];
  for (const draft of drafts) {
    if (draft.made === undefined) continue;
    bytes += draft.made.bytes.length;
    pages += draft.made.pages.length;
    const last = packs.at(-1);
    if (last !== undefined && bytes <= limits.transit.bytesBackMax && pages <= limits.transit.pagesMax)
      last.push(draft);
    else {
      packs.push([draft]);
      [bytes, pages] = [draft.made.bytes.length, draft.made.pages.length];
    }
  }
  return packs.filter(({ length }) => length > 1);
}

async function mergePack(job: Job, pack: readonly Draft[]): Promise<MergedFile | undefined> {
  const parts = pack.map((draft) => ({
    bytes: bytesOf(draft),
    title: titleOf(draft.found.name),
    foundIn: draft.found.foundIn.map(titleOf),
  }));
  const waitMs = job.pageWaitMs + pagesOf(pack).length * limits.transit.bindPageWaitMs;
  const merged = await job.bind.ask('merge', () => ({ parts }), waitMs);
  if (!merged.ok) return undefined;
  const { bytes, taken } = merged.value;
  const members = taken.flatMap((index) => pack[index] ?? []);
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
  return isProved && members.length > 1 ? { name, bytes, members, criteria: checked.value } : undefined;
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
