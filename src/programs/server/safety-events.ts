// What the safeguards did lately, for timelines, charts and drafts: backups as their place lists them, changes as their records say.

import type { Clock } from '#base/clock.ts';
import type { Directory } from '#vault/directory/directory.ts';
import type { Manifest } from '#vault/safeguards/backup/manifest.ts';
import { readChanges, type Change } from '#vault/safeguards/change/change-state.ts';
import { describeReport } from '#vault/safeguards/change/describe-report.ts';
import type { ChangeFigures } from '#vault/safeguards/incident/draft.ts';
import type { HouseEvent } from '#vault/safeguards/incident/public-view.ts';
import type { HouseBackups } from './open-backups.ts';

const FRESH_MS = 60_000;

export type VerifiedBackup = Manifest & { readonly verifiedMs: number };

/** Backups that count, oldest first; asked of their place at most once a minute, and never waited for by a page. */
export class BackupGlance {
  readonly #backups: HouseBackups['backups'];
  readonly #clock: Clock;
  #known: readonly VerifiedBackup[] = [];
  #atMs: number | undefined;
  #looking: Promise<void> | undefined;

  constructor(backups: HouseBackups['backups'], clock: Clock) {
    this.#backups = backups;
    this.#clock = clock;
  }

  /** As last seen; looks again behind it. */
  get known(): readonly VerifiedBackup[] {
    void this.look().catch(() => undefined);
    return this.#known;
  }

  async look(): Promise<readonly VerifiedBackup[]> {
    const nowMs = this.#clock.monotonicMs();
    const newest = this.#known.at(-1)?.id;
    const isFresh = this.#atMs !== undefined && nowMs - this.#atMs < FRESH_MS && newest === this.#backups.newestId;
    if (!isFresh && this.#backups.isNamed) {
      this.#looking ??= this.#list().finally(() => (this.#looking = undefined));
      await this.#looking;
    }
    return this.#known;
  }

  async #list(): Promise<void> {
    const listed = await this.#backups.list();
    this.#atMs = this.#clock.monotonicMs();
    if (!listed.ok) return; // the page says why beside it
    this.#known = listed.value.flatMap(({ manifest }) =>
      manifest === undefined || manifest.verifiedMs === null ? [] : [{ ...manifest, verifiedMs: manifest.verifiedMs }],
    );
  }
}

export function changesOf(directory: Pick<Directory, 'register'>): readonly Change[] {
  return [...readChanges(directory.register('change')).values()];
}

export function eventsOf(changes: readonly Change[], backups: readonly VerifiedBackup[]): readonly HouseEvent[] {
  return [
    ...backups.map(({ verifiedMs }): HouseEvent => ({ atMs: verifiedMs, what: 'backupVerified' })),
    ...changes.flatMap(changeEvents),
  ];
}

function changeEvents({ number, applying, verified, undone, endedMs, standing }: Change): readonly HouseEvent[] {
  const events: HouseEvent[] = [];
  if (applying !== undefined) events.push({ atMs: applying.atMs, what: 'changeApplied', change: number });
  if (standing === 'verified' && verified !== undefined && endedMs !== undefined)
    events.push({ atMs: endedMs, what: 'changeVerified', change: number });
  if (undone !== undefined && endedMs !== undefined)
    events.push({ atMs: endedMs, what: 'changeUndone', change: number, seconds: undone.seconds });
  return events;
}

export function figuresOf({ number, draft, standing, predicted, applied, undone }: Change): ChangeFigures {
  return {
    number,
    class: draft.class,
    because: draft.because,
    standing,
    predicted: predicted && describeReport(predicted),
    actual: applied && describeReport(applied),
    undoneSeconds: undone?.seconds,
  };
}
