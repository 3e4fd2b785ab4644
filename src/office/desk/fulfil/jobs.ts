// The jobs: each hands over exactly the fields that the matrix names for its kind, of what is there now. None reads what comes later, and there is none for interception.

import type { AccountId } from '#base/ids.ts';
import { isWithin } from '#formats/desk/calendar-day.ts';
import type { CalendarDay, Kind } from '#formats/desk/model.ts';
import type { DisclosureReader } from './disclosure-reader.ts';

export interface Asked {
  readonly account: AccountId;
  /** Both ends count; null: open. */
  readonly from: CalendarDay | null;
  readonly until: CalendarDay | null;
}

/** What a job may do besides reading. */
export interface JobPlace {
  /** In the zone of the policy. */
  readonly dayOf: (ms: number) => CalendarDay;
  /** Puts bytes into the package; says under which name they lie there. */
  readonly keep: (bytes: Uint8Array) => Promise<{ readonly file: string; readonly sha256: string }>;
}

/** Undefined: nothing is held. */
export type Job = (reader: DisclosureReader, asked: Asked, place: JobPlace) => Promise<object | undefined>;

export const jobs: Readonly<Partial<Record<Kind, Job>>> = {
  SUBSCRIBER: async (reader, { account }, { dayOf }) => {
    const found = await reader.subscriber(account);
    if (found === undefined) return undefined;
    const { addresses, aliases, givenUp, createdMs, closedMs } = found;
    const closedOn = closedMs === null ? null : dayOf(closedMs);
    return { addresses, aliases, givenUp, createdOn: dayOf(createdMs), closedOn };
  },
  SEIZURE: async (reader, { account, ...period }, { dayOf, keep }) => {
    const letters: object[] = [];
    for await (const { receivedMs, expiresMs, sealed } of reader.letters(account)) {
      if (!isWithin(dayOf(receivedMs), period)) continue;
      const { file, sha256 } = await keep(sealed);
      const expiresAt = expiresMs === 0 ? null : secondOf(expiresMs);
      letters.push({ file, bytes: sealed.length, sha256, receivedAt: secondOf(receivedMs), expiresAt });
    }
    return letters.length === 0 ? undefined : { letters };
  },
  TRAFFIC: async (reader, { account, ...period }, { dayOf }) => {
    const waiting = (await reader.waiting(account))
      .filter(({ queuedMs }) => isWithin(dayOf(queuedMs), period))
      .map(({ sender, recipients, queuedMs, dueMs }) => ({
        sender,
        recipients,
        queuedAt: secondOf(queuedMs),
        dueAt: secondOf(dueMs),
      }));
    return waiting.length === 0 ? undefined : { waiting };
  },
};

/** "2026-11-23T09:30:00Z" */
export function secondOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
