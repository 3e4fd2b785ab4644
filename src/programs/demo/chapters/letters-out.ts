// Chapter 2: the office writes. Address books, letters to colleagues and to people outside, one that waits, drafts; each by its writer's own client.

import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import type { LetterId } from '#base/ids.ts';
import { htmlOfText } from '#formats/compose/quote.ts';
import type { Draft, DraftFile } from '#web/writing.ts';
import { requireDone, type DemoOffice, type Member } from '../demo-office.ts';
import { findPerson, persons } from '../persons.ts';
import type { Chapter } from './chapter.ts';
import {
  drafts,
  knownPeople,
  laterLetter,
  sentLetters,
  type KnownPerson,
  type WrittenLetter,
} from './leaving/written-letters.ts';

const LATER_DAYS = 21;
const LATER_HOUR = 8;
const ARRIVAL_WAIT_MS = 30_000;
const ASK_AGAIN_MS = 50;

export const lettersOut: Chapter = {
  name: 'letters-out',
  daysBack: 0,
  async fill(office) {
    for (const { key, name } of persons) {
      office.tell(`${name} fills the address book`);
      const member = office.member(key);
      for (const { id } of await member.mailbox.identities()) {
        requireDone(await member.mailbox.setIdentityName(id, name), 'a name to write under');
      }
      for (const person of knownPeople[key]) await know(member, person);
    }
    for (const [at, letter] of sentLetters.entries()) {
      office.tell('Letters leave', at + 1, sentLetters.length);
      await send(office, letter, undefined);
    }
    office.tell('A letter waits, others are drafts');
    await send(office, laterLetter, laterMs(office.nowMs));
    for (const letter of drafts) {
      const { mailbox } = office.member(letter.by);
      requireDone(await mailbox.saveDraft(await draftOf(office.member(letter.by), letter)), 'a draft');
    }
  },
};

function laterMs(nowMs: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + LATER_DAYS, LATER_HOUR).getTime();
}

async function know({ mailbox }: Member, person: KnownPerson): Promise<void> {
  const { name, address, organisation = '', phones = [], note = '' } = person;
  const contact = { id: undefined, name, addresses: [address], phones, organisation, note, keys: [] };
  requireDone(await mailbox.putContact(contact), 'a contact');
  if (person.isCompared !== true) return;
  const [state] = await mailbox.recipientStates([address]);
  const { fingerprint } = requireValue(state, 'what is known of a contact');
  requireDone(
    await mailbox.trustKey(address, requireValue(fingerprint, 'a key to compare'), 'compared'),
    'a comparison',
  );
}

/** Into the house: the reader's client opens it once, as a page does that is open, so that the list can say what it is. */
async function send(office: DemoOffice, letter: WrittenLetter, sendAtMs: number | undefined): Promise<void> {
  const writer = office.member(letter.by);
  const { mailbox } = writer;
  const states = await mailbox.recipientStates(letter.to.map(({ address }) => address));
  const unsealed = states.filter(({ state }) => state === 'none').map(({ address }) => address);
  const readers = letter.to.flatMap(({ address }) => findPerson(address)?.key ?? []).map((key) => office.member(key));
  const before = await Promise.all(readers.map(inboxOf));
  const draft = await draftOf(writer, letter);
  requireDone(await mailbox.send(draft, { undoMs: 0, sendAtMs, unsealed }), 'sending');
  if (sendAtMs !== undefined) return;
  for (const [at, reader] of readers.entries()) await openNew(reader, before[at] ?? []);
}

async function draftOf(writer: Member, { to, subject, plainText, files = [], answers }: WrittenLetter): Promise<Draft> {
  const [identity] = await writer.mailbox.identities();
  const answered = answers === undefined ? undefined : await findLetter(writer, answers);
  return {
    id: undefined,
    identityId: requireValue(identity, 'an address to write from').id,
    to,
    cc: [],
    bcc: [],
    subject,
    plainHtml: htmlOfText(plainText),
    plainText: `${plainText}\n`,
    files: files.map(({ name, type, bytes }): DraftFile => ({
      name,
      mediaType: type,
      bytes: Uint8Array.from(bytes),
      contentId: undefined,
    })),
    answers: answered === undefined ? undefined : { id: answered, how: 'reply' },
  };
}

async function inboxOf({ mailbox }: Member): Promise<readonly LetterId[]> {
  const inbox = (await mailbox.mailboxes()).find(({ role }) => role === 'inbox');
  return await mailbox.list(requireValue(inbox, 'an inbox').id);
}

async function findLetter(member: Member, subject: string): Promise<LetterId> {
  const rows = await member.mailbox.rows(await inboxOf(member));
  return requireValue(
    rows.find((row) => row.subject === subject),
    'the letter that is answered',
  ).id;
}

async function openNew(reader: Member, before: readonly LetterId[]): Promise<void> {
  for (let waitedMs = 0; waitedMs < ARRIVAL_WAIT_MS; waitedMs += ASK_AGAIN_MS) {
    const fresh = (await inboxOf(reader)).filter((id) => !before.includes(id));
    for (const id of fresh) requireDone(await reader.mailbox.open(id), 'a letter that has just come');
    if (fresh.length > 0) return;
    await wait(ASK_AGAIN_MS);
  }
  throw new Error(`a letter to ${reader.person.key} does not arrive`);
}
