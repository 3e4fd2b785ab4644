// A sealed letter as an Email object: everything follows from id, time, size and flags; nothing inside is read (decision 0005).

import type { EmailProperties } from '#formats/jmap/email-properties.ts';
import { headerMembers, partMembers, rawHeaders, type PartView } from '#formats/jmap/email-view.ts';
import type { HeaderField } from '#formats/message/header-fields.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import type { Part } from '#formats/message/parts.ts';
import { render } from '#vault/sealing/render.ts';
import type { LetterRow } from '#vault/database/read-letters.ts';
import { letterBlobId } from './blob-ids.ts';

const NOTHING = new Uint8Array(0);
/** Properties that need the outer header or the parts; the others come from the row alone. */
const rowProperties = new Set([
  'id',
  'blobId',
  'threadId',
  'mailboxIds',
  'keywords',
  'size',
  'receivedAt',
  'hasAttachment',
  'preview',
  'bodyValues',
]);

export function emailMembers(
  row: LetterRow,
  wanted: EmailProperties,
  partProperties: EmailProperties,
): Record<string, unknown> {
  const blobId = letterBlobId({ renderVersion: row.renderVersion, letterId: row.id, part: undefined });
  const all: Record<string, unknown> = {
    id: row.id,
    blobId,
    threadId: row.id,
    mailboxIds: Object.fromEntries(row.mailboxIds.map((id) => [id, true])),
    keywords: Object.fromEntries(row.keywords.map((keyword) => [keyword, true])),
    size: row.sizeBytes,
    receivedAt: new Date(row.receivedMs).toISOString().replace('.000Z', 'Z'),
    hasAttachment: false,
    preview: '',
    bodyValues: {},
  };
  const members: Record<string, unknown> = { id: row.id };
  for (const name of wanted.names) if (rowProperties.has(name)) members[name] = all[name];
  const needsMessage = wanted.headers.length > 0 || [...wanted.names].some((name) => !rowProperties.has(name));
  if (needsMessage) Object.assign(members, messageMembers(row, wanted, partProperties));
  return members;
}

function messageMembers(
  row: LetterRow,
  wanted: EmailProperties,
  partProperties: EmailProperties,
): Record<string, unknown> {
  const frame = readFrame(row);
  const members = headerMembers(frame.fields, wanted);
  if (wanted.names.has('headers')) members['headers'] = rawHeaders(frame.fields, frame.bytes);
  const show = (view: PartView): unknown => partMembers(view, partProperties, frame.bytes);
  if (wanted.names.has('bodyStructure')) members['bodyStructure'] = show(frame.structure);
  if (wanted.names.has('textBody')) members['textBody'] = [];
  if (wanted.names.has('htmlBody')) members['htmlBody'] = [];
  if (wanted.names.has('attachments')) members['attachments'] = (frame.structure.subParts ?? []).map(show);
  return members;
}

interface Frame {
  readonly bytes: Uint8Array;
  readonly fields: readonly HeaderField[];
  readonly structure: PartView;
}

/**
 * The message as `render` makes it, without the sealed bytes themselves: header and parts do not depend on them, and the
 * length of the second part is what the whole has more than this.
 */
function readFrame(row: LetterRow): Frame {
  const bytes = render(
    row.renderVersion,
    { letterId: row.id, receivedMs: row.receivedMs, keyPacket: NOTHING },
    NOTHING,
  );
  const letter = readLetter(bytes);
  const sealedBytes = row.sizeBytes - bytes.length;
  const parts = letter.root.children;
  const structure: PartView = {
    partId: null,
    blobId: null,
    sizeBytes: 0,
    part: letter.root,
    subParts: parts.map((part, index) => viewOf(part, row, { index, isLast: index === parts.length - 1, sealedBytes })),
  };
  return { bytes, fields: letter.fields, structure };
}

function viewOf(
  part: Part,
  row: LetterRow,
  at: { readonly index: number; readonly isLast: boolean; readonly sealedBytes: number },
): PartView {
  const number = at.index + 1;
  return {
    partId: String(number),
    blobId: letterBlobId({ renderVersion: row.renderVersion, letterId: row.id, part: number }),
    // both parts travel as they are (7bit), so decoded and encoded lengths are the same
    sizeBytes: part.endOffset - part.bodyOffset + (at.isLast ? at.sealedBytes : 0),
    subParts: null,
    part,
  };
}
