// What the policy says of the way a request came, by its date; and where an authority stands, seen from the house. A machine says it, people decide.

import {
  channels,
  instruments,
  kinds as kindOrder,
  type CalendarDay,
  type Channel,
  type Decision,
  type Instrument,
  type Kind,
  type Origin,
  type Reason,
  type Urgency,
} from '#formats/desk/model.ts';
import { isWithin } from '#formats/desk/calendar-day.ts';
import { reservedRules, type AdmissibilityRule, type Policy, type Spoken } from '#formats/desk/policy-shape.ts';

export interface Asked {
  readonly channel: Channel;
  readonly kinds: readonly Kind[];
  readonly instrument: Instrument;
  readonly urgency: Urgency;
  readonly receivedOn: CalendarDay;
}

export interface Admissibility {
  readonly decision: Decision;
  /** Id of the rule, or one of the reserved words. */
  readonly rule: string;
  readonly reason: Reason | null;
  /** Id of a norm of the policy. */
  readonly norm: string | null;
  readonly why: Spoken | null;
}

/**
 * For each kind the first rule that fits decides, none: HUMAN. Several kinds: what is said of all of them, else HUMAN. Not the
 * strictest: a machine that refused a whole request for one part of it would refuse what the policy admits, and one that
 * admitted it would let in what the policy refuses. An EMERGENCY is HUMAN whatever the rules say.
 */
export function decideAdmissibility(policy: Policy, asked: Asked): Admissibility {
  if (asked.urgency === 'EMERGENCY') return byPerson('emergency');
  const rules = kindOrder.filter((kind) => asked.kinds.includes(kind)).map((kind) => ruleFor(policy, asked, kind));
  const [one] = rules;
  if (one === undefined || rules.includes(undefined)) return byPerson('none');
  const human = rules.find((rule) => rule?.decision === 'HUMAN');
  if (human !== undefined) return said(human);
  return rules.every((rule) => rule?.decision === one.decision) ? said(one) : byPerson('kinds-differ');
}

/** What is said of a way whatever comes by it, emergencies aside; undefined: it depends on what is asked for and by what. */
export function decideWhateverComes(
  policy: Policy,
  channel: Channel,
  receivedOn: CalendarDay,
): Admissibility | undefined {
  const [first, ...others] = instruments.map((instrument) =>
    decideAdmissibility(policy, { channel, kinds: kindOrder, instrument, urgency: 'NORMAL', receivedOn }),
  );
  const isSame = others.every(({ decision, rule }) => decision === first?.decision && rule === first.rule);
  return isSame ? first : undefined;
}

/** Ways that are open that day for anything that may be asked for. */
export function waysOpenForAll(policy: Policy, day: CalendarDay): readonly Channel[] {
  return channels.filter((channel) =>
    instruments.every(
      (instrument) =>
        decideAdmissibility(policy, { channel, kinds: kindOrder, instrument, urgency: 'NORMAL', receivedOn: day })
          .decision === 'ADMIT',
    ),
  );
}

/** `country`: ISO 3166-1 alpha-2, upper case. */
export function originOf({ country: home, union }: Policy, country: string): Origin {
  if (country === home) return 'HOME';
  return union.includes(country) ? 'EU' : 'OTHER';
}

function ruleFor(policy: Policy, asked: Asked, kind: Kind): AdmissibilityRule | undefined {
  return policy.admissibility.find(
    (rule) =>
      (rule.channels?.includes(asked.channel) ?? true) &&
      (rule.kinds?.includes(kind) ?? true) &&
      (rule.instruments?.includes(asked.instrument) ?? true) &&
      isWithin(asked.receivedOn, rule),
  );
}

function said({ decision, id, reason, norm, why }: AdmissibilityRule): Admissibility {
  return { decision, rule: id, reason, norm, why };
}

function byPerson(rule: (typeof reservedRules)[number]): Admissibility {
  return { decision: 'HUMAN', rule, reason: null, norm: null, why: null };
}
