// What an update of an Email says: keywords and mailboxes, patched or whole; everything else stands as it is (RFC 8621 §4.6).

import { err, ok, type Result } from '#base/result.ts';
import type { MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { parseKeyword } from '#formats/jmap/keyword.ts';
import { parsePatch, patchMembers, type PatchStep } from '#formats/jmap/patch.ts';
import type { LetterRow } from '#vault/database/read-letters.ts';
import type { LetterChange } from '#vault/journal/commands.ts';
import { resolveId, type Members } from '../method.ts';
import { letterBlobId } from './blob-ids.ts';

export interface Places {
  readonly mailboxes: ReadonlyMap<string, MailboxId>;
  readonly createdIds: ReadonlyMap<string, string>;
}

/** The absolute change; undefined: nothing changes. */
export function readEmailChange(
  row: LetterRow,
  update: Members,
  places: Places,
): Result<LetterChange | undefined, SetError> {
  const patch = parsePatch(update);
  if (!patch.ok) return patch;
  const surplus = patch.value.find((step) => !isSettable(step) && !isUnchanged(step, row));
  if (surplus !== undefined) {
    return err({
      kind: 'invalidProperties',
      properties: [surplus.path.join('/')],
      description: 'Of a sealed letter only keywords and mailboxIds can be set.',
    });
  }
  const keywords = readKeywords(row, patch.value);
  if (!keywords.ok) return keywords;
  const mailboxes = readMailboxIds(row, patch.value, places);
  if (!mailboxes.ok) return mailboxes;
  if (keywords.value === undefined && mailboxes.value === undefined) return ok(undefined);
  return ok({
    id: row.id,
    ...(keywords.value === undefined ? {} : { keywords: keywords.value }),
    ...(mailboxes.value === undefined ? {} : { mailboxes: mailboxes.value }),
  });
}

function readKeywords(row: LetterRow, steps: readonly PatchStep[]): Result<readonly string[] | undefined, SetError> {
  const patched = patchMembers('keywords', steps.map(lowerKeyword), row.keywords);
  if (!patched.ok || patched.value === undefined) return patched;
  const keywords = new Set<string>();
  for (const word of patched.value) {
    const keyword = parseKeyword(word);
    if (keyword === undefined) return err({ kind: 'invalidProperties', properties: ['keywords'] });
    keywords.add(keyword);
  }
  if (keywords.size > limits.jmap.keywordsPerLetterMax) return err({ kind: 'tooManyKeywords' });
  const sorted = [...keywords].toSorted();
  return ok(isSame(sorted, row.keywords) ? undefined : sorted);
}

/** Keywords are the same in any case: keywords/$Seen is keywords/$seen. */
function lowerKeyword(step: PatchStep): PatchStep {
  const [property, word, ...rest] = step.path;
  if (property !== 'keywords' || word === undefined) return step;
  return { path: [property, word.toLowerCase(), ...rest], value: step.value };
}

function readMailboxIds(
  row: LetterRow,
  steps: readonly PatchStep[],
  places: Places,
): Result<readonly MailboxId[] | undefined, SetError> {
  const patched = patchMembers(
    'mailboxIds',
    steps.map((step) => resolveStep(step, places)),
    row.mailboxIds,
  );
  if (!patched.ok) return patched;
  if (patched.value === undefined) return ok(undefined);
  const mailboxes = new Set<MailboxId>();
  for (const text of patched.value) {
    const mailbox = places.mailboxes.get(resolveId(text, places.createdIds) ?? '');
    if (mailbox === undefined) {
      return err({ kind: 'invalidProperties', properties: ['mailboxIds'], description: 'There is no such mailbox.' });
    }
    mailboxes.add(mailbox);
  }
  if (mailboxes.size === 0) {
    return err({
      kind: 'invalidProperties',
      properties: ['mailboxIds'],
      description: 'A letter lies in at least one mailbox.',
    });
  }
  if (mailboxes.size > limits.jmap.mailboxesPerLetterMax) return err({ kind: 'tooManyMailboxes' });
  const sorted = [...mailboxes].toSorted();
  return ok(isSame(sorted, row.mailboxIds.toSorted()) ? undefined : sorted);
}

function resolveStep(step: PatchStep, places: Places): PatchStep {
  const [property, id, ...rest] = step.path;
  if (property !== 'mailboxIds' || id === undefined) return step;
  return { path: [property, resolveId(id, places.createdIds) ?? id, ...rest], value: step.value };
}

function isSettable({ path: [property] }: PatchStep): boolean {
  return property === 'keywords' || property === 'mailboxIds';
}

/** A client may send back what it got. */
function isUnchanged({ path, value }: PatchStep, row: LetterRow): boolean {
  const blobId = letterBlobId({ renderVersion: row.renderVersion, letterId: row.id, part: undefined });
  const same: Members = { id: row.id, threadId: row.id, blobId, size: row.sizeBytes };
  return path.length === 1 && Object.hasOwn(same, path[0]) && same[path[0]] === value;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
