// The house's certificate by ACME: kept in the kit, renewed when two thirds of its life are over, with a stand-in until the first is there.

import { createPublicKey, randomBytes, sign, X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import type { ResolveName } from '#base/outgoing/resolve-name.ts';
import { selfSigned } from '#formats/der/certificate-request.ts';
import type { HouseCertificate } from '../server/house-certificate.ts';
import type { TlsPair } from '../server/read-tls.ts';
import { orderCertificate } from './acme-client.ts';
import type { Challenges } from './challenges.ts';
import { newKey, openAccountKey, pemOf, readStored, store } from './key-files.ts';
import type { AcmeRefusal } from './signed-requests.ts';

export interface KeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly outgoing: Outgoing;
  readonly resolve: ResolveName;
  readonly directory: string;
  readonly contact: string | undefined;
  /** The first without fail; the others as soon as they exist. */
  readonly names: readonly string[];
  /** Of the key kit, as it can be reached now. */
  readonly folder: string;
  readonly challenges: Challenges;
  readonly pollWait?: (ms: number) => Promise<unknown>;
}

export interface CertificateKeeper extends HouseCertificate {
  readonly current: TlsPair;
  /** From now on one is fetched whenever it is due. */
  begin(): void;
  /** Looks now; resolves when there was nothing to do, or it is done or has failed. */
  look(): Promise<void>;
}

interface Held {
  readonly pair: TlsPair;
  readonly names: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

const DAY_MS = 86_400_000;
const STAND_IN_MS = 365 * DAY_MS;

export function openKeeper(parts: KeeperParts): CertificateKeeper {
  return new Keeper(parts);
}

class Keeper implements CertificateKeeper {
  readonly #parts: KeeperParts;
  readonly #standIn: TlsPair;
  readonly #listeners: ((pair: TlsPair) => void)[] = [];
  #held: Held | undefined;
  #failure: { readonly refusal: AcmeRefusal; readonly count: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const stored = readStored(parts.folder);
    this.#held = stored && readHeld(stored);
    this.#standIn = makeStandIn(parts.names, parts.clock.nowMs());
  }

  get current(): TlsPair {
    return this.#held?.pair ?? this.#standIn;
  }

  get isTrusted(): boolean {
    return this.#held !== undefined && this.#parts.clock.nowMs() < this.#held.untilMs;
  }

  get endsMs(): number {
    return this.#held?.untilMs ?? 0;
  }

  get challenges(): HouseCertificate['challenges'] {
    return this.#parts.challenges.routes;
  }

  onChange(listener: (pair: TlsPair) => void): void {
    this.#listeners.push(listener);
  }

  warnings(): readonly string[] {
    const nowMs = this.#parts.clock.nowMs();
    const why =
      this.#failure === undefined
        ? 'It is being fetched.'
        : `The last try failed (${this.#failure.refusal.step}: ${this.#failure.refusal.word}). It is tried again by itself; look at siegel domain check, and whether port 80 of ${this.#parts.names[0] ?? ''} leads here.`;
    if (this.#held === undefined) return [`There is no certificate yet; a stand-in that nobody trusts is used. ${why}`];
    if (nowMs >= this.#held.untilMs) return [`The certificate has ended: browsers and mail servers refuse it. ${why}`];
    if (this.#failure === undefined) return [];
    const day = new Date(this.#held.untilMs).toISOString().slice(0, 10);
    return [`The certificate ends on ${day} and could not be renewed. ${why}`];
  }

  begin(): void {
    this.#plan(0);
  }

  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #plan(inMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    const next = (): number => (this.#failure === undefined ? limits.acme.lookMs : pauseOf(this.#failure.count));
    const turn = async (): Promise<void> => {
      await this.look();
      this.#plan(next());
    };
    this.#timer = setTimeout(() => void turn(), inMs);
    this.#timer.unref();
  }

  /** A failure of any kind is kept and said; the doors go on with what they have. */
  async #look(): Promise<void> {
    try {
      const names = await this.#livingNames();
      if (!this.#isDue(names)) return;
      const refusal = await this.#renew(names);
      this.#failure = refusal && { refusal, count: (this.#failure?.count ?? 0) + 1 };
      if (refusal !== undefined) this.#parts.log.warn('acme.failed', { tries: this.#failure?.count ?? 0 });
    } catch (cause) {
      this.#parts.log.fault('acme.failed', cause);
      const refusal = { kind: 'acme', step: 'keeping', word: 'internal' } as const;
      this.#failure = { refusal, count: (this.#failure?.count ?? 0) + 1 };
    }
  }

  /** A name without an address would spoil the whole order. */
  async #livingNames(): Promise<readonly string[]> {
    const [first, ...others] = this.#parts.names;
    const living = await Promise.all(others.map(async (name) => ((await this.#parts.resolve(name)).ok ? [name] : [])));
    return first === undefined ? [] : [first, ...living.flat()];
  }

  #isDue(names: readonly string[]): boolean {
    const held = this.#held;
    if (held === undefined || !names.every((name) => held.names.includes(name))) return true;
    return this.#parts.clock.nowMs() >= held.fromMs + ((held.untilMs - held.fromMs) * 2) / 3;
  }

  async #renew(names: readonly string[]): Promise<AcmeRefusal | undefined> {
    const { outgoing, directory, contact, folder, challenges, pollWait = wait } = this.#parts;
    const accountKey = await openAccountKey(folder);
    const offer = (token: string, text: string): void => void challenges.offered.set(token, text);
    const order = { outgoing, directory, contact, accountKey, names, offer };
    const fetched = await orderCertificate({ ...order, wait: pollWait });
    challenges.offered.clear();
    if (!fetched.ok) return fetched.error;
    const held = readHeld(fetched.value);
    if (held === undefined || !names.every((name) => held.names.includes(name)))
      return { kind: 'acme', step: 'certificate', word: 'otherNames' };
    await store(folder, fetched.value);
    this.#held = held;
    for (const listener of this.#listeners) listener(fetched.value);
    return undefined;
  }
}

/** 5 min, 10, 20 … at most 6 h: authorities count failures. */
function pauseOf(failures: number): number {
  return Math.min(limits.acme.pauseMaxMs, limits.acme.pauseMs * 2 ** Math.min(failures - 1, 10));
}

function readHeld(pair: TlsPair): Held | undefined {
  try {
    const certificate = new X509Certificate(pair.certificatePem);
    const names = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name);
    return { pair, names, fromMs: Date.parse(certificate.validFrom), untilMs: Date.parse(certificate.validTo) };
  } catch {
    return undefined;
  }
}

/** So that every door listens from the start; nobody trusts it. */
function makeStandIn(names: readonly string[], nowMs: number): TlsPair {
  const key = newKey();
  const publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const times = { fromMs: nowMs - DAY_MS, untilMs: nowMs + STAND_IN_MS };
  const der = selfSigned({ names, publicKey, serial: randomBytes(16), ...times }, (bytes) =>
    sign('sha256', bytes, key),
  );
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const certificatePem = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { keyPem: pemOf(key), certificatePem };
}
