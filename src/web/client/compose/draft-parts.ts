// The files of a draft as one sealed letter in the Drafts mailbox: written only when they changed, read when the draft is opened anywhere.

import { newId, type LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { writeLetter } from '#formats/compose/write-letter.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { decodePart } from '#formats/message/part-content.ts';
import { randomBytes, sha256 } from '#vault/sealing/derive.ts';
import type { OpenRefusal } from '../../backend.ts';
import type { DraftFile } from '../../writing.ts';
import { createLetterReader } from '../letter-reader.ts';
import type { OpenSession } from '../open-session.ts';
import type { FileMark, KeptDraft } from './draft-item.ts';
import { keepOwnLetter, removeOwnLetter, type KeepRefusal } from './own-letters.ts';

type Parts = KeptDraft['parts'];

/** A letter with this keyword is no letter to show: it holds files of a draft. */
export const PARTS_KEYWORD = 'siegel-parts';

/** What is kept of these files; `old` when nothing changed. */
export async function saveParts(
  session: OpenSession,
  old: Parts,
  files: readonly DraftFile[],
  nowMs: number,
): Promise<Result<Parts, KeepRefusal>> {
  const marks = files.map(markOf);
  if (files.length === 0) {
    const removed = old ? await removeOwnLetter(session, old.letterId) : ok(undefined);
    return removed.ok ? ok(null) : removed;
  }
  if (old && JSON.stringify(old.files) === JSON.stringify(marks)) return ok(old);
  const letterId = newId<LetterId>();
  const kept = await keepOwnLetter(session, { ...box(files, letterId, nowMs), replaces: old?.letterId });
  if (kept.ok) return ok({ letterId, files: marks });
  // Another device replaced or dropped the former box meanwhile.
  if (!old || kept.error.kind !== 'not-allowed') return kept;
  const again = await keepOwnLetter(session, { ...box(files, letterId, nowMs), replaces: undefined });
  return again.ok ? ok({ letterId, files: marks }) : again;
}

function markOf(file: DraftFile): FileMark {
  return {
    name: file.name,
    mediaType: file.mediaType,
    contentId: file.contentId ?? null,
    sizeBytes: file.bytes.length,
    sha256: toBase64Url(sha256(file.bytes)),
  };
}

function box(files: readonly DraftFile[], letterId: LetterId, nowMs: number) {
  const nobody = { name: '', address: 'draft@sealed.invalid' };
  const written = writeLetter(
    {
      from: nobody,
      to: [nobody],
      cc: [],
      bcc: [],
      subject: '',
      dateMs: nowMs,
      messageId: `${letterId}@sealed.invalid`,
      inReplyTo: [],
      references: [],
    },
    { plainText: '', plainHtml: undefined, files: files.map((file) => ({ ...file, contentId: undefined })) },
    { boundarySeed: toBase64Url(randomBytes(12)), isProtected: false, autocrypt: undefined, outerFields: [] },
  );
  if (!written.ok) throw new Error('the box of a draft has a sender');
  return {
    letterId,
    plainBytes: written.value.plainBytes,
    role: 'drafts',
    keywords: ['$draft', '$seen', PARTS_KEYWORD],
    receivedMs: nowMs,
    sign: 'on-arrival',
    isSearched: false,
  } as const;
}

/** The files in their order, each as it was put in. */
export async function readDraftFiles(
  session: OpenSession,
  parts: Parts,
): Promise<Result<readonly DraftFile[], OpenRefusal>> {
  if (parts === null) return ok([]);
  const read = await createLetterReader(session).read(parts.letterId);
  if (!read.ok) return read;
  const plain = read.value.plainOriginal;
  const [, ...children] = readLetter(plain).root.children;
  const files: DraftFile[] = [];
  for (const [index, mark] of parts.files.entries()) {
    const child = children[index];
    const bytes = child && Uint8Array.from(decodePart(plain, child));
    if (bytes === undefined || toBase64Url(sha256(bytes)) !== mark.sha256) return err({ kind: 'altered' });
    files.push({ name: mark.name, mediaType: mark.mediaType, bytes, contentId: mark.contentId ?? undefined });
  }
  return ok(files);
}
