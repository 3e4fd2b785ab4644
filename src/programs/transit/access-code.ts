// Who may use the drop page of a room that stands alone on the net: whoever has its code.

import { createHash, timingSafeEqual } from 'node:crypto';

/** `authorization: Bearer CODE`. */
export function mayEnter(request: Request, code: string): boolean {
  const given = /^Bearer (\S{1,200})$/.exec(request.headers.get('authorization') ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(code));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
