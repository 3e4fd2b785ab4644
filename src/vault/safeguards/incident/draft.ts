// The draft of a post-mortem, as Markdown: what the records say is filled in, what only people know is left to be filled.

import { unreachable } from '#base/assert.ts';
import type { Affected, Incident } from './incident-state.ts';
import { shownTime } from './notice-text.ts';
import type { Progress } from './progress.ts';
import { timelineOf, type HouseEvent, type TimelineEntry } from './public-view.ts';

/** What a change was to do and what it did. */
export interface ChangeFigures {
  readonly number: number;
  readonly class: string;
  readonly because: readonly string[];
  readonly standing: string;
  readonly predicted: string | undefined;
  readonly actual: string | undefined;
  readonly undoneSeconds: number | undefined;
}

export interface DraftFacts {
  readonly incident: Incident;
  readonly progress: Progress | undefined;
  readonly events: readonly HouseEvent[];
  readonly changes: readonly ChangeFigures[];
}

/** What may have caused it happened before somebody saw it. */
const BEFORE_MS = 48 * 3_600_000;
const FILL = '*(to be filled in)*';

export function draftText(facts: DraftFacts): string {
  const { incident, progress, events } = facts;
  const { number, title, openedMs, closedMs, affected } = incident;
  const timeline = timelineOf(incident, events, BEFORE_MS);
  const involved = new Set(timeline.flatMap(({ change }) => change ?? []));
  const changes = facts.changes.filter((change) => involved.has(change.number));
  return [
    `# Incident ${number}: ${title}`,
    '',
    `Opened ${shownTime(openedMs)}${closedMs === null ? ', still open' : `, closed ${shownTime(closedMs)} (${duration(closedMs - openedMs)})`}.`,
    '',
    '## What happened when',
    '',
    ...timeline.map((entry) => `- ${shownTime(entry.atMs)}: ${describeEntry(entry)}`),
    '',
    '## Cause',
    '',
    FILL,
    '',
    '## Who was affected',
    '',
    `${affected.length} ${affected.length === 1 ? 'mailbox' : 'mailboxes'}.${tellings(incident)}`,
    ...affectedTable(affected, incident.isCounted),
    '',
    '## What was lost',
    '',
    lostSentence(incident, progress),
    '',
    '## Which safeguard stopped it',
    '',
    ...safeguards(facts, changes).map((line) => `- ${line}`),
    '',
    '## Changes involved: predicted and actual',
    '',
    ...changesTable(changes),
    '',
    '## What will be different',
    '',
    FILL,
    '',
  ].join('\n');
}

export function describeEntry({ what, text, change, seconds }: TimelineEntry): string {
  const number = change === undefined ? '' : ` ${change}`;
  switch (what) {
    case 'opened':
      return `incident opened: ${text ?? ''}`;
    case 'update':
      return text ?? '';
    case 'closed':
      return `incident closed: ${text ?? ''}`;
    case 'changeApplied':
      return `change${number} was applied`;
    case 'changeVerified':
      return `change${number} was checked: the ledger was equal`;
    case 'changeUndone':
      return `change${number} was undone${seconds === undefined ? '' : ` in ${seconds} s`}; what came meanwhile was kept`;
    case 'backupVerified':
      return 'a backup was restored beside and checked';
    default:
      return unreachable(what);
  }
}

function tellings({ told }: Incident): string {
  const said = (word: string, done: { readonly reached: number } | null): string =>
    done === null ? '' : ` ${done.reached} got their notice when it ${word}.`;
  return said('opened', told.opened) + said('closed', told.closed);
}

function affectedTable(affected: readonly Affected[], isCounted: boolean): readonly string[] {
  if (!isCounted) return ['', 'Named by the operator; the ledger did not count them.'];
  const rows = affected.map(
    ({ accountId, expected, found, mailboxes }) => `| ${accountId} | ${mailboxes} | ${found} | ${expected} |`,
  );
  return [
    '',
    '| account | mailboxes that differ | letters there | letters in the journal |',
    '| --- | --: | --: | --: |',
    ...rows,
  ];
}

function lostSentence({ closedMs, isCounted }: Incident, progress: Progress | undefined): string {
  if (!isCounted || progress === undefined) return `Nobody counted. ${FILL}`;
  const { expected, found, atMs } = progress;
  if (found >= expected) return `0 letters: all ${expected} are there (ledger, ${shownTime(atMs)}).`;
  const missing = `${expected - found} of ${expected} letters`;
  return closedMs === null
    ? `Nothing so far: ${missing} are not back yet and stand in the journal (ledger, ${shownTime(atMs)}).`
    : `${missing} (ledger, ${shownTime(atMs)}).`;
}

function safeguards({ incident, progress }: DraftFacts, changes: readonly ChangeFigures[]): readonly string[] {
  const lines: string[] = [];
  if (incident.isCounted) lines.push('The ledger named who was affected and how many letters differed.');
  if (progress !== undefined && progress.found >= progress.expected)
    lines.push('The journal had every letter; the rows were made anew from it.');
  for (const { number, undoneSeconds } of changes)
    if (undoneSeconds !== undefined)
      lines.push(`Change ${number} was taken back in ${undoneSeconds} s by its rehearsed undo.`);
  return lines.length > 0 ? lines : [FILL];
}

function changesTable(changes: readonly ChangeFigures[]): readonly string[] {
  if (changes.length === 0) return ['None between two days before it was opened and its end.'];
  return [
    '| change | class | what | predicted | actual | stands |',
    '| --: | --- | --- | --- | --- | --- |',
    ...changes.map(
      (one) =>
        `| ${one.number} | ${one.class} | ${one.because.join('; ')} | ${one.predicted ?? ''} | ${one.actual ?? ''} | ${one.standing} |`,
    ),
  ];
}

function duration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
