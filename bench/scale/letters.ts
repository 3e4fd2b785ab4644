// 100,000 letters in one account: what the page asks for when it opens, pages and catches up, over HTTP to the whole program.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { parseId, type LetterId } from '#base/ids.ts';
import { createLetterReader } from '#web/client/letter-reader.ts';
import { readLetterRows, readMailboxes } from '#web/client/mail-reads.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
import { startProgram } from '../../test/running-program.ts';
import { round, spreadOf, type Spread } from '../figures.ts';
import { openSeedHouse, seedLetters } from '../seed-journal.ts';
import { ask, signUp, textsOf, type Answered, type Call, type House } from './people.ts';

const DAYS_MS = 500 * 86_400_000;
const LETTER_BYTES = 2_500;
const OPENED = 500;
const READ_WHOLE = 20;
const ROWS = 50;
const CHANGES = 1_000;
/** Autovacuum looks at tables twice a minute: then the planner knows them. */
const STATISTICS_MS = 65_000;
const READY_WAIT_MS = 15 * 60_000;
const ROW_PROPERTIES = ['id', 'blobId', 'mailboxIds', 'keywords', 'size', 'receivedAt'];
const NEWEST_FIRST = [{ property: 'receivedAt', isAscending: false }];

export interface LettersOrder {
  readonly letters: number;
  readonly tries: number;
  readonly note: (text: string) => void;
}

/** Figures of one account with so many letters. */
export async function measureLetters({ letters, tries, note }: LettersOrder): Promise<Record<string, unknown>> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-scale-'));
  const options = { directory, env: { SIEGEL_LOG: 'error' }, readyWaitMs: READY_WAIT_MS };
  const house: House = { program: await startProgram(options) };
  try {
    const anna = await signUp(house, 'anna');
    await house.program.stop();
    const seeded = performance.now();
    await seedMailbox(house.program.dataDir, anna.address, letters);
    note(`${letters} letters sealed and journalled in ${secondsSince(seeded)} s`);
    const started = performance.now();
    house.program = await startProgram(options);
    const readyWithReplaySeconds = secondsSince(started);
    note(`ready after ${readyWithReplaySeconds} s, every row made`);
    const session = await openSession(anna.reach, anna.signedIn);
    if (!session.ok) throw new Error(`the session: ${session.error.kind}`);
    const mailbox = await openMailbox(session.value, letters);
    await mailbox.checkOpens();
    const justStarted = await mailbox.measure(tries);
    const changed = await mailbox.measureChanges(tries);
    note(`${JSON.stringify({ ...justStarted, ...changed })}, and once more in a minute`);
    await wait(STATISTICS_MS);
    const later = await mailbox.measure(tries);
    const restarted = performance.now();
    await house.program.stop();
    house.program = await startProgram(options);
    const restartSeconds = secondsSince(restarted);
    return {
      letters,
      readyWithReplaySeconds,
      restartSeconds,
      justStarted: { ...justStarted, ...changed },
      aMinuteLater: later,
    };
  } finally {
    await house.program.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function seedMailbox(dataDir: string, address: string, count: number): Promise<void> {
  await using house = await openSeedHouse(dataDir);
  const fromMs = systemClock.nowMs() - DAYS_MS;
  await seedLetters(house, { count, addresses: [address], sizeBytes: LETTER_BYTES, fromMs });
}

function secondsSince(startedMs: number): number {
  return round((performance.now() - startedMs) / 1000);
}

interface Mailbox {
  /** Summaries of letters from everywhere in the mailbox open and are vouched for; some letters are read whole. */
  checkOpens(): Promise<void>;
  measure(tries: number): Promise<Readonly<Record<string, Spread>>>;
  /** A thousand letters change; then what a client asks that knows the state before. */
  measureChanges(tries: number): Promise<Readonly<Record<string, Spread>>>;
}

async function openMailbox(session: OpenSession, letters: number): Promise<Mailbox> {
  const { reach, jmap } = session;
  const boxes = await readMailboxes(jmap);
  const inbox = boxes.ok ? boxes.value.find(({ role }) => role === 'inbox') : undefined;
  if (inbox?.totalEmails !== letters) throw new Error(`the inbox holds ${inbox?.totalEmails} letters, not ${letters}`);
  const run = (calls: readonly Call[]): Promise<Answered> => ask(reach, jmap.accountId, calls);
  const query = (position: number, limit = ROWS): Call => [
    'Email/query',
    { filter: { inMailbox: inbox.id }, sort: NEWEST_FIRST, position, limit },
  ];
  const anchored = ([anchor]: readonly LetterId[]): Call => [
    'Email/query',
    { filter: { inMailbox: inbox.id }, sort: NEWEST_FIRST, anchor, limit: ROWS },
  ];
  const idsFrom = async (position: number, limit: number): Promise<readonly LetterId[]> => {
    const { results } = await run([query(position, limit)]);
    return textsOf(results[0], 'ids').map((id) => requireValue(parseId<LetterId>(id), 'a letter’s id'));
  };
  const middle = (): number => Math.floor(letters * (0.3 + 0.4 * Math.random()));
  const asked = { resultOf: '0', name: 'Email/query', path: '/ids' };
  const rows: Call = ['Email/get', { '#ids': asked, properties: ROW_PROPERTIES }];
  const summaries: Call = ['SealedSummary/get', { '#ids': asked }];

  return {
    async checkOpens() {
      const ids: LetterId[] = [];
      for (let n = 0; n < OPENED / ROWS; n++)
        ids.push(...(await idsFrom(Math.floor((n * ROWS * letters) / OPENED), ROWS)));
      const read = await readLetterRows(jmap, [], ids);
      for (const id of ids) {
        const row = read.ok ? read.value.summaries.get(id) : undefined;
        if (!row || !(await session.summaries.open(row))) throw new Error('a seeded summary does not open');
      }
      const reader = createLetterReader(session);
      for (const id of ids.slice(0, READ_WHOLE)) {
        if (!(await reader.read(id)).ok) throw new Error('a seeded letter does not open');
      }
    },
    measure(tries) {
      const random = (): Promise<readonly LetterId[]> => idsFrom(middle(), ROWS);
      const cases: Readonly<Record<string, () => Promise<readonly Call[]> | readonly Call[]>> = {
        nothing: () => [['Core/echo', {}]],
        newest50Rows: () => [query(0), rows, summaries],
        newest50QueryOnly: () => [query(0)],
        middle50QueryAndGet: () => [query(middle()), rows],
        middle50ByAnchor: async () => [anchored(await idsFrom(middle(), 1)), rows],
        middle50WithSummaries: () => [query(middle()), rows, summaries],
        sealedSummaryGet50: async () => [['SealedSummary/get', { ids: await random() }]],
        emailGet50: async () => [['Email/get', { ids: await random(), properties: ROW_PROPERTIES }]],
        tenThousandIds: () => [query(Math.floor(middle() / 10_000) * 10_000, 10_000)],
        mailboxGet: () => [['Mailbox/get', { ids: null }]],
      };
      return times(tries, cases, run);
    },
    async measureChanges(tries) {
      const { results } = await run([['Email/get', { ids: [] }]]);
      const sinceState = results[0]?.['state'];
      const ids = await idsFrom(Math.floor(letters / 3), CHANGES);
      const update = Object.fromEntries(ids.map((id) => [id, { 'keywords/$flagged': true }]));
      await run([['Email/set', { update }]]);
      const changes: Call = ['Email/changes', { sinceState }];
      const told = textsOf((await run([changes])).results[0], 'updated').length;
      if (told !== CHANGES) throw new Error(`${told} changes were told, not ${CHANGES}`);
      return times(tries, { changes: () => [changes] }, run);
    },
  };
}

/** All cases in turn, so many times over, after a few that do not count; what a case asks is made outside the measured time. */
async function times(
  tries: number,
  cases: Readonly<Record<string, () => Promise<readonly Call[]> | readonly Call[]>>,
  run: (calls: readonly Call[]) => Promise<Answered>,
): Promise<Readonly<Record<string, Spread>>> {
  const took = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let n = -Math.ceil(tries / 10); n < tries; n++) {
    for (const [name, calls] of Object.entries(cases)) {
      const { tookMs } = await run(await calls());
      if (n >= 0) took.get(name)?.push(tookMs);
    }
  }
  return Object.fromEntries([...took].map(([name, values]) => [name, spreadOf(values)]));
}
