// One picture from elsewhere, through the outgoing door: bytes that are a picture, or a refusal.

import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ofDoor, type OutsideRefusal } from './outside-refusals.ts';
import { pictureType, type PictureType } from './picture-type.ts';

export interface Picture {
  readonly type: PictureType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The same for everybody: it says nothing of the reader's program. */
const ACCEPTED = 'image/avif,image/webp,image/png,image/jpeg,image/gif,image/bmp;q=0.8';

export async function fetchPicture(
  outgoing: Pick<Outgoing, 'request'>,
  url: string,
): Promise<Result<Picture, OutsideRefusal>> {
  const { pictureBytes: bytesMax, pictureWaitMs: timeoutMs } = limits.outside;
  const headers = { accept: ACCEPTED };
  const answer = await outgoing.request('image-proxy', { url, method: 'GET', headers, bytesMax, timeoutMs });
  if (!answer.ok) return err(ofDoor(answer.error));
  if (answer.value.status !== 200) return err({ kind: 'refusedThere' });
  const type = pictureType(answer.value.body);
  return type === undefined ? err({ kind: 'notAPicture' }) : ok({ type, bytes: new Uint8Array(answer.value.body) });
}
