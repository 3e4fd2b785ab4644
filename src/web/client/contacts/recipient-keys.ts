// What is known of the keys of those a letter goes to: pinned first, then what the server looks up; another key than the pinned one stops everything.

import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';
import { checkCertificate, type Certificate, type CertificateRefusal } from '#vault/sealing/client/certificate.ts';
import type { ChangeRefusal } from '../../backend.ts';
import type { RecipientState } from '../../writing.ts';
import { chunks, listOf } from '../mail-reads.ts';
import type { OpenSession } from '../open-session.ts';
import { peopleOf, type People } from './people.ts';
import { certificateOf, currentKey, keyOf, withKey, type Person, type PersonKey } from './person-item.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A state, and with it the certificate a letter would be sealed to. */
export interface RecipientKey extends RecipientState {
  readonly certificate: Bytes | undefined;
}

const LOOKUP_AT_ONCE = 100;
/** A chip and the letter sent soon after ask once. */
const LOOKUP_KEPT_MS = 30_000;
const SEEN_AGAIN_MS = 24 * 3_600_000;

const lookupShape = v.object({
  address: v.string(),
  source: v.picklist(['house', 'documents', 'wkd', 'none', 'unreachable', 'limited']),
  certificate: v.nullable(v.string()),
  deliverable: v.boolean(),
});

interface Found {
  readonly atMs: number;
  readonly source: v.InferOutput<typeof lookupShape>['source'];
  readonly deliverable: boolean;
  readonly key: Result<Certificate, CertificateRefusal> | undefined;
}

type Answer<T> = Promise<Result<T, ChangeRefusal>>;

export class RecipientKeys {
  readonly #session: OpenSession;
  readonly #clock: Clock;
  readonly #people: People;
  readonly #found = new Map<string, Found>();

  constructor(session: OpenSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#people = peopleOf(session);
  }

  /** In the order asked; a key seen for the first time is pinned by it. Refused when the server could not be asked. */
  async keysFor(addresses: readonly string[]): Answer<readonly RecipientKey[]> {
    const keys = addresses.map((address) => address.trim().toLowerCase());
    const looked = await this.#lookUp(keys);
    if (!looked.ok) return looked;
    const states: RecipientKey[] = [];
    for (const [index, address] of keys.entries()) {
      const person = await this.#people.find(address);
      if (!person.ok) return person;
      const state = await this.#decide(address, person.value?.person);
      if (!state.ok) return state;
      states.push({ ...state.value, address: addresses[index] ?? address });
    }
    return ok(states);
  }

  async statesOf(addresses: readonly string[]): Promise<readonly RecipientState[]> {
    const keys = await this.keysFor(addresses);
    if (!keys.ok) throw new Error(`keys of recipients cannot be asked for: ${keys.error.kind}`);
    return keys.value.map(stateOf);
  }

  async trust(trust: Trust): Answer<undefined> {
    const address = trust.address.trim().toLowerCase();
    const looked = await this.#lookUp([address]);
    if (!looked.ok) return looked;
    const shown = this.#found.get(address);
    const given = shown?.key?.ok ? shown.key.value : undefined;
    const facts = { given, source: shown?.source, nowMs: this.#clock.nowMs() };
    let isKnown = false;
    const changed = await this.#people.changeFor(address, (person) => {
      const trusted = trustedPerson(person, { ...trust, address }, facts);
      isKnown = trusted !== undefined;
      return trusted;
    });
    if (!changed.ok) return changed;
    return isKnown ? ok(undefined) : err({ kind: 'gone' });
  }

  async #lookUp(addresses: readonly string[]): Answer<undefined> {
    const nowMs = this.#clock.nowMs();
    const isOld = (address: string): boolean => nowMs - (this.#found.get(address)?.atMs ?? -Infinity) >= LOOKUP_KEPT_MS;
    for (const chunk of chunks([...new Set(addresses)].filter(isOld), LOOKUP_AT_ONCE)) {
      const answer = await this.#session.jmap.run([['RecipientKey/lookup', { addresses: chunk }]]);
      if (!answer.ok) return answer;
      const list = listOf(lookupShape, answer.value[0]);
      if (list.length !== chunk.length) return err({ kind: 'server-unavailable' });
      for (const [index, { source, certificate, deliverable }] of list.entries()) {
        const bytes = certificate === null ? undefined : fromBase64(certificate);
        const address = chunk[index] ?? '';
        const key = bytes && (await checkCertificate(bytes, nowMs));
        const isFor = source !== 'wkd' || !key?.ok || isMadeFor(key.value, address);
        this.#found.set(address, {
          atMs: nowMs,
          source,
          deliverable,
          key: isFor ? key : err({ kind: 'unreadable' }),
        });
      }
    }
    return ok(undefined);
  }

  async #decide(address: string, person: Person | undefined): Answer<RecipientKey> {
    const shown = this.#found.get(address);
    const state = (of: Partial<RecipientKey>): Result<RecipientKey, ChangeRefusal> => ok({ ...none(address), ...of });
    if (!shown?.deliverable) return state({ deliverable: false });
    const pinned = currentKey(person, address);
    const given = shown.key?.ok ? shown.key.value : undefined;
    if (given === undefined) return ok(await this.#withoutGiven(address, person, shown));
    if (pinned !== undefined && pinned.fingerprint !== given.fingerprint) {
      return state({ state: 'changed', fingerprint: given.fingerprint, formerFingerprint: pinned.fingerprint });
    }
    const done = await this.#pin(address, pinned, given, shown.source === 'house' ? 'house' : 'wkd');
    if (!done.ok) return done;
    return state({ ...levelOf(pinned, shown.source), fingerprint: given.fingerprint, certificate: given.bytes });
  }

  /** The directory shows no key that can be used: what is pinned counts, unless the house itself took it back. */
  async #withoutGiven(address: string, person: Person | undefined, shown: Found): Promise<RecipientKey> {
    // it must read what it works on, whatever key was known of the address
    if (shown.source === 'documents') return { ...none(address), reason: 'documents' };
    const pinned = currentKey(person, address);
    const refused = shown.key?.ok === false ? shown.key.error.kind : undefined;
    if (pinned === undefined) return { ...none(address), reason: refused ?? reasonOf(shown) };
    const changed = { ...none(address), state: 'changed', formerFingerprint: pinned.fingerprint } as const;
    // A house that suddenly knows no key for somebody could be after clear letters: that is for a person to decide.
    if (shown.source === 'house') return { ...changed, reason: refused ?? 'shared' };
    const bytes = certificateOf(pinned);
    const checked = bytes ? await checkCertificate(bytes, this.#clock.nowMs()) : err({ kind: 'unreadable' });
    if (!checked.ok) return { ...changed, reason: checked.error.kind };
    const offer = person?.offered.find((one) => one.address === address);
    if (offer) return { ...changed, fingerprint: offer.fingerprint };
    const { fingerprint } = pinned;
    return { ...none(address), ...levelOf(pinned, shown.source), fingerprint, certificate: checked.value.bytes };
  }

  async #pin(
    address: string,
    pinned: PersonKey | undefined,
    given: Certificate,
    source: 'house' | 'wkd',
  ): Answer<undefined> {
    const nowMs = this.#clock.nowMs();
    if (pinned && nowMs - pinned.lastSeenMs < SEEN_AGAIN_MS) return ok(undefined);
    return this.#people.changeFor(address, (person) => {
      const old = currentKey(person, address);
      if (old && old.fingerprint !== given.fingerprint) return undefined;
      const seen = { address, fingerprint: given.fingerprint, certificate: given.bytes, source };
      return withKey(person, { ...keyOf(seen, nowMs, old?.verified), source: old?.source ?? source });
    });
  }
}

interface Trust {
  readonly address: string;
  /** '' : go on without a key. */
  readonly fingerprint: string;
  readonly how: 'compared' | 'accepted';
}

function trustedPerson(
  person: Person,
  { address, fingerprint, how }: Trust,
  shown: {
    readonly given: Certificate | undefined;
    readonly source: Found['source'] | undefined;
    readonly nowMs: number;
  },
): Person | undefined {
  const verified = how === 'compared';
  if (fingerprint === '') {
    return { ...person, keys: person.keys.filter((key) => key.address !== address) };
  }
  if (shown.given?.fingerprint === fingerprint) {
    const source = shown.source === 'house' ? 'house' : 'wkd';
    const seen = { address, fingerprint, certificate: shown.given.bytes, source } as const;
    return withKey(person, keyOf(seen, shown.nowMs, verified));
  }
  const known = [...person.offered, ...person.keys].find(
    (key) => key.address === address && key.fingerprint === fingerprint && key.certificate !== '',
  );
  return known && withKey(person, { ...known, verified: verified || known.verified, lastSeenMs: shown.nowMs });
}

function none(address: string): RecipientKey {
  return {
    address,
    state: 'none',
    fingerprint: undefined,
    formerFingerprint: undefined,
    deliverable: true,
    reason: undefined,
    certificate: undefined,
  };
}

/** One of its user ids, certified by it, is this address: the server looks at the words of a user id, not at its signature. */
function isMadeFor({ addresses }: Certificate, address: string): boolean {
  const wanted = comparable(address);
  return addresses.some((one) => comparable(one) === wanted);
}

function comparable(text: string): string {
  const address = parseAddress(text);
  return address.ok ? formatAddress(normaliseAddress(address.value)) : text;
}

function levelOf(pinned: PersonKey | undefined, source: Found['source']): Pick<RecipientState, 'state'> {
  if (pinned?.verified) return { state: 'verified' };
  return { state: source === 'house' ? 'house' : 'first-use' };
}

function reasonOf({ source }: Found): RecipientState['reason'] {
  if (source === 'house') return 'shared';
  return source === 'unreachable' || source === 'limited' ? 'unreachable' : undefined;
}

function stateOf({
  address,
  state,
  fingerprint,
  formerFingerprint,
  deliverable,
  reason,
}: RecipientKey): RecipientState {
  return { address, state, fingerprint, formerFingerprint, deliverable, reason };
}
