// An incident as the commands show it.

import { describeEntry } from '#vault/safeguards/incident/draft.ts';
import { shownTime } from '#vault/safeguards/incident/notice-text.ts';
import type { ResultOf } from '../operator-methods.ts';

type Shown = ResultOf<'incident.show'>;

const LINES_MAX = 40;

/** One line. */
export function incidentLine({ number, title, openedMs, closedMs, affected, progress }: Shown): string {
  const state = closedMs === null ? 'open' : `over ${shownTime(closedMs)}`;
  const found = progress === null ? '' : `, ${progress.found} of ${progress.expected} found`;
  return `${number}  ${shownTime(openedMs)}  ${state}  ${title} (${affected.length} mailboxes${found})`;
}

export function describeIncident(shown: Shown): string {
  const { affected, told, timeline } = shown;
  const people = affected.map(({ account, address, expected, found }) => {
    const counted = expected === 0 ? '' : `: ${found} of ${expected} letters there`;
    return `  ${address ?? account}${counted}`;
  });
  const hidden = people.length - LINES_MAX;
  return [
    incidentLine(shown),
    ...people.slice(0, LINES_MAX),
    ...(hidden > 0 ? [`  … and ${hidden} more; --json shows all.`] : []),
    ...timeline.map((entry) => `${shownTime(entry.atMs)}  ${describeEntry(readEntry(entry))}`),
    told.opened === null
      ? 'Not everybody has the notice of the beginning yet: it is tried again by itself.'
      : `${told.opened.reached} mailboxes have the notice of the beginning.`,
    ...(shown.closedMs === null
      ? []
      : [
          told.closed === null
            ? 'Not everybody has the notice of the end yet: it is tried again by itself.'
            : `${told.closed.reached} mailboxes have the notice of the end.`,
        ]),
  ].join('\n');
}

type Entry = Parameters<typeof describeEntry>[0];

function readEntry({ what, ...rest }: Shown['timeline'][number]): Entry {
  const known: readonly Entry['what'][] = [
    'opened',
    'closed',
    'changeApplied',
    'changeVerified',
    'changeUndone',
    'backupVerified',
  ];
  return { ...rest, what: known.find((one) => one === what) ?? 'update' };
}

/** What a command that may only show its plan prints. */
export function describePlanned({ plan, isApplied, incident }: ResultOf<'incident.open'>): string {
  const more = isApplied ? (incident === null ? 'Done.' : describeIncident(incident)) : NOT_YET;
  return `${plan}\n${more}`;
}

const NOT_YET = 'Nothing was noted and nobody was told yet. Run it again with --apply to do it.';
