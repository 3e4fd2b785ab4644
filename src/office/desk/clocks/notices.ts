// Who works at the desk hears, once each, that a clock is in its last quarter and that it is over: the number, the clock and the time, nothing else.

import * as v from 'valibot';
import type { FilingNumber } from '#formats/desk/model.ts';
import type { Deadline } from './deadlines.ts';

/** What was told, as it outlives a restart. */
export interface ToldStore {
  /** Undefined when nothing was written yet. */
  read(): Promise<string | undefined>;
  /** Resolves when it is on the medium. */
  write(text: string): Promise<void>;
}

/** A clock that is SOON or OVERDUE. */
export interface DueClock {
  readonly filing: FilingNumber;
  readonly kind: Deadline['kind'];
  readonly dueMs: number;
  readonly isOver: boolean;
}

export interface NoticeParts {
  readonly store: ToldStore;
  /** Of all open filings. */
  readonly due: () => Promise<readonly DueClock[]>;
  /** How many got it. Zero: nobody did, and it is tried again. */
  readonly tell: (subject: string, plainText: string) => Promise<number>;
}

const toldShape = v.pipe(v.string(), v.parseJson(), v.strictObject({ v: v.literal(1), told: v.array(v.string()) }));

/** Returns how many clocks were told of. One letter for all that is new; told twice after a crash rather than never. */
export async function noticeDeadlines({ store, due, tell }: NoticeParts): Promise<number> {
  const clocks = await due();
  const text = await store.read();
  const told = new Set(text === undefined ? [] : v.parse(toldShape, text).told);
  const keys = new Map(clocks.map((clock) => [keyOf(clock), clock]));
  const fresh = [...keys].filter(([key]) => !told.has(key)).map(([, clock]) => clock);
  const over = [...told].filter((key) => !keys.has(key));
  if (fresh.length > 0 && (await tell(subjectOf(fresh), textOf(fresh))) === 0) return 0;
  if (fresh.length > 0 || over.length > 0) await store.write(JSON.stringify({ v: 1, told: [...keys.keys()] }));
  return fresh.length;
}

function keyOf({ filing, kind, dueMs, isOver }: DueClock): string {
  return `${filing} ${kind} ${dueMs} ${isOver ? 'OVERDUE' : 'SOON'}`;
}

function subjectOf(clocks: readonly DueClock[]): string {
  const isOver = clocks.some((one) => one.isOver);
  return isOver
    ? 'Frist eines Ersuchens abgelaufen / The time of a request is over'
    : 'Frist eines Ersuchens läuft bald ab / The time of a request ends soon';
}

const KINDS = {
  ANSWER: ['Antwort fällig', 'answer due'],
  PRESERVE: ['Sicherung endet', 'preservation ends'],
} as const;

function textOf(clocks: readonly DueClock[]): string {
  const sorted = clocks.toSorted((one, other) => one.dueMs - other.dueMs);
  const lines = (at: 0 | 1): string =>
    sorted
      .map(({ filing, kind, dueMs, isOver }) => {
        const end = new Date(dueMs).toISOString().slice(0, 16).replace('T', ' ');
        const state = isOver ? (['abgelaufen', 'over'] as const)[at] : (['läuft bald ab', 'ends soon'] as const)[at];
        return `${filing}: ${KINDS[kind][at]} ${end} UTC (${state})`;
      })
      .join('\n');
  return [
    'Beim Desk für Ersuchen von Behörden laufen Fristen ab:',
    lines(0),
    'Worum es geht, steht nur dort. Dieser Brief kommt für jede Frist einmal in ihrem letzten Viertel und einmal, wenn sie vorbei ist.',
    '---',
    'At the desk for requests of authorities times run out:',
    lines(1),
    'What it is about stands there only. This letter comes once for each clock in its last quarter, and once when it is over.\n',
  ].join('\n\n');
}
