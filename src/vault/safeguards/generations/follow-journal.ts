// Brings a database beside to a journal position, with the same queue that serves the live one; mail goes on meanwhile.

import type { InstanceId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readPosition } from '../../database/apply.ts';
import { openForFilling } from '../../database/late-indexes.ts';
import { ApplyQueue, type VoidingJournal } from '../../database/apply-queue.ts';
import { explainDatabaseRefusal } from '../../database/check-database.ts';
import { FIRST_BY_CHANGE } from '../../database/migrate.ts';
import type { Database } from '../../database/open-database.ts';
import type { GenerationRefusal } from './refusals.ts';

export interface FollowOrder {
  readonly database: Database;
  readonly journal: VoidingJournal;
  readonly instanceId: InstanceId;
  readonly log: Log;
  /** The last record whose effect is wanted; default: everything that is durable once it has come so far. */
  readonly until?: number | undefined;
  /** Commands whose effect is left out, besides those the journal leaves out itself. */
  readonly leaveOut?: ReadonlySet<number> | undefined;
  /** Letters that come meanwhile go first. */
  readonly isGentle?: boolean;
  readonly onProgress?: ((appliedSeq: number, totalSeq: number) => void) | undefined;
}

export interface Followed {
  readonly appliedSeq: number;
  /** Letters whose rows could not be made; they stay in the journal. */
  readonly heldBack: number;
  /** Commands that have no effect without those left out; to be voided when these rows become the live ones. */
  readonly withoutEffect: readonly number[];
}

const STEP_WAIT_MS = 5_000;
const STUCK_STEPS_MAX = 6;

/** The journal is only read. Refused when the rows hold a command that is to be left out: rows are never un-applied, take an earlier copy. */
export async function followJournal(order: FollowOrder): Promise<Result<Followed, GenerationRefusal>> {
  const { database, journal, instanceId, log } = order;
  const fromSeq = await positionOf(database, journal.journal);
  const refused = await checkCopy(order, fromSeq);
  if (refused !== undefined) return err(refused);
  const withoutEffect: number[] = [];
  const { durableSeq } = journal;
  await using filling =
    fromSeq === 0 ? await openForFilling(database, { instanceId, journal: journal.journal, durableSeq }) : undefined;
  // a copy keeps its tables: a migration it does not have is a change's to make
  const prepare = { waitsFrom: FIRST_BY_CHANGE };
  const queue = new ApplyQueue({
    log,
    database,
    journal: seenUntil(order, withoutEffect),
    instanceId,
    prepare,
    isGentle: order.isGentle ?? false,
  });
  const target = (): number => Math.min(journal.durableSeq, order.until ?? Infinity);
  queue.onApplied((_, records) => order.onProgress?.(records.at(-1)?.header.seq ?? 0, target()));
  try {
    const { refusal } = await queue.start();
    if (refusal !== undefined) return err({ kind: refusal.kind, sentence: explainDatabaseRefusal(refusal) });
    // what comes while this is done is not waited for: mail never stops
    const goal = target();
    for (let stuck = 0, last = fromSeq; queue.health.appliedSeq < goal;) {
      await queue.settled(undefined, STEP_WAIT_MS);
      stuck = queue.health.appliedSeq > last ? 0 : stuck + 1;
      last = queue.health.appliedSeq;
      if (stuck >= STUCK_STEPS_MAX) return err(NO_ANSWER);
    }
    const { state, appliedSeq, heldBack } = queue.health;
    if (state !== 'up') return err(NO_ANSWER);
    await filling?.finish();
    return ok({ appliedSeq, heldBack, withoutEffect });
  } finally {
    await queue.close();
  }
}

const NO_ANSWER: GenerationRefusal = {
  kind: 'unavailable',
  sentence:
    'The database beside does not answer. The live one serves as before. Look at siegel status, then try again.',
};

/** What the rows are a function of; 0: an empty database. */
export async function positionOf(database: Database, journal: number): Promise<number> {
  await using session = await database.connect();
  const [found] = await session.rows<{ is_there: boolean }>(`SELECT to_regclass('applied') IS NOT NULL AS is_there`);
  return found?.is_there === true ? await session.transaction(() => readPosition(session, journal)) : 0;
}

async function checkCopy(
  { journal, until, leaveOut = new Set() }: FollowOrder,
  fromSeq: number,
): Promise<GenerationRefusal | undefined> {
  const later = await journal.findVoided(fromSeq);
  const held = [...leaveOut, ...later].filter((seq) => seq <= fromSeq);
  if (held.length === 0 && fromSeq <= (until ?? Infinity)) return undefined;
  const first = Math.min(until ?? Infinity, ...held);
  const sentence = `This copy holds record ${fromSeq}, and what is wanted is from before record ${first}. Nothing was changed. Take an earlier copy, or the journal alone: siegel database rebuild`;
  return { kind: 'copy-too-new', sentence };
}

/** The journal as it was at `until`, with more left out; it is read and never written. */
function seenUntil({ journal, until = Infinity, leaveOut }: FollowOrder, withoutEffect: number[]): VoidingJournal {
  return {
    ...reading(journal),
    get durableSeq() {
      return Math.min(journal.durableSeq, until);
    },
    async *readKeyRecords(afterSeq) {
      for await (const records of journal.readKeyRecords(afterSeq)) {
        const wanted = records.filter((record) => record.header.seq <= until);
        if (wanted.length > 0) yield wanted;
        if (wanted.length < records.length) return;
      }
    },
    async findVoided(afterSeq) {
      return new Set([...(await journal.findVoided(afterSeq)), ...(leaveOut ?? [])]);
    },
    async appendVoided({ seq }) {
      withoutEffect.push(seq);
      return ok(undefined);
    },
  };
}

type Written = 'durableSeq' | 'readKeyRecords' | 'findVoided' | 'appendVoided';

function reading(journal: VoidingJournal): Omit<VoidingJournal, Written> {
  const closed = async (): Promise<Result<never, { readonly kind: 'journalFailed' }>> => err({ kind: 'journalFailed' });
  return {
    journal: journal.journal,
    readBody: (place) => journal.readBody(place),
    readLetterRecord: (place) => journal.readLetterRecord(place),
    readCommand: (place) => journal.readCommand(place),
    mayAccept: () => err({ kind: 'journalFailed' }),
    appendLetter: closed,
    appendCommand: closed,
    appendErased: closed,
    close: async () => undefined,
  };
}
