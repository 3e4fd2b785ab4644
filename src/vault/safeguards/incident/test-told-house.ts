// A house that opens an incident, tells, closes it and tells again, for tests: on a real journal, killed (-9) after the step whose number it is given.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireValue } from '#base/assert.ts';
import { clockStartingAt } from '#base/clock.ts';
import { idFromBytes, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import { makeLetter, openTestJournal } from '../../database/test-house.ts';
import { catchUp } from '../../directory/catch-up.ts';
import { openDirectory } from '../../directory/open-directory.ts';
import type { SingleWriterJournal } from '../../journal/open-journal.ts';
import { isOpen } from './incident-state.ts';
import { Incidents } from './incidents.ts';
import { keptSince } from './kept-since.ts';
import type { IncidentNeighbours } from './neighbours.ts';

export const instanceId = idFromBytes<InstanceId>(new Uint8Array(16).fill(9));
export const people: readonly AccountId[] = [1, 2, 3].map((n) => idFromBytes<AccountId>(new Uint8Array(16).fill(n)));
const inbox = idFromBytes<MailboxId>(new Uint8Array(16).fill(4));
const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;

export interface ToldHouse extends AsyncDisposable {
  readonly journal: SingleWriterJournal;
  readonly incidents: Incidents;
}

export interface ToldOptions {
  readonly step?: () => Promise<void>;
  /** Twin: asks the journal for nothing. */
  readonly forgets?: boolean;
  readonly count?: IncidentNeighbours['count'];
  /** Hears of each notice; `later`: it cannot be kept now. */
  readonly onSend?: (of: Parameters<IncidentNeighbours['send']>[0]) => 'later' | undefined;
}

export async function openToldHouse(folder: string, options: ToldOptions = {}): Promise<ToldHouse> {
  const journal = await openTestJournal(join(folder, 'journal'), instanceId);
  const directory = await openDirectory(join(folder, 'directory.sqlite'), instanceId);
  if (!directory.ok) throw new Error(directory.error.kind);
  await catchUp(directory.value, journal);
  const neighbours: IncidentNeighbours = {
    entries: () => directory.value.register('incident'),
    async note(command) {
      const noted = await journal.appendCommand({ accountId: undefined, actor: SYSTEM, command });
      return noted.ok ? ok({ seq: noted.value.header.seq }) : err({ kind: 'full', sentence: 'The disk is full.' });
    },
    lastSeq: () => journal.durableSeq,
    keptSince: (seq, letters) =>
      options.forgets === true
        ? Promise.resolve({ letters: new Map<LetterId, number>(), receipts: new Set<never>() })
        : keptSince(journal, seq, letters),
    count:
      options.count ??
      (async () =>
        ok(people.map((accountId) => ({ accountId, expected: 10, found: 10, mailboxes: 0, throughSeq: 0 })))),
    send: async (of) => options.onSend?.(of) ?? keep(journal, of),
    async receipt(kind, facts) {
      const command = { kind: 'receiptRecorded', effect: { kind, facts } } as const;
      return (await journal.appendCommand({ accountId: undefined, actor: SYSTEM, command })).ok;
    },
  };
  const incidents = new Incidents({
    clock: clockStartingAt(1_700_000_000_000),
    log: silentLog,
    instanceId,
    url: 'https://mail.siegel.test',
    neighbours,
    step: options.step ?? (async () => undefined),
  });
  return {
    journal,
    incidents,
    async [Symbol.asyncDispose]() {
      directory.value.close();
      await journal.close();
    },
  };
}

async function keep(
  journal: SingleWriterJournal,
  { accountId, letterId }: Parameters<IncidentNeighbours['send']>[0],
): Promise<'kept' | 'later'> {
  const made = makeLetter([{ accountId, mailboxId: inbox }]);
  const [copy] = made.copies;
  const { actor, record } = requireValue(copy, 'a copy');
  const kept = await journal.appendLetter({ ...made, copies: [{ accountId, actor, record: { ...record, letterId } }] });
  return kept.ok ? 'kept' : 'later';
}

/** Goes on from wherever it stands: opened, told, closed, told. */
export async function live({ incidents }: ToldHouse): Promise<void> {
  if (incidents.all.length === 0) {
    const opened = await incidents.open({ title: 'Messages are not shown', fromLedger: true, named: [] });
    if (!opened.ok) throw new Error(opened.error.sentence);
  }
  await incidents.tell();
  for (const incident of incidents.all.filter(isOpen)) await incidents.close(incident.number, 'All are back', false);
  await incidents.tell();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', killAt = '0', twin = ''] = process.argv.slice(2);
  let steps = 0;
  const step = async (): Promise<void> => {
    if (++steps === Number(killAt)) process.kill(process.pid, 'SIGKILL');
  };
  await using house = await openToldHouse(folder, { step, forgets: twin === 'forgets' });
  await live(house);
  process.stdout.write(`${steps}\n`);
}
