// Puts the rooms of the safeguards together: each is handed what it needs of the others. Begun once everything they look at is open.

import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import type { Reception } from '#post/reception/reception.ts';
import { readUsedBytes } from '#vault/database/house-read.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { isUnavailable } from '#vault/database/session.ts';
import { droppedMs, emptyAttic, listAttic, type AtticPiece } from '#vault/safeguards/change/attic.ts';
import { resume } from '#vault/safeguards/change/apply-change.ts';
import { runInForce } from '#vault/safeguards/change/change-work.ts';
import { ChangeBook } from '#vault/safeguards/change/change-book.ts';
import type { RegisterNeighbour } from '#vault/safeguards/change/neighbours.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { runPendingMigrations } from '#vault/safeguards/change/run-migrations.ts';
import { Waiting } from '#vault/safeguards/change/waiting.ts';
import { backupNeighbour, commandsNeighbour, rowsNeighbour } from './change-neighbours.ts';
import type { HouseBackups } from './open-backups.ts';
import { openHouseDrill, type HouseDrill } from './open-drill.ts';
import type { Vault } from './open-vault.ts';
import { operatorPost } from './operator-post.ts';

export interface SafeguardParts {
  readonly config: Pick<Config, 'domain' | 'drill'>;
  /** The data folder as it can be reached now. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly kit: KeyKit;
  readonly vault: Vault;
  readonly reception: Pick<Reception, 'submit'>;
  readonly backups: HouseBackups;
  /** Names this program. */
  readonly version: string;
  /** For tests: called between any two steps of a change. */
  readonly step?: ((name: string) => Promise<void>) | undefined;
  /** For drills: the same without a safeguard. */
  readonly twin?: ChangeParts['twin'];
}

export interface Attic {
  /** What was dropped and is kept, and since when. */
  list(): Promise<readonly { readonly name: string; readonly sinceMs: number }[]>;
  /** What has had its time goes for good. */
  empty(): Promise<void>;
}

export interface Safeguards extends AsyncDisposable {
  readonly attic: Attic;
  readonly drill: HouseDrill;
  readonly changes: ChangeParts;
  /** For `siegel status`. */
  warnings(): readonly string[];
}

const LOOK_MS = 60_000;
const STOP_WAIT_MS = 5_000;

export function openSafeguards(parts: SafeguardParts): Safeguards {
  const { clock, log } = parts;
  const book = new ChangeBook(registerOf(parts), clock);
  const changes: ChangeParts = {
    clock,
    log,
    book,
    rows: rowsNeighbour(parts),
    backups: backupNeighbour(parts.backups),
    commands: commandsNeighbour(parts),
    people: operatorPost(parts, () => book),
    step: parts.step ?? (async () => undefined),
    ...(parts.twin === undefined ? {} : { twin: parts.twin }),
  };
  const waiting = new Waiting(changes);
  let known = '';
  /** Rows that others made anew know only the journal: what changes did to the tables is done again. */
  const bringInForce = async (): Promise<void> => {
    const generation = parts.vault.generations?.live.name ?? 'external';
    if (generation === known) return;
    await book.alone(async () => {
      await using session = await changes.rows.connect();
      await runInForce(changes, session, undefined);
    });
    const corrected = parts.vault.directory.correctUsed(await readUsedBytes(parts.vault.database.reader));
    if (corrected > 0) log.info('directory.usedCorrected', { accounts: corrected });
    known = generation;
  };
  const begin = async (): Promise<void> => {
    if (!(await changes.rows.settled())) return; // looked at again in a minute
    const resumed = await resume(changes);
    if (!resumed.ok) log.error('change.notResumed', {});
    await bringInForce();
    await runPendingMigrations(changes);
  };
  const look = async (): Promise<void> => {
    await waiting.look();
    await begin();
  };
  const safely = (work: () => Promise<void>): Promise<void> =>
    work().catch((cause: unknown) => log.fault('change.failed', cause));
  let looking = safely(begin);
  const timer = setInterval(() => {
    looking = looking.then(() => safely(look));
  }, LOOK_MS);
  timer.unref();
  const drill = openHouseDrill({ ...parts, isWeekly: parts.config.drill === 'weekly' });
  return {
    attic: atticOf(changes),
    changes,
    drill,
    warnings: () => [...warningsOf(book), ...drill.warnings()],
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await drill[Symbol.asyncDispose]();
      // a step that is cut off goes on at the next start
      await Promise.race([looking, wait(STOP_WAIT_MS, undefined, { ref: false })]);
    },
  };
}

function atticOf({ rows, book, clock, log }: ChangeParts): Attic {
  let known: readonly AtticPiece[] = [];
  const read = async (): Promise<void> => {
    await using session = await rows.connect();
    known = await listAttic(session);
  };
  return {
    async list() {
      // while the database does not answer, which is said elsewhere, it is as it was
      await read().catch((cause: unknown) => {
        if (!isUnavailable(cause)) throw cause;
      });
      return known.map((piece) => ({
        name: piece.column === undefined ? piece.table : `${piece.table}.${piece.column}`,
        sinceMs: droppedMs(piece),
      }));
    },
    async empty() {
      await book.alone(async () => {
        await using session = await rows.connect();
        const gone = await emptyAttic(session, clock.nowMs());
        if (gone.length > 0) log.info('change.atticEmptied', { pieces: gone.length });
      });
    },
  };
}

function warningsOf(book: ChangeBook): readonly string[] {
  const { underWay } = book;
  const waits = [...book.changes.values()]
    .filter(({ standing }) => standing === 'rehearsed')
    .map(({ number }) => number);
  return [
    ...(underWay === undefined
      ? []
      : [`Change ${underWay.number} is under way (${underWay.standing}): siegel change status ${underWay.number}`]),
    ...(waits.length === 0 ? [] : [`Changes wait to be approved: ${waits.join(', ')}. See: siegel change status`]),
  ];
}

/** The directory follows the journal; what it had not seen yet at the start is small and comes before we are opened. */
function registerOf({ vault }: SafeguardParts): RegisterNeighbour {
  const { directory, door } = vault;
  let lastMs = 0;
  const see = (timeMs: number): void => void (lastMs = Math.max(lastMs, timeMs));
  for (const kind of ['operator', 'change'] as const) for (const { timeMs } of directory.register(kind)) see(timeMs);
  door.onApplied((_, records) => see(records.at(-1)?.header.timeMs ?? 0));
  return {
    read: (kind) => directory.register(kind),
    async note(command) {
      const noted = await door.noteHouse(command);
      if (noted.ok) {
        const { seq, timeMs } = noted.value.header;
        see(timeMs);
        return ok({ seq, timeMs });
      }
      const { kind } = noted.error;
      const sentence =
        kind === 'diskFull'
          ? 'The disk is full: nothing was changed. Make room and try again.'
          : 'The journal takes nothing more: nothing was changed. Look at siegel status.';
      return err({ kind, sentence });
    },
    get lastMs() {
      return lastMs;
    },
  };
}
