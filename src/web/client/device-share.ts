// The server's half of the device secret, given to a live session only.

import { fromBase64 } from '#formats/base64/base64.ts';
import { createHttpDoor } from './http-door.ts';

export async function readDeviceShare(reach: typeof fetch): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const answer = await createHttpDoor(reach).get('/auth/share', 'share');
  return answer.ok ? fromBase64(answer.value.share) : undefined;
}
