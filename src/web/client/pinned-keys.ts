// Certificates this account pinned for people it writes with: only they prove a sender. Kept with the contacts, see contacts/people.ts.

import type { Clock } from '#base/clock.ts';
import { systemClock } from '#base/clock.ts';
import { err, type Result } from '#base/result.ts';
import { parseAutocrypt } from '#formats/compose/autocrypt.ts';
import { makeDisplay, attachmentBytes } from '#formats/message/display.ts';
import type { LetterView } from '#formats/message/letter-view.ts';
import { checkCertificate, type Certificate } from '#vault/sealing/client/certificate.ts';
import { ownCertificate } from '#vault/sealing/client/encrypt-letter.ts';
import type { ChangeRefusal } from '../backend.ts';
import { peopleOf } from './contacts/people.ts';
import { certificateOf, currentKey, keyOf, withKey, type Person } from './contacts/person-item.ts';
import { RecipientKeys } from './contacts/recipient-keys.ts';
import type { OpenSession } from './open-session.ts';
import { readOwnAddresses } from './own-addresses.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface PinnedKeys {
  /** Pinned; one's own; or, for an address of this house never met before, the house's own, which is pinned by it. */
  find(address: string): Promise<Bytes | undefined>;
  knownSinceMs(address: string): Promise<number | undefined>;
  /** Keeps a certificate for an address; the newest wins. */
  put(
    address: string,
    certificate: Uint8Array,
    nowMs: number,
    source?: 'house' | 'file',
  ): Promise<Result<undefined, ChangeRefusal>>;
  /**
   * Certificates that came with a letter whose sender the door or a seal vouches for: the first of an address is pinned,
   * another one is laid beside it for a person to decide.
   */
  learn(letter: LetterView, sealed: boolean): Promise<void>;
}

export function createPinnedKeys(session: OpenSession, clock: Clock = systemClock): PinnedKeys {
  const people = peopleOf(session);
  const keys = new RecipientKeys(session, clock);

  async function pinned(address: string) {
    const found = await people.find(address);
    return found.ok ? currentKey(found.value?.person, address) : undefined;
  }

  async function findInHouse(address: string): Promise<Bytes | undefined> {
    const own = await readOwnAddresses(session);
    if (own.includes(address)) return ownCertificate(session.account.keyring);
    // Of strangers nothing is asked while reading: it would tell their directory that a letter was opened.
    if (!own.some((one) => domainOf(one) === domainOf(address))) return undefined;
    const asked = await keys.keysFor([address]);
    return asked.ok ? asked.value[0]?.certificate : undefined;
  }

  return {
    async find(address) {
      const key = address.toLowerCase();
      const known = await pinned(key);
      return known ? certificateOf(known) : findInHouse(key);
    },
    knownSinceMs: async (address) => (await pinned(address.toLowerCase()))?.firstSeenMs,
    async put(address, bytes, nowMs, source = 'house') {
      const checked = await checkCertificate(Uint8Array.from(bytes), nowMs);
      if (!checked.ok) return err({ kind: 'not-allowed' });
      const { fingerprint, bytes: certificate } = checked.value;
      const seen = { address: address.toLowerCase(), fingerprint, certificate, source };
      return people.changeFor(seen.address, (person) => withKey(person, keyOf(seen, nowMs)));
    },
    async learn(letter, sealed) {
      const address = letter.from.length === 1 ? letter.from[0]?.address.toLowerCase() : undefined;
      const nowMs = clock.nowMs();
      const certificate = address === undefined ? undefined : await certificateIn(letter, address, nowMs);
      if (address === undefined || certificate === undefined) return;
      const { fingerprint, bytes } = certificate;
      const source = sealed ? 'letter' : 'autocrypt';
      const key = keyOf({ address, fingerprint, certificate: bytes, source }, nowMs);
      await people.changeFor(address, (person) => taught(person, key));
    },
  };
}

function taught(person: Person, key: ReturnType<typeof keyOf>): Person | undefined {
  const current = currentKey(person, key.address);
  if (current === undefined) return withKey(person, key);
  const isKnown = [...person.keys, ...person.offered].some(
    (one) => one.address === key.address && one.fingerprint === key.fingerprint,
  );
  if (isKnown) return undefined;
  return { ...person, offered: [key, ...person.offered.filter((one) => one.address !== key.address)] };
}

/** Its Autocrypt field, or a key attached to it; the certificate must name the sender's address. */
async function certificateIn(letter: LetterView, address: string, nowMs: number): Promise<Certificate | undefined> {
  const fields = letter.findFields('autocrypt');
  const header = fields.length === 1 ? parseAutocrypt(letter.findText('autocrypt') ?? '') : undefined;
  const candidates = header?.address === address ? [header.certificate] : [];
  for (const file of makeDisplay(letter.bytes, letter).attachments.slice(0, FILES_LOOKED_AT)) {
    if (file.type === 'application/pgp-keys') candidates.push(Uint8Array.from(attachmentBytes(letter.bytes, file)));
  }
  for (const bytes of candidates) {
    const checked = await checkCertificate(bytes, nowMs);
    if (checked.ok && checked.value.addresses.includes(address)) return checked.value;
  }
  return undefined;
}

const FILES_LOOKED_AT = 20;

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
