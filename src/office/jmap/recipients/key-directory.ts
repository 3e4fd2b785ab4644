// Keys of recipients: the house's own directory first, then the Web Key Directory of their domain; remembered in memory for a while.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { formatAddress, normaliseAddress, parseAddress, splitSuffix, type Address } from '#formats/smtp/address.ts';
import { findRecipient, type Finder } from '#post/reception/checks/recipient.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import { findCertificate } from '#vault/database/accounts-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import { findByWkd, type AskWkd } from './ask-wkd.ts';

/** What the look-up needs of the rest of the house. */
export interface KeySources {
  /** Who gets a letter to one exact address of the house, as reception asks it. */
  readonly findInHouse: Finder;
  /** Where postmaster@ is read. */
  readonly domain: string;
  /** undefined: nobody outside is asked. */
  readonly askWkd: AskWkd | undefined;
  /** The place for documents: it has no key, since it must read what it works on. `unknown`: such a place, and there is none. */
  readonly documents?: Pick<LetterPlace, 'knows'> | undefined;
  /** The desk’s own address: sealed to its people when it comes. */
  readonly desk?: Pick<LetterPlace, 'knows'> | undefined;
}

export interface FoundKey {
  readonly source: 'house' | 'documents' | 'wkd' | 'none' | 'unreachable' | 'limited';
  readonly certificate: Uint8Array | undefined;
  readonly deliverable: boolean;
}

interface Remembered {
  readonly found: Promise<FoundKey>;
  /** 0 while it is being asked. */
  untilMs: number;
  bytes: number;
}

const NOWHERE: FoundKey = { source: 'none', certificate: undefined, deliverable: false };
const SHARED: FoundKey = { source: 'house', certificate: undefined, deliverable: true };
const DOCUMENTS: FoundKey = { ...SHARED, source: 'documents' };
const ENTRY_BYTES = 500;

export class KeyDirectory {
  readonly #clock: Clock;
  readonly #reader: Reader;
  readonly #sources: KeySources;
  /** By account and address: nobody learns from the speed of an answer whom a colleague wrote to. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #asked = new Map<AccountId, { count: number; readonly sinceMs: number }>();
  #bytes = 0;

  constructor(clock: Clock, reader: Reader, sources: KeySources) {
    this.#clock = clock;
    this.#reader = reader;
    this.#sources = sources;
  }

  async find(accountId: AccountId, text: string): Promise<FoundKey> {
    const parsed = parseAddress(text);
    if (!parsed.ok) return NOWHERE;
    const address = normaliseAddress(parsed.value);
    return (await this.#findInHouse(address)) ?? this.#findOutside(accountId, address);
  }

  /** undefined: not an address of this house. */
  async #findInHouse(address: Address): Promise<FoundKey | undefined> {
    const { findInHouse, domain, documents, desk } = this.#sources;
    const place = documents?.knows(address);
    if (place !== undefined) return place === 'place' ? DOCUMENTS : NOWHERE;
    if (desk?.knows(address) === 'place') return SHARED;
    const found = await findRecipient(findInHouse, address, domain);
    if (!found.ok && found.error.kind === 'notOurs') return undefined;
    if (!found.ok && found.error.kind === 'unknown') return NOWHERE;
    const { base } = splitSuffix(address.local);
    for (const local of new Set([address.local, base])) {
      const certificate = await findCertificate(this.#reader, formatAddress({ ...address, local }));
      if (certificate !== undefined) return { source: 'house', certificate, deliverable: true };
    }
    return SHARED;
  }

  async #findOutside(accountId: AccountId, address: Address): Promise<FoundKey> {
    const { askWkd } = this.#sources;
    if (askWkd === undefined || address.domain.startsWith('[')) return { ...NOWHERE, deliverable: true };
    const key = `${accountId} ${formatAddress(address)}`;
    const known = this.#remembered.get(key);
    const nowMs = this.#clock.nowMs();
    if (known !== undefined && (known.untilMs === 0 || known.untilMs > nowMs)) return known.found;
    if (!this.#mayAsk(accountId, nowMs)) return { source: 'limited', certificate: undefined, deliverable: true };
    this.#forget(key);
    const found = findByWkd(askWkd, address, nowMs).then((answer): FoundKey => {
      const certificate = answer.source === 'wkd' ? answer.certificate : undefined;
      return { source: answer.source, certificate, deliverable: true };
    });
    const entry: Remembered = { found, untilMs: 0, bytes: ENTRY_BYTES };
    this.#remembered.set(key, entry);
    this.#bytes += entry.bytes;
    try {
      const { source, certificate } = await found;
      entry.untilMs = this.#clock.nowMs() + keptMs(source);
      this.#grow(key, entry, certificate?.length ?? 0);
      return await found;
    } catch (cause) {
      this.#forget(key);
      throw cause;
    }
  }

  #mayAsk(accountId: AccountId, nowMs: number): boolean {
    const { perAccountMax, windowMs, accountsMax } = limits.recipientKeys;
    const known = this.#asked.get(accountId);
    const asked = known !== undefined && nowMs - known.sinceMs < windowMs ? known : { count: 0, sinceMs: nowMs };
    if (asked.count >= perAccountMax) return false;
    asked.count++;
    if (known !== asked) {
      if (this.#asked.size >= accountsMax) this.#asked.clear();
      this.#asked.set(accountId, asked);
    }
    return true;
  }

  /** Counts what an answer weighs; the oldest go when there is too much. */
  #grow(key: string, entry: Remembered, bytes: number): void {
    if (this.#remembered.get(key) !== entry) return;
    entry.bytes += bytes;
    this.#bytes += bytes;
    for (const oldest of this.#remembered.keys()) {
      if (this.#bytes <= limits.recipientKeys.keptBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#remembered.get(key)?.bytes ?? 0;
    this.#remembered.delete(key);
  }
}

function keptMs(source: FoundKey['source']): number {
  const { goodMs, absentMs, unreachableMs } = limits.recipientKeys;
  return source === 'wkd' ? goodMs : source === 'unreachable' ? unreachableMs : absentMs;
}
