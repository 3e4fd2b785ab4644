// One letter as the page shows it: opened, its sign decided from keys pinned here, its parts decoded; and a closed summary made anew.

import type { Clock } from '#base/clock.ts';
import type { LetterId } from '#base/ids.ts';
import { ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { attachmentBytes, makeDisplay } from '#formats/message/display.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { makeSummaryFacts } from '#formats/message/summary-facts.ts';
import { makeTerms, TOKENISER_VERSION } from '#formats/message/terms.ts';
import { sealRebuilt } from '#vault/sealing/client/rebuilt.ts';
import { isOwnLetter } from '#vault/sealing/client/open-summary.ts';
import { decideSign, type SignedView } from '#vault/sealing/client/sign.ts';
import type { Backend, OpenedLetter, Sign } from '../backend.ts';
import { isVouchedFor, provenanceOf, unsubscribeOf } from './door-words.ts';
import { createLetterReader, type ReadLetter } from './letter-reader.ts';
import { signOf } from './letter-row.ts';
import type { OpenSession } from './open-session.ts';
import type { PinnedKeys } from './pinned-keys.ts';

const SIGNS: Readonly<Record<SignedView['sign'], Sign>> = {
  endToEnd: 'end-to-end',
  encryptedSenderNotProven: 'encrypted',
  sealedOnArrival: 'on-arrival',
};

export interface PageOpener extends Pick<Backend, 'open'> {
  /** Opens a letter whose summary the door could not read, and puts a summary made here in its place. */
  rebuild(id: LetterId): Promise<boolean>;
}

export function createPageOpener(session: OpenSession, pins: PinnedKeys, clock: Clock): PageOpener {
  const { account } = session;
  const letters = createLetterReader(session);
  const decide = (read: ReadLetter) =>
    decideSign(read.plainOriginal, account.keyring, (address) => pins.find(address), clock.nowMs());
  return {
    async open(id) {
      const read = await letters.read(id);
      if (!read.ok) return read;
      const signed = await decide(read.value);
      if (read.value.opened.kind === 'outer' && signed.plainInner) await putRebuilt(session, read.value, signed);
      const [author] = readLetter(signed.plainInner ?? read.value.plainOriginal).from;
      const isProven = signed.sign === 'endToEnd' && author !== undefined;
      const sinceMs = isProven ? await pins.knownSinceMs(author.address) : undefined;
      await learnKeys(pins, read.value, signed);
      return ok(show(id, read.value, signed, sinceMs));
    },
    async rebuild(id) {
      const read = await letters.read(id);
      if (!read.ok || read.value.opened.kind !== 'outer') return false;
      const signed = await decide(read.value);
      return signed.plainInner !== undefined && putRebuilt(session, read.value, signed);
    },
  };
}

/** A key that comes with a letter counts only where somebody vouches for its sender: the seal of a key known already, or the sender's domain. */
async function learnKeys(pins: PinnedKeys, read: ReadLetter, signed: SignedView): Promise<void> {
  if (isOwnLetter(read.opened)) return;
  const isSealed = signed.plainInner !== undefined;
  if (signed.sign !== 'endToEnd' && !isVouchedFor(read.opened)) return;
  const outer = readLetter(read.plainOriginal);
  const inner = signed.plainInner === undefined ? outer : readLetter(signed.plainInner);
  // The domain vouches for the From outside: an inner letter of somebody else teaches nothing.
  if (inner.from[0]?.address.toLowerCase() !== outer.from[0]?.address.toLowerCase()) return;
  await pins.learn(inner, isSealed);
}

function show(id: LetterId, read: ReadLetter, signed: SignedView, keyKnownSinceMs: number | undefined): OpenedLetter {
  const plain = new Uint8Array(signed.plainInner ?? read.plainOriginal);
  const view = readLetter(plain);
  // An inner layer may lack the fields that only its envelope carries: the outer letter speaks for those.
  const outer = readLetter(read.plainOriginal);
  const display = makeDisplay(plain, view);
  return {
    id,
    from: view.from.length > 0 ? view.from : outer.from,
    to: view.to.length > 0 ? view.to : outer.to,
    cc: view.cc.length > 0 ? view.cc : outer.cc,
    replyTo: view.replyTo,
    subject: view.subject || outer.subject,
    sentMs: (view.date ?? outer.date)?.atMs,
    plainHtml: display.html,
    plainText: display.text,
    inlineImages: [...display.images].map(([contentId, image]) => ({
      contentId,
      mediaType: image.type,
      bytes: new Uint8Array(attachmentBytes(plain, image)),
    })),
    attachments: display.attachments.map((file) => {
      const bytes = new Uint8Array(attachmentBytes(plain, file));
      return { name: file.name, mediaType: file.type, sizeBytes: bytes.length, bytes };
    }),
    plainOriginal: read.plainOriginal,
    unsubscribe: unsubscribeOf(read.opened, outer),
    provenance: provenanceOf(read.opened, keyKnownSinceMs),
    // A letter written here was sealed for its readers by this account; its own copy is sealed once only.
    sign: isOwnLetter(read.opened) ? signOf(read.opened) : SIGNS[signed.sign],
  };
}

/** Packet, time and verdict stay the door's; the words are those of the letter inside. */
async function putRebuilt({ account, jmap }: OpenSession, read: ReadLetter, signed: SignedView): Promise<boolean> {
  const plain = new Uint8Array(signed.plainInner ?? read.plainOriginal);
  const view = readLetter(plain);
  const facts = makeSummaryFacts(plain, view);
  const [newest] = account.keyring.summary.toSorted((a, b) => b.version - a.version);
  if (!newest) return false;
  const to = { summaryKey: account.summaryKey, version: newest.version };
  const sealed = await sealRebuilt(account.keys, read.opened.place, to, {
    fromDoor: read.opened.summary,
    facts: { ...facts, sign: SIGNS[signed.sign] },
    terms: { tokeniser: TOKENISER_VERSION, words: makeTerms(facts, view.readableText) },
  });
  if (!sealed.ok) return false;
  const { letterId } = read.opened.place;
  const members = {
    version: read.summaryVersion + 1,
    summary: toBase64Url(sealed.value.summary),
    terms: toBase64Url(sealed.value.terms),
  };
  const put = await jmap.run([['SealedSummary/set', { update: { [letterId]: members } }]]);
  return put.ok;
}
