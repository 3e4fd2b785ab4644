// Chapter 1: six weeks of a law office's mail. Each letter is delivered over SMTP on its day, then its reader deals with it.

import { requireDone, type DemoOffice } from '../demo-office.ts';
import { findPerson, persons } from '../persons.ts';
import type { Chapter } from './chapter.ts';
import { arrivalTimes, type DatedLetter } from './mail/arrival-times.ts';
import { tidyMailbox } from './mail/tidy-mailboxes.ts';
import { wholeMail } from './mail/whole-mail.ts';
import { createLetterWriter, exchangeKeys, type WriteLetter } from './mail/write-letters.ts';

const HOUR_MS = 3_600_000;

export const officeMail: Chapter = {
  name: 'office-mail',
  daysBack: 60,
  async fill(office) {
    const letters = arrivalTimes(wholeMail, office.nowMs);
    const [first] = letters;
    if (!first) return;
    const beginsMs = first.arrivesMs - HOUR_MS;
    await office.moveClock(beginsMs);
    office.tell('The three pin each other’s keys');
    const write = createLetterWriter(await exchangeKeys(office, letters, beginsMs));
    await deliverAll(office, letters, write);
    await office.moveClock(undefined);
    await office.signIn();
    for (const [at, { key, name }] of persons.entries()) {
      office.tell(`${name} sorts and reads`, at, persons.length);
      const member = office.member(key);
      const phrase = await member.mailbox.newPhrase();
      requireDone(await member.mailbox.confirmPhrase(phrase), 'a recovery phrase');
      await tidyMailbox(member, letters);
    }
  },
};

async function deliverAll(office: DemoOffice, letters: readonly DatedLetter[], write: WriteLetter): Promise<void> {
  for (const [at, dated] of letters.entries()) {
    const { from, to, cc = [] } = dated.letter;
    const plainLetter = await write(dated);
    await office.moveClock(dated.arrivesMs);
    // Who wrote from here keeps a copy: until letters go out it comes the same way.
    const readers = new Set([from, ...to, ...cc].flatMap(({ address }) => findPerson(address)?.address ?? []));
    for (const reader of readers) await office.deliver({ from: from.address, to: reader, plainLetter });
    office.tell('Letters arrive', at + 1, letters.length);
  }
}
