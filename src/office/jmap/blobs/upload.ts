// Upload: bytes for a later call, kept in memory for an hour at most (RFC 8620 §6.1).

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { limitProblem } from '#formats/jmap/request.ts';
import { jsonAnswer, problemAnswer, readBody } from '../http-answers.ts';
import type { House } from '../method.ts';

export async function uploadAnswer(
  house: House,
  { accountId }: { readonly accountId: AccountId },
  request: Request,
): Promise<Response> {
  const bytes = await readBody(request, limits.http.uploadBytes);
  const type = request.headers.get('Content-Type') ?? 'application/octet-stream';
  const upload = bytes && house.uploads.put(accountId, bytes, type.slice(0, 255));
  if (upload === undefined) return problemAnswer(limitProblem('maxSizeUpload'));
  return jsonAnswer({ accountId, blobId: upload.blobId, type: upload.type, size: upload.bytes.length }, 201);
}
