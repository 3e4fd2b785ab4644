// HTTP bodies in and out: JSON, problem documents (RFC 7807), bounded reading.

import { problemObject, type RequestProblem } from '#formats/jmap/errors.ts';
import type { Members } from './method.ts';

const RETRY_SECONDS = '5';

export function jsonAnswer(value: Members, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });
}

export function problemAnswer(problem: RequestProblem): Response {
  const body = JSON.stringify(problemObject(problem));
  return new Response(body, { status: problem.status, headers: { 'Content-Type': 'application/problem+json' } });
}

export function refusal(status: 400 | 401 | 404 | 413 | 429 | 500 | 503, detail: string): Response {
  const headers = new Headers({ 'Content-Type': 'application/problem+json' });
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer');
  if (status === 503) headers.set('Retry-After', RETRY_SECONDS);
  return new Response(JSON.stringify({ type: 'about:blank', status, detail }), { status, headers });
}

/** What is journalled is not yet in the rows, or the database is away. */
export function unavailable(): Response {
  return refusal(503, 'The mailbox cannot be read at this moment; try again in a few seconds.');
}

/** The whole body, or undefined when it is longer than `bytesMax`. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > bytesMax) return undefined;
  if (request.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > bytesMax) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
