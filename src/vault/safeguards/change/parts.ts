// What the parts of this room share: the book of changes and the neighbours, put together once.

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import type { Migration } from '../../database/migrate.ts';
import type { ChangeBook } from './change-book.ts';
import type { BackupNeighbour, CommandsNeighbour, RowsNeighbour, TellNeighbour } from './neighbours.ts';

export interface ChangeParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: ChangeBook;
  readonly rows: RowsNeighbour;
  readonly backups: BackupNeighbour;
  readonly commands: CommandsNeighbour;
  readonly people: TellNeighbour;
  /** Called between any two steps; tests end the program there. */
  readonly step: (name: string) => Promise<void>;
  /** Default: the program’s own. */
  readonly migrations?: readonly Migration[];
  /** Tests take a safeguard away: the same run without it must break something. */
  readonly twin?: {
    readonly skipsApproval?: boolean;
    readonly skipsVerify?: boolean;
    readonly skipsClusterCheck?: boolean;
  };
}

export type Progress = (done: number, total: number) => void;
