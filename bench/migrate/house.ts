// A house with so many letters of so many people, signed in: letters are random bytes whose rows and ledger are those of any other.

import { idToBytes } from '#base/ids.ts';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { ledgerElement } from '#vault/safeguards/ledger/ledger-element.ts';
import { makeLetter } from '#vault/database/test-house.ts';
import type { LetterEntry } from '#vault/journal/journal.ts';
import { openSession } from '#web/client/open-session.ts';
import { readMailboxes } from '#web/client/mail-reads.ts';
import { startProgram, type ProgramOptions } from '../../test/running-program.ts';
import { signUp, type House, type Person } from '../scale/people.ts';
import { openSeedHouse, type SeedHouse } from '../seed-journal.ts';
import type { SignedPerson } from './busy-house.ts';

const AT_ONCE = 512;
const YEAR_MS = 365 * 86_400_000;
/** Letters of each person that are flagged in turn. */
const FLAGGED = 2_000;

export interface FilledHouse extends House {
  readonly people: readonly SignedPerson[];
}

/** Starts again behind the filling; ready once every row stands. */
export async function fillHouse(options: ProgramOptions, people: number, rows: number): Promise<FilledHouse> {
  const house: House = { program: await startProgram(options) };
  const persons: Person[] = [];
  for (let n = 0; n < people; n++) persons.push(await signUp(house, `person${n}`));
  await house.program.stop();
  const ids = await seed(house.program.dataDir, persons, rows);
  house.program = await startProgram(options);
  const signed: SignedPerson[] = [];
  for (const [index, person] of persons.entries()) {
    const session = await openSession(person.reach, person.signedIn);
    if (!session.ok) throw new Error(`the session: ${session.error.kind}`);
    const { jmap } = session.value;
    const boxes = await readMailboxes(jmap);
    const inbox = boxes.ok ? boxes.value.find(({ role }) => role === 'inbox') : undefined;
    if (inbox === undefined) throw new Error('no inbox');
    signed.push({ ...person, accountId: jmap.accountId, inbox: inbox.id, letters: ids[index] ?? [] });
  }
  return Object.assign(house, { people: signed });
}

async function seed(dataDir: string, people: readonly Person[], rows: number): Promise<readonly string[][]> {
  await using house = await openSeedHouse(dataDir);
  const accounts = people.map(({ address }) =>
    requireValue(house.directory.findByAddress(address), 'an account of this address'),
  );
  const ids: string[][] = people.map(() => []);
  const fromMs = systemClock.nowMs() - YEAR_MS;
  const every = Math.max(1, Math.floor(rows / people.length / FLAGGED));
  for (let start = 0; start < rows; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, rows - start) }, (_, at) => start + at);
    const records = await Promise.all(
      numbers.map(async (n) => {
        const { accountId, inbox } = requireValue(accounts[n % accounts.length], 'an account');
        const receivedMs = fromMs + Math.floor((YEAR_MS * n) / rows);
        const entry = makeEntry(house, makeLetter([{ accountId, mailboxId: inbox }]), receivedMs);
        const turn = Math.floor(n / accounts.length);
        if (turn % every === 0) ids[n % accounts.length]?.push(requireValue(entry.copies[0], 'a copy').record.letterId);
        const kept = await house.journal.appendLetter(entry);
        if (!kept.ok) throw new Error(`the journal refused a letter: ${kept.error.kind}`);
        return kept.value;
      }),
    );
    house.directory.apply(records.flat().toSorted((a, b) => a.header.seq - b.header.seq));
  }
  return ids;
}

/** As the house's own door writes it: the ledger asks for it. */
function makeEntry({ kit }: SeedHouse, entry: LetterEntry, receivedMs: number): LetterEntry {
  const { packetDigest } = entry;
  const copies = entry.copies.map((copy) => {
    const element = ledgerElement(kit.ledgerKey, idToBytes(copy.record.letterId), packetDigest);
    return { ...copy, record: { ...copy.record, element, receivedMs } };
  });
  return { ...entry, copies };
}
