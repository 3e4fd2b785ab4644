// JMAP requests over HTTP (RFC 8620 §3.3): several calls in one POST, their results in the same order, one refusal for all.

import * as v from 'valibot';
import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { CORE, MAIL, QUOTA, SEALED, SUBMISSION } from '#formats/jmap/capabilities.ts';
import type { ChangeRefusal } from '../backend.ts';

export type JmapRefusal = Pick<ChangeRefusal, 'kind'>;
export type Members = Readonly<Record<string, unknown>>;
/** Method name and arguments without accountId. */
export type JmapCall = readonly [name: string, args: Members];

export interface JmapClient {
  readonly accountId: AccountId;
  /** Results in the order of the calls; the first call that fails makes all fail. */
  run(calls: readonly JmapCall[]): Promise<Result<readonly Members[], JmapRefusal>>;
  /** The bytes behind a blob id; undefined: there is none. */
  download(blobId: string): Promise<Result<Uint8Array<ArrayBuffer> | undefined, JmapRefusal>>;
  /** Kept in the server's memory for a later call; the blob id it goes by. */
  upload(bytes: Uint8Array<ArrayBuffer>): Promise<Result<string, JmapRefusal>>;
}

const members = v.record(v.string(), v.unknown());
const answerShape = v.object({ methodResponses: v.array(v.tuple([v.string(), members, v.string()])) });

export function createJmapClient(reach: typeof fetch, accountId: AccountId): JmapClient {
  return {
    accountId,
    async run(calls) {
      const methodCalls = calls.map(([name, args], place) => [name, { accountId, ...args }, String(place)]);
      const body = JSON.stringify({ using: [CORE, MAIL, SUBMISSION, QUOTA, SEALED], methodCalls });
      const headers = { 'content-type': 'application/json' };
      const answer = await reachJson(reach, '/jmap/api', { method: 'POST', headers, body });
      if (!answer.ok) return answer;
      const parsed = v.safeParse(answerShape, answer.value);
      if (!parsed.success) return err({ kind: 'server-unavailable' });
      const byPlace = new Map<string, Members>();
      for (const [name, result, place] of parsed.output.methodResponses) {
        if (name === 'error') return err(refusalOf(result['type']));
        if (!byPlace.has(place)) byPlace.set(place, result);
      }
      const results = calls.map((_, place) => byPlace.get(String(place)));
      const whole = results.filter((result) => result !== undefined);
      return whole.length === calls.length ? ok(whole) : err({ kind: 'server-unavailable' });
    },
    async download(blobId) {
      try {
        const path = `/jmap/download/${accountId}/${encodeURIComponent(blobId)}/letter`;
        const response = await reach(path, { credentials: 'same-origin', redirect: 'error' });
        if (response.status === 404) return ok(undefined);
        if (response.status === 401) return err({ kind: 'signed-out' });
        if (!response.ok) return err({ kind: 'server-unavailable' });
        return ok(new Uint8Array(await response.arrayBuffer()));
      } catch {
        return err({ kind: 'no-connection' });
      }
    },
    async upload(bytes) {
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = await reachJson(reach, `/jmap/upload/${accountId}`, { method: 'POST', headers, body: bytes });
      if (!answer.ok) return answer;
      const parsed = v.safeParse(v.object({ blobId: v.string() }), answer.value);
      return parsed.success ? ok(parsed.output.blobId) : err({ kind: 'server-unavailable' });
    },
  };
}

async function reachJson(reach: typeof fetch, path: string, init: RequestInit): Promise<Result<unknown, JmapRefusal>> {
  try {
    const response = await reach(path, { ...init, credentials: 'same-origin', redirect: 'error' });
    if (response.status === 401) return err({ kind: 'signed-out' });
    if (!response.ok) return err({ kind: response.status === 413 ? 'too-many' : 'server-unavailable' });
    return ok(await response.json());
  } catch {
    return err({ kind: 'no-connection' });
  }
}

function refusalOf(type: unknown): JmapRefusal {
  if (type === 'requestTooLarge') return { kind: 'too-many' };
  if (type === 'forbidden' || type === 'accountReadOnly') return { kind: 'not-allowed' };
  if (type === 'notFound' || type === 'accountNotFound') return { kind: 'gone' };
  return { kind: 'server-unavailable' };
}
