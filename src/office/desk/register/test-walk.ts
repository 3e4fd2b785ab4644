// A filing led from event to event in tests: who signs, what each event looks like, and situations that are reached by legal steps alone.

import { assert } from '#base/assert.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { FilingEvent } from './event.ts';
import { consequenceOf, stepFiling, type FilingRow } from './fold.ts';
import type { CalendarDay, Filing, FilingNumber, Fingerprint, Look, Review, ReviewRole } from '#formats/desk/model.ts';

export const FILING = '2023-0001' as FilingNumber;
export const LATER = '2023-0002' as FilingNumber;
export const CLERK = 'cc'.repeat(20) as Fingerprint;
export const KEYS: Readonly<Record<ReviewRole, Fingerprint>> = {
  OFFICER: 'aa'.repeat(20) as Fingerprint,
  LAWYER: 'bb'.repeat(32) as Fingerprint,
};
export const DIGEST = parseDigest('12'.repeat(32));
const item = { kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null } as const;

export function filing(changes: Partial<Filing> = {}): Filing {
  return {
    filing: FILING,
    corrects: null,
    receivedMs: 1_000,
    receivedOn: '2023-01-01' as CalendarDay,
    authority: { class: 'PROSECUTION', country: 'DE' },
    origin: 'HOME',
    channel: 'PGP',
    instrument: 'REQUEST',
    urgency: 'NORMAL',
    items: [item, { ...item, kind: 'TRAFFIC' }, item],
    targets: 1,
    ...changes,
  };
}

/** Each kind of event as it usually looks. */
export const usual = {
  FILED: { kind: 'FILED', filing: filing(), by: CLERK },
  IMPORTED: {
    kind: 'IMPORTED',
    filing: filing(),
    past: { outcome: 'REJECTED', reasons: ['LANGUAGE'], decidedMs: 5_000 },
  },
  CASE_FILE_PUT: { kind: 'CASE_FILE_PUT', filing: FILING, file: DIGEST, bytes: 100, to: [KEYS.OFFICER] },
  CHANNEL_CHECKED: { kind: 'CHANNEL_CHECKED', filing: FILING, decision: 'ADMIT', rule: 'secured', policy: DIGEST },
  REFUSED: { kind: 'REFUSED', filing: FILING, reasons: ['LANGUAGE'], isFormal: false },
  NARROWED: { kind: 'NARROWED', filing: FILING, items: [0, 2] },
  ADMITTED: { kind: 'ADMITTED', filing: FILING },
  REJECTION: answered('REJECTION'),
  CORRECTION: answered('CORRECTION'),
  CORRECTED: { kind: 'CORRECTED', filing: FILING, correctedBy: LATER },
  COLLECTED: {
    kind: 'COLLECTED',
    filing: FILING,
    disclosure: { fields: ['name'], package: DIGEST, recipient: CLERK },
    look: DIGEST,
    sealed: DIGEST,
    bytes: 700,
    by: CLERK,
  },
  DISCLOSED: {
    kind: 'DISCLOSED',
    filing: FILING,
    disclosure: { fields: ['name'], package: DIGEST, recipient: CLERK },
  },
  NO_DATA: { kind: 'NO_DATA', filing: FILING },
  CLOSED: { kind: 'CLOSED', filing: FILING },
} as const satisfies Readonly<Record<string, FilingEvent>>;

function answered<K extends 'REJECTION' | 'CORRECTION'>(letterKind: K) {
  return { kind: 'ANSWERED', filing: FILING, letter: DIGEST, letterKind, language: 'de', by: 'clerk' } as const;
}

export class Walk {
  row: FilingRow | undefined;
  nth = 0;

  constructor(...events: readonly FilingEvent[]) {
    for (const event of events) this.put(event);
  }

  /** The row must be there. */
  get now(): FilingRow {
    assert(this.row !== undefined, 'a filing');
    return this.row;
  }

  /** "" when it was taken, else why not. The row stays as it was then. */
  try(event: FilingEvent): string {
    const step = stepFiling(this.row, event, { nth: this.nth, atMs: this.nth * 1_000 });
    if (!step.ok) return step.error.kind;
    this.row = step.value;
    this.nth += 1;
    return '';
  }

  put(event: FilingEvent): this {
    const why = this.try(event);
    assert(why === '', `${event.kind} is refused in ${this.row?.state ?? 'none'}: ${why}`);
    return this;
  }

  /** What this person signs who has seen all there is. */
  review(role: ReviewRole, changes: Partial<Review> = {}): FilingEvent {
    const verdict = changes.verdict ?? 'REJECT';
    const review: Review = {
      filing: FILING,
      role,
      fingerprint: KEYS[role],
      verdict,
      reasons: verdict === 'REJECT' ? ['LANGUAGE'] : [],
      items: verdict === 'NARROW' ? [0, 2] : null,
      policy: DIGEST,
      caseFiles: this.row?.caseFiles ?? [],
      head: { entries: this.nth, hash: DIGEST },
      signedAt: '2023-01-02T12:00:00Z',
      ...changes,
    };
    return { kind: 'REVIEWED', filing: FILING, review, signature: 'armored' };
  }

  /** What this person signs who has opened the package. */
  look(role: ReviewRole, changes: Partial<Look> = {}): FilingEvent {
    const look: Look = {
      filing: FILING,
      role,
      fingerprint: KEYS[role],
      agrees: changes.fault === undefined,
      fault: null,
      ...(this.row?.collected?.disclosure ?? usual.COLLECTED.disclosure),
      look: DIGEST,
      policy: DIGEST,
      head: { entries: this.nth, hash: DIGEST },
      signedAt: '2023-01-03T12:00:00Z',
      ...changes,
    };
    return { kind: 'LOOKED', filing: FILING, look, signature: 'armored' };
  }

  /** Something was collected, two have looked and agree, and what follows is put. */
  handOver(changes: Partial<FilingRow['collected']> = {}): this {
    this.put({ ...usual.COLLECTED, ...changes });
    const event = consequenceOf(this.put(this.look('OFFICER')).put(this.look('LAWYER')).now);
    assert(event !== undefined, 'two that agree');
    return this.put(event);
  }

  sign(role: ReviewRole, changes: Partial<Review> = {}): this {
    return this.put(this.review(role, changes));
  }

  /** Both sign the same, and what follows is put. */
  decide(changes: Partial<Review>): this {
    const event = consequenceOf(this.sign('OFFICER', changes).sign('LAWYER', changes).now);
    assert(event !== undefined, 'two that agree');
    return this.put(event);
  }
}

const { FILED, CHANNEL_CHECKED, COLLECTED, CLOSED, CORRECTED, IMPORTED } = usual;
/** No field: nothing is held. */
export const NOTHING = { ...COLLECTED.disclosure, fields: [] } as const;
const checked = (): Walk => new Walk(FILED, CHANNEL_CHECKED);
const collected = (): Walk => checked().decide({ verdict: 'ADMIT' }).put(COLLECTED);
const looked = (...roles: readonly ReviewRole[]): Walk =>
  roles.reduce((walk, role) => walk.put(walk.look(role)), collected());

/** Every state, and where one has several faces each of them. */
export const situations = {
  none: () => new Walk(),
  RECEIVED: () => new Walk(FILED),
  CHANNEL_CHECKED: checked,
  FORMAL_CHECK: () => new Walk(FILED, { ...CHANNEL_CHECKED, decision: 'REJECT_FORMAL' }),
  EMERGENCY_DESK: () =>
    new Walk({ ...FILED, filing: filing({ urgency: 'EMERGENCY' }) }, { ...CHANNEL_CHECKED, decision: 'HUMAN' }),
  LEGAL_REVIEW: () => checked().sign('OFFICER'),
  'LEGAL_REVIEW both REJECT': () => checked().sign('OFFICER').sign('LAWYER'),
  'LEGAL_REVIEW both NARROW': () =>
    checked().sign('OFFICER', { verdict: 'NARROW' }).sign('LAWYER', { verdict: 'NARROW' }),
  'LEGAL_REVIEW both ADMIT': () => checked().sign('OFFICER', { verdict: 'ADMIT' }).sign('LAWYER', { verdict: 'ADMIT' }),
  ESCALATED: () => checked().sign('OFFICER').sign('LAWYER', { verdict: 'ADMIT' }),
  REJECTED_FORMAL: () => checked().decide({ reasons: ['INADMISSIBLE_CHANNEL'] }),
  REJECTED: () => checked().decide({}),
  CORRECTED: () => checked().decide({}).put(CORRECTED),
  NARROWED: () => checked().decide({ verdict: 'NARROW' }),
  COLLECT: () => checked().decide({ verdict: 'ADMIT' }),
  SECOND_LOOK: collected,
  'SECOND_LOOK one': () => looked('OFFICER'),
  'SECOND_LOOK two': () => looked('OFFICER', 'LAWYER'),
  'SECOND_LOOK nothing': () =>
    ((walk) => walk.put(walk.look('OFFICER')).put(walk.look('LAWYER')))(
      checked()
        .decide({ verdict: 'ADMIT' })
        .put({ ...COLLECTED, disclosure: NOTHING }),
    ),
  DISCLOSED: () => checked().decide({ verdict: 'ADMIT' }).handOver(),
  NO_DATA_HELD: () => checked().decide({ verdict: 'ADMIT' }).handOver({ disclosure: NOTHING }),
  CLOSED: () => checked().decide({ verdict: 'ADMIT' }).handOver().put(CLOSED),
  'CLOSED rejected': () => checked().decide({}).put(CLOSED),
  'CLOSED imported': () => new Walk({ ...IMPORTED, past: { ...IMPORTED.past, outcome: 'DISCLOSED', reasons: [] } }),
} as const satisfies Readonly<Record<string, () => Walk>>;
