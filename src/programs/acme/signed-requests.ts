// Requests to an authority: each signed with the account's key over its address and a nonce that is used once (RFC 8555 §6, RFC 7515).

import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { Outgoing, OutgoingAnswer } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';

/** `word`: what went wrong, as the authority or the network calls it; never a sentence from outside. */
export interface AcmeRefusal {
  readonly kind: 'acme';
  readonly step: string;
  readonly word: string;
}

export interface AcmeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

const WAIT_MS = 20_000;
const NONCE_TRIES = 3;
const ERROR_PREFIX = 'urn:ietf:params:acme:error:';

export class SignedRequests {
  readonly #outgoing: Outgoing;
  readonly #key: KeyObject;
  #newNonceUrl = '';
  #nonce: string | undefined;
  /** The account's address; until it is known the key itself goes along. */
  #account: string | undefined;

  constructor(outgoing: Outgoing, key: KeyObject) {
    this.#outgoing = outgoing;
    this.#key = key;
  }

  begin(newNonceUrl: string): void {
    this.#newNonceUrl = newNonceUrl;
  }

  signAs(account: string): void {
    this.#account = account;
  }

  async get(step: string, url: string): Promise<Result<AcmeAnswer, AcmeRefusal>> {
    const answer = await this.#outgoing.request('acme', { url, method: 'GET', timeoutMs: WAIT_MS });
    return answer.ok ? this.#read(step, answer.value) : err({ kind: 'acme', step, word: answer.error.kind });
  }

  /** `payload` undefined: POST-as-GET (§6.3). */
  async post(step: string, url: string, payload: unknown): Promise<Result<AcmeAnswer, AcmeRefusal>> {
    for (let tries = 1; ; tries++) {
      const nonce = await this.#takeNonce(step);
      if (!nonce.ok) return nonce;
      const body = new TextEncoder().encode(this.#signed(url, nonce.value, payload));
      const headers = { 'content-type': 'application/jose+json' };
      const sent = await this.#outgoing.request('acme', { url, method: 'POST', headers, body, timeoutMs: WAIT_MS });
      if (!sent.ok) return err({ kind: 'acme', step, word: sent.error.kind });
      const answer = this.#read(step, sent.value);
      // a nonce may have grown too old (§6.5)
      if (answer.ok || answer.error.word !== 'badNonce' || tries >= NONCE_TRIES) return answer;
    }
  }

  /** What a challenge's file must hold (§8.1). */
  keyAuthorization(token: string): string {
    return `${token}.${createHash('sha256').update(canonicalJson(this.#jwk())).digest('base64url')}`;
  }

  async #takeNonce(step: string): Promise<Result<string, AcmeRefusal>> {
    if (this.#nonce === undefined) {
      const answer = await this.get(step, this.#newNonceUrl);
      if (!answer.ok) return answer;
    }
    const nonce = this.#nonce;
    this.#nonce = undefined;
    return nonce === undefined ? err({ kind: 'acme', step, word: 'noNonce' }) : ok(nonce);
  }

  #signed(url: string, nonce: string, payload: unknown): string {
    const who = this.#account === undefined ? { jwk: this.#jwk() } : { kid: this.#account };
    const protectedPart = encode(JSON.stringify({ alg: 'ES256', nonce, url, ...who }));
    const payloadPart = payload === undefined ? '' : encode(JSON.stringify(payload));
    const signature = sign('sha256', Buffer.from(`${protectedPart}.${payloadPart}`), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
    });
    return JSON.stringify({
      protected: protectedPart,
      payload: payloadPart,
      signature: toBase64Url(new Uint8Array(signature)),
    });
  }

  /** The members that a thumbprint counts, in its order too (RFC 7638 §3.2). */
  #jwk(): { readonly crv: string; readonly kty: string; readonly x: string; readonly y: string } {
    const { crv = '', kty = '', x = '', y = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    return { crv, kty, x, y };
  }

  #read(step: string, { status, headers, body }: OutgoingAnswer): Result<AcmeAnswer, AcmeRefusal> {
    this.#nonce = headers['replay-nonce'] ?? this.#nonce;
    const text = new TextDecoder().decode(body);
    const json = parseJson(text);
    if (status >= 200 && status < 300) return ok({ status, headers, text, json });
    return err({ kind: 'acme', step, word: errorWord(json) ?? `status ${status}` });
  }
}

/** `urn:ietf:params:acme:error:rateLimited` → rateLimited (§6.7). */
export function errorWord(problem: unknown): string | undefined {
  const type = problem !== null && typeof problem === 'object' && 'type' in problem ? problem.type : undefined;
  const word = typeof type === 'string' && type.startsWith(ERROR_PREFIX) ? type.slice(ERROR_PREFIX.length) : '';
  return /^[A-Za-z]{1,40}$/.test(word) ? word : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a chain of certificates, or nothing
  }
}

function encode(text: string): string {
  return toBase64Url(new TextEncoder().encode(text));
}
