// Which norms of the policy a reason cites, as they stood on the day the request came.

import { decideAdmissibility } from '../policy/admissibility.ts';
import { isWithin } from '#formats/desk/calendar-day.ts';
import type { Norm, Policy } from '#formats/desk/policy-shape.ts';
import type { FilingRow } from '../register/fold.ts';
import type { Instrument, Origin, Reason } from '#formats/desk/model.ts';

export type LetterRow = Pick<
  FilingRow,
  'filing' | 'receivedOn' | 'origin' | 'channel' | 'instrument' | 'items' | 'outcome' | 'reviews'
>;

export function normsOfReason(policy: Policy, row: LetterRow, reason: Reason): readonly Norm[] {
  switch (reason) {
    case 'INADMISSIBLE_CHANNEL':
      return ofChannel(policy, row);
    case 'WRONG_OR_REPEALED_NORM':
    case 'DATA_CLASS_NOT_COVERED':
      // the one that was named, as it stood, and those that could have been
      return unique([...named(policy, row), ...applicable(policy, row)]);
    case 'NOT_VIA_MUTUAL_ASSISTANCE':
      return policy.norms.filter(
        (norm) => norm.instruments.includes('MUTUAL_ASSISTANCE') && isWithin(row.receivedOn, norm),
      );
    case 'NO_COURT_ORDER':
      return ofCourts(policy, row);
    case 'NO_LEGAL_BASIS':
      return applicable(policy, row);
    case 'ORDER_EXPIRED':
    case 'OVERBROAD': {
      const cited = named(policy, row);
      return cited.length > 0 ? cited : applicable(policy, row);
    }
    default:
      return [];
  }
}

/** What the machine may not say of an emergency, two people may: the rule is asked as if there were time. */
function ofChannel(policy: Policy, { channel, instrument, receivedOn, items }: LetterRow): readonly Norm[] {
  const kinds = items.map(({ kind }) => kind);
  const { norm } = decideAdmissibility(policy, { channel, kinds, instrument, urgency: 'NORMAL', receivedOn });
  return policy.norms.filter(({ id }) => id === norm);
}

function named({ norms }: Policy, { items }: LetterRow): readonly Norm[] {
  return norms.filter(({ id }) => items.some(({ basis }) => basis === id));
}

/** By which this authority could have asked that day for what it asked for; where one fits what it came with, only these. */
function applicable(policy: Policy, row: LetterRow): readonly Norm[] {
  const open = askable(policy, row);
  const fitting = open.filter(({ instruments }) => instruments.includes(row.instrument));
  return fitting.length > 0 ? fitting : open;
}

function askable({ norms }: Policy, { items, receivedOn, origin }: LetterRow): readonly Norm[] {
  return norms.filter(
    (norm) =>
      isWithin(receivedOn, norm) &&
      norm.kinds.some((kind) => items.some((item) => item.kind === kind)) &&
      norm.instruments.some((instrument) => mayBringIt(origin, instrument)),
  );
}

function mayBringIt(origin: Origin, instrument: Instrument): boolean {
  const isUnion = instrument === 'EU_PRODUCTION_ORDER' || instrument === 'EU_PRESERVATION_ORDER';
  const isForeign = isUnion || instrument === 'MUTUAL_ASSISTANCE';
  if (origin === 'HOME') return !isForeign;
  return origin === 'EU' ? isForeign : isForeign && !isUnion;
}

/** That ask for a court, or allow one where none of them asks for it. */
function ofCourts(policy: Policy, row: LetterRow): readonly Norm[] {
  const allowed = askable(policy, row).filter(({ instruments }) => instruments.includes('COURT_ORDER'));
  const needed = allowed.filter(({ instruments }) => !instruments.includes('REQUEST'));
  return needed.length > 0 ? needed : allowed;
}

function unique(norms: readonly Norm[]): readonly Norm[] {
  return [...new Set(norms)];
}
