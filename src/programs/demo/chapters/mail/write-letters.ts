// From planned letters to letters on the wire: ids and threads, invitations, and sealing with the writers' own keys.

import { requireValue } from '#base/assert.ts';
import type { PrivateKey } from 'openpgp';
import type { DemoOffice } from '../../demo-office.ts';
import { findPerson, persons } from '../../persons.ts';
import { meetingText } from '../../sample-files.ts';
import { bodyText, headText, type LetterBody, type LetterFields, type Party } from '../../sample-letter-text.ts';
import { makeOutsiderKey, readWriter, sealedLetterText, type OutsiderKey } from '../../sealed-letter.ts';
import type { DatedLetter } from './arrival-times.ts';
import type { PlannedLetter } from './letter-plan.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Who signs with what, and with which certificate people are written to; addresses are the names. */
export interface Keys {
  readonly writers: ReadonlyMap<string, PrivateKey>;
  readonly certificates: ReadonlyMap<string, Bytes>;
}

export type WriteLetter = (of: DatedLetter) => Promise<string>;

const SECONDS_ON_THE_WAY = 4;

/** Called in the order of arrival: an answer names the letters before it. */
export function createLetterWriter(keys: Keys): WriteLetter {
  const threads = new Map<string, string[]>();
  let count = 0;
  return async ({ letter, arrivesMs }) => {
    const messageId = `${(++count).toString(36).padStart(3, '0')}.${Math.floor(arrivesMs / 1000).toString(36)}@${domainOf(letter.from)}`;
    const before = letter.thread === undefined ? [] : (threads.get(letter.thread) ?? []);
    const fields: LetterFields = {
      from: letter.from,
      to: letter.to,
      ...(letter.cc ? { cc: letter.cc } : {}),
      subject: letter.subject,
      sentMs: Math.floor(arrivesMs / 1000 - SECONDS_ON_THE_WAY) * 1000,
      messageId,
      references: before.slice(-10),
      ...(letter.isList === true ? { listUnsubscribe: `https://${domainOf(letter.from)}/abmelden` } : {}),
    };
    if (letter.thread !== undefined) threads.set(letter.thread, [...before, messageId]);
    const body = bodyOf(letter, arrivesMs, messageId);
    if (letter.seal === undefined) return headText(fields) + bodyText(body);
    const readers = [letter.from, ...letter.to, ...(letter.cc ?? [])].flatMap(
      ({ address }) => keys.certificates.get(address) ?? [],
    );
    const writer = requireValue(keys.writers.get(letter.from.address), 'the key of a letter’s writer');
    return sealedLetterText(fields, body, { writer, readers });
  };
}

function bodyOf(letter: PlannedLetter, arrivesMs: number, uid: string): LetterBody {
  const { plainText, plainHtml, files, meeting } = letter;
  return {
    plainText,
    ...(plainHtml === undefined ? {} : { plainHtml }),
    ...(files === undefined ? {} : { files }),
    ...(meeting === undefined
      ? {}
      : {
          plainInvitation: meetingText({
            uid,
            title: meeting.title,
            place: meeting.place,
            organiser: letter.from.address,
            guests: letter.to.map(({ address }) => address),
            startMs: new Date(arrivesMs + meeting.inDays * 86_400_000).setHours(meeting.hour, 0, 0, 0),
            minutes: 60,
            madeMs: arrivesMs,
          }),
        }),
  };
}

function domainOf({ address }: Party): string {
  return address.slice(address.indexOf('@') + 1);
}

/**
 * The members' keys come out of their own keyrings, their certificates out of the house's directory; people outside who seal
 * have keys of their own. Members pin each other, and everybody outside except who writes `unproven`.
 */
export async function exchangeKeys(office: DemoOffice, letters: readonly DatedLetter[], nowMs: number): Promise<Keys> {
  const writers = new Map<string, PrivateKey>();
  const certificates = new Map<string, Bytes>();
  for (const { key, address } of persons) {
    const own = office.member(key).session.account.keyring.openpgp.at(-1);
    writers.set(address, await readWriter(requireValue(own, 'a member’s key')));
    certificates.set(address, await office.fetchCertificate(address));
  }
  const pinned = new Map(certificates);
  for (const { letter } of letters) {
    const { from, to, seal } = letter;
    if (seal === undefined) continue;
    for (const { name, address } of [from, ...to]) {
      if (findPerson(address) || writers.has(address)) continue;
      const made: OutsiderKey = await makeOutsiderKey(name, address, nowMs);
      writers.set(address, made.writer);
      certificates.set(address, made.certificate);
      if (seal === 'signed') pinned.set(address, made.certificate);
    }
  }
  await pinEverybody(office, pinned, letters, nowMs);
  return { writers, certificates };
}

async function pinEverybody(
  office: DemoOffice,
  pinned: ReadonlyMap<string, Bytes>,
  letters: readonly DatedLetter[],
  nowMs: number,
): Promise<void> {
  for (const { key, address: own } of persons) {
    const known = new Set(persons.map(({ address }) => address));
    for (const { letter } of letters) {
      const all = [letter.from, ...letter.to].map(({ address }) => address);
      if (letter.seal === 'signed' && all.includes(own)) for (const address of all) known.add(address);
    }
    for (const address of known) {
      const certificate = pinned.get(address);
      const source = findPerson(address) ? 'house' : 'file';
      if (certificate) await office.member(key).pins.put(address, certificate, nowMs, source);
    }
  }
}
