// What the page asks its server to do outside, and only after a press: fetch a picture, leave a list.

import { err, ok, type Result } from '#base/result.ts';

export type OutsideRefusal = { readonly kind: 'signed-out' | 'too-many' | 'not-there' | 'no-connection' };

/** The server has looked at the bytes; a label of its own making that is none of these is not shown all the same. */
const PICTURES = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

export async function fetchOutside(address: string): Promise<Result<Blob, OutsideRefusal>> {
  const answer = await ask('/outside/image', address);
  if (!answer.ok) return answer;
  const type = answer.value.headers.get('content-type') ?? '';
  if (!PICTURES.test(type)) return err({ kind: 'not-there' });
  try {
    return ok(new Blob([await answer.value.arrayBuffer()], { type }));
  } catch {
    return err({ kind: 'no-connection' });
  }
}

export async function leaveList(address: string): Promise<Result<undefined, OutsideRefusal>> {
  const answer = await ask('/outside/unsubscribe', address);
  return answer.ok ? ok(undefined) : answer;
}

async function ask(path: string, url: string): Promise<Result<Response, OutsideRefusal>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url }),
      credentials: 'same-origin',
      redirect: 'error',
    });
    if (response.ok) return ok(response);
    return err({ kind: response.status === 401 ? 'signed-out' : response.status === 429 ? 'too-many' : 'not-there' });
  } catch {
    return err({ kind: 'no-connection' });
  }
}
