// How a request to a store that speaks S3 is signed (AWS Signature Version 4: HMAC-SHA-256 over the canonical request).

import { createHmac, hash } from 'node:crypto';

export interface S3Login {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface S3Question {
  readonly method: string;
  readonly host: string;
  /** Encoded, beginning with a slash. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Beside those that signing adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly region: string;
  readonly nowMs: number;
}

const SERVICE = 's3';
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** All headers to send, the signature among them; `host` is the connection’s own and signed too. */
export function signS3(question: S3Question, login: S3Login): Readonly<Record<string, string>> {
  const time = new Date(question.nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const bodyDigest = hash('sha256', question.body);
  const headers = { ...question.headers, 'x-amz-date': time, 'x-amz-content-sha256': bodyDigest };
  const signed: Readonly<Record<string, string>> = { ...headers, host: question.host };
  const names = Object.keys(signed).toSorted();
  const canonical = [
    question.method,
    question.path,
    canonicalQuery(question.query),
    ...names.map((name) => `${name}:${(signed[name] ?? '').trim()}`),
    '',
    names.join(';'),
    bodyDigest,
  ].join('\n');
  const scope = `${day}/${question.region}/${SERVICE}/aws4_request`;
  const toSign = [ALGORITHM, time, scope, hash('sha256', canonical)].join('\n');
  const dayKey = hmac(`AWS4${login.secretKey}`, day);
  const key = hmac(hmac(hmac(dayKey, question.region), SERVICE), 'aws4_request');
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const credential = `Credential=${login.accessKey}/${scope}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** Sorted, each part encoded as the signature wants it. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
