// What everybody may know of incidents: when, what, how far; no account, no address, nothing of who asked.

import { limits } from '#base/limits.ts';
import type { Incident } from './incident-state.ts';
import type { Progress } from './progress.ts';

/** What the safeguards did meanwhile, as records and backups say. */
export interface HouseEvent {
  readonly atMs: number;
  readonly what: 'changeApplied' | 'changeVerified' | 'changeUndone' | 'backupVerified';
  readonly change?: number | undefined;
  readonly seconds?: number | undefined;
}

export interface TimelineEntry {
  readonly atMs: number;
  readonly what: HouseEvent['what'] | 'opened' | 'update' | 'closed';
  /** The operator’s own words; undefined: the program says it. */
  readonly text?: string | undefined;
  readonly change?: number | undefined;
  readonly seconds?: number | undefined;
}

export interface PublicIncident {
  readonly number: number;
  readonly title: string;
  readonly openedMs: number;
  readonly closedMs: number | null;
  /** How many mailboxes. */
  readonly mailboxes: number;
  readonly progress: Progress | null;
  readonly timeline: readonly TimelineEntry[];
}

const DAY_MS = 86_400_000;

/** Those that are open, and those that ended in the last 90 days; newest first. */
export function publicView(
  incidents: readonly Incident[],
  of: {
    readonly nowMs: number;
    readonly progress: (incident: Incident) => Progress | undefined;
    readonly events: readonly HouseEvent[];
  },
): readonly PublicIncident[] {
  const sinceMs = of.nowMs - limits.incident.publicDays * DAY_MS;
  return incidents
    .filter(({ closedMs }) => closedMs === null || closedMs >= sinceMs)
    .map((incident) => ({
      number: incident.number,
      title: incident.title,
      openedMs: incident.openedMs,
      closedMs: incident.closedMs,
      mailboxes: incident.affected.length,
      progress: of.progress(incident) ?? null,
      timeline: timelineOf(incident, of.events, 0),
    }))
    .toReversed();
}

/** Words and events in their order, from `beforeMs` before it was opened until it was closed. */
export function timelineOf(
  { openedMs, closedMs, entries }: Incident,
  events: readonly HouseEvent[],
  beforeMs: number,
): readonly TimelineEntry[] {
  const isMeanwhile = ({ atMs }: HouseEvent): boolean => atMs >= openedMs - beforeMs && atMs <= (closedMs ?? Infinity);
  return [...entries, ...events.filter(isMeanwhile)].toSorted((left, right) => left.atMs - right.atMs);
}
