// Download: the bytes behind a blob id, never to be shown by a browser itself (RFC 8620 §6.2).

import type { AccountId } from '#base/ids.ts';
import { refusal } from '../http-answers.ts';
import type { House } from '../method.ts';
import { findBlob } from './stored-blob.ts';

export interface DownloadRequest {
  readonly blobId: string;
  readonly name: string;
  readonly type: string | undefined;
}

export async function downloadAnswer(
  house: House,
  { accountId }: { readonly accountId: AccountId },
  { blobId, name, type }: DownloadRequest,
): Promise<Response> {
  const settled = await house.door.settled(accountId);
  if (!settled.ok) return refusal(503, 'The mailbox cannot be read at this moment; try again in a few seconds.');
  const found = await findBlob(house, accountId, blobId);
  if (found.kind === 'notFound') return refusal(404, 'There is no such blob.');
  if (found.kind === 'damaged') {
    house.log.error('jmap.blobDamaged');
    return refusal(500, 'The stored bytes are damaged; the operator can see it in the log.');
  }
  // bytes behind an id never change, except that an upload goes
  const cache = blobId.startsWith('U-') ? 'no-store' : 'private, immutable, max-age=31536000';
  return new Response(found.bytes, {
    headers: {
      'Content-Type': isMediaType(type) ? type : found.type,
      'Content-Length': String(found.bytes.length),
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeName(name)}`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': cache,
    },
  });
}

function isMediaType(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9!#$&^_.+-]{1,100}\/[A-Za-z0-9!#$&^_.+-]{1,100}$/.test(text);
}

/** RFC 8187 §3.2. */
function encodeName(name: string): string {
  return encodeURIComponent(name.slice(0, 200).toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
