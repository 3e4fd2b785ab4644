// What forgetting needs of the rest of the house.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import type { CommitDoor } from '../../database/commit.ts';
import type { Reader } from '../../database/reader.ts';
import type { SingleWriterJournal } from '../../journal/open-journal.ts';

export type ForgettingJournal = Pick<
  SingleWriterJournal,
  | 'journal'
  | 'durableSeq'
  | 'settledBodySeq'
  | 'readLane'
  | 'readOfKinds'
  | 'readEffect'
  | 'findVoided'
  | 'rotate'
  | 'openSegment'
  | 'compact'
>;

export interface ForgettingParts {
  readonly journal: ForgettingJournal;
  readonly door: Pick<CommitDoor, 'commit' | 'erase' | 'health'>;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly log: Log;
  /** What waits to leave is not sent any more: called before an account's records go. */
  readonly dropSubmissions?: (accountId: AccountId) => Promise<void>;
  /** False: the clock may be wrong, and nothing is erased now (day-keeper.ts). */
  readonly knowsTheDay?: () => Promise<boolean>;
  /** Called between any two steps; tests end the program there. */
  readonly onStep?: (step: string) => void;
}
