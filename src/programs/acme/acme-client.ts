// One order at an authority: account, names, proofs by http-01, the certificate (RFC 8555 §7).

import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { certificateRequest } from '#formats/der/certificate-request.ts';
import { newKey, pemOf } from './key-files.ts';
import type { TlsPair } from '../server/read-tls.ts';
import { errorWord, SignedRequests, type AcmeAnswer, type AcmeRefusal } from './signed-requests.ts';

const url = v.pipe(v.string(), v.url(), v.maxLength(2_000));
const directoryShape = v.object({ newNonce: url, newAccount: url, newOrder: url });
const orderShape = v.object({
  status: v.string(),
  authorizations: v.pipe(v.array(url), v.maxLength(100)),
  finalize: url,
  certificate: v.optional(url),
  error: v.optional(v.unknown()),
});
const authorizationShape = v.object({
  status: v.string(),
  challenges: v.array(
    v.object({ type: v.string(), url, token: v.optional(v.string(), ''), error: v.optional(v.unknown()) }),
  ),
});
const TOKEN = /^[A-Za-z0-9_-]{16,200}$/;
const CHAIN = /^(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*)+$/;

export interface OrderParts {
  readonly outgoing: Outgoing;
  readonly directory: string;
  readonly accountKey: KeyObject;
  readonly contact: string | undefined;
  readonly names: readonly string[];
  /** From now on the authority may look for it. */
  readonly offer: (token: string, keyAuthorization: string) => void;
  readonly wait: (ms: number) => Promise<unknown>;
}

const POLLS_MAX = 60;
const POLL_MS = 2_000;

/** A key of its own for each certificate. */
export async function orderCertificate(parts: OrderParts): Promise<Result<TlsPair, AcmeRefusal>> {
  const requests = new SignedRequests(parts.outgoing, parts.accountKey);
  const opened = await openOrder(requests, parts);
  if (!opened.ok) return opened;
  const { orderUrl, order } = opened.value;
  for (const authorization of order.authorizations) {
    const proven = await prove(requests, authorization, parts);
    if (!proven.ok) return proven;
  }
  const key = newKey();
  const publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const request = certificateRequest({ names: parts.names, publicKey }, (bytes) => sign('sha256', bytes, key));
  const finalized = await requests.post('finalize', order.finalize, { csr: toBase64Url(request) });
  if (!finalized.ok) return finalized;
  const chain = await awaitChain(requests, orderUrl, parts);
  return chain.ok ? ok({ keyPem: pemOf(key), certificatePem: chain.value }) : chain;
}

async function openOrder(
  requests: SignedRequests,
  { directory, contact, names }: OrderParts,
): Promise<Result<{ readonly orderUrl: string; readonly order: v.InferOutput<typeof orderShape> }, AcmeRefusal>> {
  const places = read('directory', directoryShape, await requests.get('directory', directory));
  if (!places.ok) return places;
  requests.begin(places.value.newNonce);
  const person = contact === undefined ? {} : { contact: [`mailto:${contact}`] };
  const account = await requests.post('account', places.value.newAccount, { termsOfServiceAgreed: true, ...person });
  if (!account.ok) return account;
  const { location } = account.value.headers;
  if (location === undefined) return refuse('account', 'noLocation');
  requests.signAs(location);
  const identifiers = names.map((value) => ({ type: 'dns', value }));
  const ordered = await requests.post('order', places.value.newOrder, { identifiers });
  const order = read('order', orderShape, ordered);
  if (!order.ok) return order;
  const orderUrl = ordered.ok ? ordered.value.headers['location'] : undefined;
  return orderUrl === undefined ? refuse('order', 'noLocation') : ok({ orderUrl, order: order.value });
}

async function prove(
  requests: SignedRequests,
  authorizationUrl: string,
  { offer, wait }: OrderParts,
): Promise<Result<void, AcmeRefusal>> {
  let isOffered = false;
  for (let polls = 0; polls < POLLS_MAX; polls++) {
    if (polls > 0) await wait(POLL_MS);
    const asked = await requests.post('authorization', authorizationUrl, undefined);
    const authorization = read('authorization', authorizationShape, asked);
    if (!authorization.ok) return authorization;
    const { status, challenges } = authorization.value;
    if (status === 'valid') return ok(undefined);
    const challenge = challenges.find(({ type }) => type === 'http-01');
    if (status !== 'pending') return refuse('proof', errorWord(challenge?.error) ?? status);
    if (challenge === undefined) return refuse('proof', 'noHttpChallenge');
    if (isOffered) continue;
    if (!TOKEN.test(challenge.token)) return refuse('proof', 'badToken');
    offer(challenge.token, requests.keyAuthorization(challenge.token));
    const answered = await requests.post('proof', challenge.url, {});
    if (!answered.ok) return answered;
    isOffered = true;
  }
  return refuse('proof', 'timeout');
}

async function awaitChain(
  requests: SignedRequests,
  orderUrl: string,
  { wait }: OrderParts,
): Promise<Result<string, AcmeRefusal>> {
  for (let polls = 0; polls < POLLS_MAX; polls++) {
    if (polls > 0) await wait(POLL_MS);
    const order = read('order', orderShape, await requests.post('order', orderUrl, undefined));
    if (!order.ok) return order;
    const { status, certificate, error } = order.value;
    if (status === 'invalid') return refuse('order', errorWord(error) ?? status);
    if (status !== 'valid' || certificate === undefined) continue;
    const chain = await requests.post('certificate', certificate, undefined);
    if (!chain.ok) return chain;
    return CHAIN.test(chain.value.text) ? ok(chain.value.text) : refuse('certificate', 'notPem');
  }
  return refuse('order', 'timeout');
}

function read<T>(
  step: string,
  shape: v.GenericSchema<unknown, T>,
  answer: Result<AcmeAnswer, AcmeRefusal>,
): Result<T, AcmeRefusal> {
  if (!answer.ok) return answer;
  const parsed = v.safeParse(shape, answer.value.json);
  return parsed.success ? ok(parsed.output) : refuse(step, 'badAnswer');
}

function refuse(step: string, word: string): { readonly ok: false; readonly error: AcmeRefusal } {
  return err({ kind: 'acme', step, word });
}
