// Somebody else's certificate authority on 127.0.0.1: checks every signature, nonce and address, fetches the proof itself, signs with openssl (RFC 8555).

import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFor } from './certificates.ts';

export interface AcmeServerFake extends AsyncDisposable {
  readonly directory: string;
  /** Certificates to trust: of the authority's own web server. */
  readonly trustPem: string;
  /** What was wrong with requests so far. */
  readonly complaints: readonly string[];
  readonly issued: number;
  /** Names that were proven, in order. */
  readonly proven: readonly string[];
  /** Fails the next so many requests with this error of RFC 8555 §6.7. */
  failNext(error: string, count: number): void;
  /** How long certificates last from now on. */
  useDays(days: number): void;
}

interface Order {
  readonly names: readonly string[];
  readonly proofs: { readonly name: string; readonly token: string; status: 'pending' | 'valid' | 'invalid' }[];
  chain: string | undefined;
}

interface Signed {
  readonly payload: string;
  readonly key: KeyObject;
}

/** `findProof`: where the challenge of a name is fetched, instead of port 80. */
export async function startAcmeServer(findProof: (name: string, token: string) => string): Promise<AcmeServerFake> {
  const world = new World(findProof);
  const own = certificateFor('acme.test');
  const server = createServer({ key: own.keyPem, cert: own.certificatePem }, (request, response) => {
    void world.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  world.origin = `https://acme.test:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    directory: `${world.origin}/directory`,
    trustPem: own.certificatePem,
    complaints: world.complaints,
    proven: world.proven,
    get issued() {
      return world.issued;
    },
    failNext: (error, count) => (world.failing = { error, count }),
    useDays: (days) => (world.days = days),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(world.folder, { recursive: true, force: true });
    },
  };
}

class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'siegel-acme-'));
  readonly complaints: string[] = [];
  readonly proven: string[] = [];
  origin = '';
  issued = 0;
  days = 90;
  failing = { error: '', count: 0 };
  readonly #findProof: (name: string, token: string) => string;
  readonly #nonces = new Set<string>();
  readonly #accounts = new Map<string, KeyObject>();
  readonly #orders: Order[] = [];

  constructor(findProof: (name: string, token: string) => string) {
    this.#findProof = findProof;
    const files = ['-keyout', join(this.folder, 'ca.key'), '-out', join(this.folder, 'ca.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, '-subj', '/CN=Fake authority', '-days', '400'], {
      stdio: 'pipe',
    });
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const nonce = randomBytes(12).toString('base64url');
    this.#nonces.add(nonce);
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      const isText = typeof body === 'string';
      const type = isText ? 'application/pem-certificate-chain' : 'application/json';
      response.writeHead(status, { 'replay-nonce': nonce, 'content-type': type, ...headers });
      response.end(isText ? body : JSON.stringify(body));
    };
    try {
      const path = request.url ?? '';
      if (path === '/directory') return say(200, this.#directory());
      if (path === '/nonce') return say(204, {});
      if (this.failing.count > 0) {
        this.failing.count -= 1;
        return say(429, { type: `urn:ietf:params:acme:error:${this.failing.error}`, detail: 'no' });
      }
      const signed = this.#open(await readBody(request), path, request.headers['content-type']);
      return await this.#route(path, signed, say);
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : 'unknown';
      this.complaints.push(what);
      return say(400, { type: `urn:ietf:params:acme:error:${what === 'badNonce' ? what : 'malformed'}` });
    }
  }

  #directory(): object {
    const at = (name: string): string => `${this.origin}/${name}`;
    return { newNonce: at('nonce'), newAccount: at('account'), newOrder: at('order'), meta: {} };
  }

  /** JWS in flattened form, with jwk for new accounts and kid for all else (§6.2). */
  #open(text: string, path: string, type: string | undefined): Signed {
    if (type !== 'application/jose+json') throw new Error('content type');
    const jws = JSON.parse(text) as { protected: string; payload: string; signature: string };
    const head = JSON.parse(decode(jws.protected)) as {
      alg: string;
      nonce: string;
      url: string;
      jwk?: JsonWebKey;
      kid?: string;
    };
    if (head.alg !== 'ES256') throw new Error('alg');
    if (!this.#nonces.delete(head.nonce)) throw new Error('badNonce');
    if (head.url !== `${this.origin}${path}`) throw new Error('url');
    if ((head.jwk === undefined) === (head.kid === undefined)) throw new Error('jwk and kid');
    if ((path === '/account') !== (head.jwk !== undefined)) throw new Error('jwk for new accounts only');
    const key = head.jwk ? createPublicKey({ key: head.jwk, format: 'jwk' }) : this.#accounts.get(head.kid ?? '');
    if (key === undefined) throw new Error('unknown account');
    const signature = Buffer.from(jws.signature, 'base64url');
    const bytes = Buffer.from(`${jws.protected}.${jws.payload}`);
    if (!verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('signature');
    return { payload: decode(jws.payload), key };
  }

  async #route(
    path: string,
    { payload, key }: Signed,
    say: (status: number, body: unknown, headers?: Record<string, string>) => void,
  ): Promise<void> {
    const [, room = '', number = '', part = ''] = path.split('/');
    const order = this.#orders[Number(number)];
    if (room === 'account') {
      const location = `${this.origin}/account/${thumbprint(key)}`;
      this.#accounts.set(location, key);
      return say(201, { status: 'valid' }, { location });
    }
    if (room === 'order' && number === '') {
      const { identifiers } = JSON.parse(payload) as { identifiers: { type: string; value: string }[] };
      const names = identifiers.map(({ value }) => value);
      const proofs = names.map((name) => ({
        name,
        token: randomBytes(16).toString('base64url'),
        status: 'pending' as const,
      }));
      this.#orders.push({ names, proofs, chain: undefined });
      const at = this.#orders.length - 1;
      return say(201, this.#show(at), { location: `${this.origin}/order/${at}` });
    }
    if (order === undefined) throw new Error('no such order');
    const proof = order.proofs[Number(part)];
    if (room === 'order') return say(200, this.#show(Number(number)));
    if (room === 'certificate') return say(200, order.chain ?? '');
    if (room === 'finalize') {
      if (order.proofs.some(({ status }) => status !== 'valid')) throw new Error('not proven');
      const { csr } = JSON.parse(payload) as { csr: string };
      order.chain = this.#issue(Buffer.from(csr, 'base64url'), order.names);
      return say(200, this.#show(Number(number)));
    }
    if (proof === undefined) throw new Error('no such proof');
    if (room === 'challenge') await this.#check(proof, key);
    const url = `${this.origin}/challenge/${number}/${part}`;
    const problem = { type: 'urn:ietf:params:acme:error:unauthorized' };
    const error = proof.status === 'invalid' ? { error: problem } : {};
    const challenge = { type: 'http-01', url, token: proof.token, status: proof.status, ...error };
    const others = [{ type: 'dns-01', url: `${url}x`, token: proof.token, status: 'pending' }];
    return say(200, room === 'challenge' ? challenge : { status: proof.status, challenges: [...others, challenge] });
  }

  #show(number: number): object {
    const order = this.#orders[number];
    const at = (room: string): string => `${this.origin}/${room}/${number}`;
    const isProven = order?.proofs.every(({ status }) => status === 'valid') === true;
    return {
      status: order?.chain !== undefined ? 'valid' : isProven ? 'ready' : 'pending',
      authorizations: order?.proofs.map((_, index) => `${at('authorization')}/${index}`),
      finalize: at('finalize'),
      ...(order?.chain === undefined ? {} : { certificate: at('certificate') }),
    };
  }

  /** Over plain HTTP, as the authority does it; the name stands in Host. */
  async #check(proof: Order['proofs'][number], key: KeyObject): Promise<void> {
    const found = await fetchText(this.#findProof(proof.name, proof.token), proof.name);
    const isRight = found === `${proof.token}.${thumbprint(key)}`;
    proof.status = isRight ? 'valid' : 'invalid';
    if (isRight) this.proven.push(proof.name);
  }

  #issue(csr: Buffer, names: readonly string[]): string {
    const file = join(this.folder, `${this.issued}.csr`);
    writeFileSync(file, csr);
    const text = execFileSync('openssl', ['req', '-inform', 'DER', '-in', file, '-noout', '-text', '-verify'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const asked = [...text.matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name);
    if (names.length !== asked.length || !names.every((name) => asked.includes(name))) throw new Error('badCSR');
    this.issued += 1;
    const authority = ['-CA', join(this.folder, 'ca.pem'), '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial'];
    const options = ['-copy_extensions', 'copy', '-days', String(this.days)];
    const leaf = execFileSync('openssl', ['x509', '-req', '-inform', 'DER', '-in', file, ...authority, ...options], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return `${leaf}${readFileSync(join(this.folder, 'ca.pem'), 'utf8')}`;
  }
}

function fetchText(url: string, host: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = get(url, { headers: { host } }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve(text));
    });
    asked.on('error', () => resolve(''));
  });
}

function thumbprint(key: KeyObject): string {
  const { crv, kty, x, y } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
