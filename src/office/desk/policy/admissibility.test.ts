// By the template for Germany: the day decides on fax and clear mail, a person on emergencies and on what the rules do not say alike.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channels, instruments, kinds, type CalendarDay, type Channel } from '#formats/desk/model.ts';
import { decideAdmissibility, originOf, type Asked } from './admissibility.ts';
import { calendarOf, dayOf, parseCalendarDay } from '#formats/desk/calendar-day.ts';
import type { AdmissibilityRule, Policy } from '#formats/desk/policy-shape.ts';
import { fillTemplate } from './test-policy.ts';

const policy = fillTemplate([]);
const before = day('2022-12-31');
const after = day('2023-01-01');

describe('the template for Germany', () => {
  it('flips fax and clear mail on 1 January 2023, and nothing else', () => {
    const flipped = channels.filter((channel) => decisionOf(channel, before) !== decisionOf(channel, after));
    assert.deepEqual(flipped, ['FAX', 'PLAIN_MAIL']);
    for (const channel of flipped) {
      assert.equal(decisionOf(channel, before), 'ADMIT');
      const refused = decideAdmissibility(policy, asked({ channel, receivedOn: after }));
      const { decision, rule, reason, norm } = refused;
      assert.deepEqual(
        { decision, rule, reason, norm },
        { decision: 'REJECT_FORMAL', rule: 'clear-since-2023', reason: 'INADMISSIBLE_CHANNEL', norm: 'tkg-174-7' },
      );
    }
  });

  it('admits secured ways and post, and leaves what is unclear to a person', () => {
    for (const channel of ['ESB', 'PGP', 'SMIME', 'WEB', 'POST'] as const)
      assert.equal(decisionOf(channel, after), 'ADMIT');
    for (const channel of ['MIXED', 'OTHER'] as const) assert.equal(decisionOf(channel, after), 'HUMAN');
  });

  it('cites norms that were in force when its rules began to reject', () => {
    const norm = policy.norms.find(({ id }) => id === 'tkg-174-7');
    assert.ok(norm?.from !== undefined && norm.from !== null && norm.from <= after && norm.until === null);
  });

  it('has the deadlines of Regulation (EU) 2023/1543: ten days, eight hours, sixty days', () => {
    assert.deepEqual(
      policy.deadlines.map(({ hours }) => hours),
      [10 * 24, 8, 60 * 24],
    );
    for (const { norm } of policy.deadlines) {
      assert.equal(policy.norms.find(({ id }) => id === norm)?.from, '2026-08-18');
    }
  });

  it('names official sources only, and says that it is no legal advice', () => {
    for (const { source } of policy.norms) {
      assert.ok(['www.gesetze-im-internet.de', 'eur-lex.europa.eu'].includes(new URL(source).host), source);
    }
    assert.match(policy.title.de, /Keine Rechtsberatung/);
    assert.match(policy.title.en, /No legal advice/);
  });
});

describe('an emergency', () => {
  it('is never refused by a machine, whatever the rules say', () => {
    const harsh = withRules([rule({ decision: 'REJECT_FORMAL' })]);
    for (const channel of channels) {
      for (const instrument of instruments) {
        for (const kind of kinds) {
          const request = asked({ channel, instrument, kinds: [kind], urgency: 'EMERGENCY' });
          assert.equal(decideAdmissibility(harsh, request).decision, 'HUMAN');
          assert.equal(decideAdmissibility(harsh, request).rule, 'emergency');
          // the twin: the same without urgency is refused by that rule
          assert.equal(decideAdmissibility(harsh, { ...request, urgency: 'NORMAL' }).decision, 'REJECT_FORMAL');
        }
      }
    }
  });
});

describe('the rules', () => {
  it('are asked in their order, and the first that fits decides', () => {
    const both = [rule({ id: 'a', channels: ['PGP'], decision: 'HUMAN' }), rule({ id: 'b' })];
    assert.equal(decideAdmissibility(withRules(both), asked({})).rule, 'a');
    assert.equal(decideAdmissibility(withRules(both.toReversed()), asked({})).rule, 'b');
  });

  it('leave to a person what none of them fits', () => {
    const none = [
      rule({ channels: ['FAX'] }),
      rule({ kinds: ['TRAFFIC'] }),
      rule({ instruments: ['COURT_ORDER'] }),
      rule({ from: day('2024-01-01') }),
      rule({ until: before }),
    ];
    assert.deepEqual(decideAdmissibility(withRules(none), asked({ receivedOn: after })), {
      decision: 'HUMAN',
      rule: 'none',
      reason: null,
      norm: null,
      why: null,
    });
    assert.equal(decideAdmissibility(policy, asked({ kinds: [] })).rule, 'none');
  });

  it('count on the first and on the last day of their time', () => {
    const rules = withRules([rule({ from: before, until: after })]);
    const said = ['2022-12-30', before, after, '2023-01-02'].map(
      (at) => decideAdmissibility(rules, asked({ receivedOn: day(at) })).decision,
    );
    assert.deepEqual(said, ['HUMAN', 'ADMIT', 'ADMIT', 'HUMAN']);
  });

  it('say it of several kinds when they say it of all, else a person does', () => {
    const mixed = withRules([
      rule({ id: 's', kinds: ['SUBSCRIBER'] }),
      rule({ id: 't', kinds: ['TRAFFIC'] }),
      rule({ id: 'i', kinds: ['INTERCEPTION'], decision: 'REJECT_FORMAL' }),
      rule({ id: 'z', kinds: ['SEIZURE'], decision: 'REJECT_FORMAL' }),
      rule({ id: 'p', kinds: ['PRESERVATION'], decision: 'HUMAN' }),
    ]);
    const say = (...asks: Asked['kinds']) => {
      const { decision, rule } = decideAdmissibility(mixed, asked({ kinds: asks }));
      return `${decision} ${rule}`;
    };
    assert.equal(say('TRAFFIC', 'SUBSCRIBER'), 'ADMIT s');
    assert.equal(say('INTERCEPTION', 'SEIZURE'), 'REJECT_FORMAL z');
    assert.equal(say('SEIZURE', 'INTERCEPTION'), 'REJECT_FORMAL z');
    assert.equal(say('SUBSCRIBER', 'INTERCEPTION'), 'HUMAN kinds-differ');
    assert.equal(say('SUBSCRIBER', 'INTERCEPTION', 'PRESERVATION'), 'HUMAN p');
    assert.equal(say('SUBSCRIBER', 'OTHER'), 'HUMAN none');
  });
});

describe('where an authority stands', () => {
  it('is told by its country', () => {
    assert.equal(originOf(policy, 'DE'), 'HOME');
    assert.equal(originOf(policy, 'FR'), 'EU');
    assert.equal(originOf(policy, 'CH'), 'OTHER');
    assert.equal(originOf(policy, 'GB'), 'OTHER');
  });
});

describe('a day', () => {
  it('begins by the clocks of the zone, in summer and winter', () => {
    assert.equal(dayOf('Europe/Berlin', Date.parse('2022-12-31T22:59:59Z')), '2022-12-31');
    assert.equal(dayOf('Europe/Berlin', Date.parse('2022-12-31T23:00:00Z')), '2023-01-01');
    assert.equal(dayOf('Europe/Berlin', Date.parse('2023-06-30T21:59:59Z')), '2023-06-30');
    assert.equal(dayOf('Europe/Berlin', Date.parse('2023-06-30T22:00:00Z')), '2023-07-01');
    assert.equal(dayOf('UTC', Date.parse('2022-12-31T23:00:00Z')), '2022-12-31');
    const inAuckland = calendarOf('Pacific/Auckland');
    assert.equal(inAuckland(Date.parse('2022-12-31T11:00:00Z')), '2023-01-01');
  });

  it('is one of the calendar', () => {
    assert.equal(parseCalendarDay('2024-02-29'), '2024-02-29');
    for (const text of [
      '2023-02-29',
      '2023-13-01',
      '2023-1-1',
      '20230101',
      '2023-01-01T00:00:00Z',
      '',
      20230101,
      null,
    ]) {
      assert.equal(parseCalendarDay(text), undefined, String(text));
    }
  });
});

function decisionOf(channel: Channel, receivedOn: CalendarDay): string {
  return decideAdmissibility(policy, asked({ channel, receivedOn })).decision;
}

function asked(changes: Partial<Asked>): Asked {
  return {
    channel: 'PGP',
    kinds: ['SUBSCRIBER'],
    instrument: 'REQUEST',
    urgency: 'NORMAL',
    receivedOn: after,
    ...changes,
  };
}

function withRules(admissibility: readonly AdmissibilityRule[]): Policy {
  return { ...policy, admissibility };
}

function rule(changes: Partial<AdmissibilityRule>): AdmissibilityRule {
  return {
    id: 'x',
    channels: null,
    kinds: null,
    instruments: null,
    from: null,
    until: null,
    decision: 'ADMIT',
    reason: null,
    norm: null,
    why: { de: 'darum', en: 'therefore' },
    ...changes,
  };
}

function day(text: string): CalendarDay {
  const found = parseCalendarDay(text);
  assert.ok(found !== undefined, text);
  return found;
}
