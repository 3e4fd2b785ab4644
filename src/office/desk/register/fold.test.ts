// What may happen to a filing and what follows: every event in every state, two people and their disagreement, what each must have seen.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDigest } from '#formats/desk/digest.ts';
import type { LetterKind } from './event.ts';
import { agree, consequenceOf, inOrder, stepFiling } from './fold.ts';
import { reasons, states, type Outcome, type Review, type Verdict } from '#formats/desk/model.ts';
import type { FilingEvent } from './event.ts';
import { CLERK, DIGEST, filing, FILING, KEYS, LATER, NOTHING, situations, usual, Walk } from './test-walk.ts';

const columns = [...Object.keys(usual).slice(0, 4), 'REVIEWED', ...Object.keys(usual).slice(4), 'LOOKED'];
/** State after each event, or why it is refused; `.`: the state stays. Columns as in `usual`, REVIEWED (the lawyer: REJECT) as the fifth, LOOKED (the lawyer agrees) as the last. */
const table = `
none: RECEIVED REJECTED noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling noSuchFiling
RECEIVED: filedTwice filedTwice . CHANNEL_CHECKED notNow notAgreed notAgreed notAgreed notNow notNow notRejected notNow notNow notNow notNow notNow
CHANNEL_CHECKED: filedTwice filedTwice . notNow LEGAL_REVIEW notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
FORMAL_CHECK: filedTwice filedTwice . notNow LEGAL_REVIEW notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
EMERGENCY_DESK: filedTwice filedTwice . notNow LEGAL_REVIEW notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
LEGAL_REVIEW: filedTwice filedTwice CHANNEL_CHECKED notNow . notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
LEGAL_REVIEW both REJECT: filedTwice filedTwice CHANNEL_CHECKED notNow doubleReview REJECTED notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
LEGAL_REVIEW both NARROW: filedTwice filedTwice CHANNEL_CHECKED notNow doubleReview notAgreed NARROWED notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
LEGAL_REVIEW both ADMIT: filedTwice filedTwice CHANNEL_CHECKED notNow doubleReview notAgreed notAgreed COLLECT notRejected . notRejected notNow notNow notNow notNow notNow
ESCALATED: filedTwice filedTwice CHANNEL_CHECKED notNow LEGAL_REVIEW notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
REJECTED_FORMAL: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed . . CORRECTED notNow notNow notNow CLOSED notNow
REJECTED: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed . . CORRECTED notNow notNow notNow CLOSED notNow
CORRECTED: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed . . correctedAlready notNow notNow notNow CLOSED notNow
NARROWED: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected SECOND_LOOK notNow notNow notNow notNow
COLLECT: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected SECOND_LOOK notNow notNow notNow notNow
SECOND_LOOK: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected . notAgreed notAgreed notNow .
SECOND_LOOK one: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected . notAgreed notAgreed notNow .
SECOND_LOOK two: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected . DISCLOSED notAgreed notNow lookedTwice
SECOND_LOOK nothing: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected . notAgreed NO_DATA_HELD notNow lookedTwice
DISCLOSED: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow CLOSED notNow
NO_DATA_HELD: filedTwice filedTwice . notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow CLOSED notNow
CLOSED: filedTwice filedTwice notNow notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
CLOSED rejected: filedTwice filedTwice notNow notNow notNow notAgreed notAgreed notAgreed . . . notNow notNow notNow notNow notNow
CLOSED imported: filedTwice filedTwice notNow notNow notNow notAgreed notAgreed notAgreed notRejected . notRejected notNow notNow notNow notNow notNow
`;

describe('every event in every state', () => {
  const lines = table.trim().split('\n');

  it('is in the table', () => {
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      Object.keys(situations),
    );
    const reached = Object.values(situations).map((begin) => begin().row?.state);
    assert.deepEqual(
      states.filter((state) => !reached.includes(state)),
      [],
    );
  });

  for (const [name, begin] of Object.entries(situations)) {
    it(name, () => {
      const line = lines.find((text) => text.startsWith(`${name}: `)) ?? '';
      const expected = line.slice(name.length + 2).split(' ');
      assert.equal(expected.length, columns.length);
      for (const [at, column] of columns.entries()) {
        const walk = begin();
        const before = walk.row;
        const usualEvent: FilingEvent | undefined = Object.entries(usual).find(([key]) => key === column)?.[1];
        const why = walk.try(usualEvent ?? (column === 'LOOKED' ? walk.look('LAWYER') : walk.review('LAWYER')));
        const got = why === '' ? walk.now.state : why;
        assert.equal(got, expected[at] === '.' ? before?.state : expected[at], `${name} and ${column}`);
        if (why !== '') assert.equal(walk.row, before);
      }
    });
  }
});

describe('a filing', () => {
  it('begins with nothing known but what was written down', () => {
    assert.deepEqual(situations.RECEIVED().now, {
      ...filing(),
      isImported: false,
      filedBy: CLERK,
      state: 'RECEIVED',
      outcome: null,
      reasons: [],
      decidedMs: null,
      decision: null,
      correctedBy: null,
      reviews: [],
      admitted: null,
      caseFiles: [],
      letters: [],
      disclosure: null,
      closedMs: null,
      seenFrom: 0,
    });
  });

  it('keeps what was handed over, which decision the rules made and when it was closed', () => {
    const { disclosure, decision, closedMs } = situations.CLOSED().now;
    assert.deepEqual([disclosure, decision, closedMs], [usual.DISCLOSED.disclosure, 'ADMIT', 9_000]);
  });

  it('that is not there is refused without a state', () => {
    const step = stepFiling(undefined, usual.CLOSED, { nth: 0, atMs: 0 });
    assert.deepEqual(step, { ok: false, error: { kind: 'noSuchFiling', state: null } });
  });
});

describe('two people', () => {
  it('reject, and the reasons of both stand in the order of the catalogue', () => {
    const walk = situations.CHANNEL_CHECKED();
    walk
      .sign('LAWYER', { reasons: ['LANGUAGE', 'INADMISSIBLE_CHANNEL'] })
      .sign('OFFICER', { reasons: ['NOT_COMPETENT'] });
    const event = consequenceOf(walk.now);
    assert.deepEqual(event, {
      kind: 'REFUSED',
      filing: FILING,
      reasons: ['INADMISSIBLE_CHANNEL', 'NOT_COMPETENT', 'LANGUAGE'],
      isFormal: false,
    });
    const { state, outcome, reasons, decidedMs } = walk.put(event).now;
    assert.deepEqual(
      [state, outcome, reasons, decidedMs],
      ['REJECTED', 'REJECTED', ['INADMISSIBLE_CHANNEL', 'NOT_COMPETENT', 'LANGUAGE'], 4_000],
    );
  });

  it('reject for the channel alone: that is formal', () => {
    const { state, outcome } = situations.REJECTED_FORMAL().now;
    assert.deepEqual([state, outcome], ['REJECTED_FORMAL', 'REJECTED_FORMAL']);
  });

  it('admit less than was asked for, and it stays open until something was handed over', () => {
    const walk = situations.NARROWED();
    assert.deepEqual([walk.now.outcome, walk.now.admitted, walk.now.decidedMs], [null, [0, 2], 4_000]);
    assert.equal(walk.handOver().now.outcome, 'NARROWED');
    assert.equal(situations.NARROWED().handOver({ disclosure: NOTHING }).now.outcome, 'NO_DATA_HELD');
    assert.equal(situations.COLLECT().handOver().now.outcome, 'DISCLOSED');
  });

  it('are written down with exactly what they signed', () => {
    const both = situations['LEGAL_REVIEW both REJECT'];
    assert.equal(both().try({ ...usual.REFUSED, reasons: ['OVERBROAD'] }), 'notAgreed');
    assert.equal(both().try({ ...usual.REFUSED, reasons: [] }), 'notAgreed');
    assert.equal(both().try({ ...usual.REFUSED, reasons: ['LANGUAGE', 'LANGUAGE'] }), 'notAgreed');
    assert.equal(both().try({ ...usual.REFUSED, isFormal: true }), 'notAgreed');
    assert.equal(both().try(usual.REFUSED), '');
    const narrow = situations['LEGAL_REVIEW both NARROW'];
    assert.equal(narrow().try({ ...usual.NARROWED, items: [0, 1, 2] }), 'notAgreed');
    assert.equal(narrow().try(usual.NARROWED), '');
  });

  it('are two: nobody signs twice, nobody signs in both roles, nobody judges what they wrote down', () => {
    const one = situations.LEGAL_REVIEW;
    assert.equal(one().try(one().review('OFFICER')), 'doubleReview');
    const deputy = { fingerprint: CLERK.replace('c', 'd') as Review['fingerprint'] };
    assert.equal(one().try(one().review('OFFICER', deputy)), 'doubleReview');
    assert.equal(one().try(one().review('LAWYER', { fingerprint: KEYS.OFFICER })), 'sameReviewer');
    assert.equal(one().try(one().review('LAWYER', { fingerprint: CLERK })), 'ownFiling');
    assert.equal(one().try(one().review('LAWYER')), '');
    const own = new Walk({ ...usual.FILED, by: KEYS.OFFICER }, usual.CHANNEL_CHECKED);
    assert.equal(own.try(own.review('OFFICER')), 'ownFiling');
    assert.equal(own.try(own.review('LAWYER')), '');
  });

  it('sign the filing that it is put to', () => {
    const walk = situations.CHANNEL_CHECKED();
    assert.equal(walk.try(walk.review('OFFICER', { filing: LATER })), 'otherFiling');
  });

  it('name a reason to reject, and parts that there are to narrow', () => {
    const why = (changes: Partial<Review>): string => {
      const walk = situations.CHANNEL_CHECKED();
      return walk.try(walk.review('OFFICER', changes));
    };
    assert.equal(why({ reasons: [] }), 'noReasons');
    assert.equal(why({ verdict: 'ADMIT', reasons: [] }), '');
    for (const items of [null, [], [3], [-1], [0.5], [2, 0], [0, 0], [0, 1, 2, 3]]) {
      assert.equal(why({ verdict: 'NARROW', items }), 'noSuchItem', JSON.stringify(items));
    }
    for (const items of [[0], [1, 2], [0, 1, 2]]) assert.equal(why({ verdict: 'NARROW', items }), '');
    for (const verdict of ['REJECT', 'ADMIT'] as const) assert.equal(why({ verdict, items: [0] }), 'noSuchItem');
  });
});

describe('two that do not agree', () => {
  const disagree: readonly (readonly [Partial<Review>, Partial<Review>])[] = [
    [{ verdict: 'REJECT' }, { verdict: 'ADMIT' }],
    [{ verdict: 'REJECT' }, { verdict: 'NARROW' }],
    [{ verdict: 'ADMIT' }, { verdict: 'NARROW' }],
    [
      { verdict: 'NARROW', items: [0] },
      { verdict: 'NARROW', items: [0, 2] },
    ],
  ];

  it('look again, both, and nothing follows before', () => {
    for (const [one, other] of disagree) {
      const walk = situations.CHANNEL_CHECKED().sign('LAWYER', one).sign('OFFICER', other);
      assert.equal(walk.now.state, 'ESCALATED');
      assert.equal(agree(walk.now.reviews), false);
      assert.equal(consequenceOf(walk.now), undefined);
      // one signature more, that says what the other said before, is not two that agree
      walk.sign('LAWYER', other);
      assert.deepEqual([walk.now.state, walk.now.reviews.length], ['LEGAL_REVIEW', 1]);
      assert.equal(consequenceOf(walk.now), undefined);
      assert.equal(walk.sign('OFFICER', other).now.state, 'LEGAL_REVIEW');
      assert.notEqual(consequenceOf(walk.now), undefined);
    }
  });

  it('must have seen that they did not', () => {
    const walk = situations.ESCALATED();
    const before = { head: { entries: walk.nth - 1, hash: DIGEST } };
    assert.equal(walk.try(walk.review('OFFICER', before)), 'headTooOld');
    assert.equal(walk.try(walk.review('OFFICER')), '');
  });

  it('may disagree again and again', () => {
    const walk = situations.ESCALATED();
    for (let round = 0; round < 3; round++) {
      walk.sign('LAWYER', { verdict: 'ADMIT' }).sign('OFFICER', { verdict: 'REJECT' });
      assert.equal(walk.now.state, 'ESCALATED');
    }
    assert.equal(walk.decide({ verdict: 'ADMIT' }).now.state, 'COLLECT');
  });

  it('agree with other reasons to reject', () => {
    const walk = situations.CHANNEL_CHECKED().sign('LAWYER', { reasons: ['OVERBROAD'] });
    assert.equal(walk.sign('OFFICER', { reasons: ['LANGUAGE'] }).now.state, 'LEGAL_REVIEW');
  });
});

describe('a reviewer has seen all there is', () => {
  it('so that a case file put later makes both sign anew', () => {
    for (const name of ['LEGAL_REVIEW', 'LEGAL_REVIEW both REJECT', 'ESCALATED'] as const) {
      const walk = situations[name]().put(usual.CASE_FILE_PUT);
      assert.deepEqual([walk.now.state, walk.now.reviews], ['CHANNEL_CHECKED', []]);
      assert.equal(walk.try(usual.REFUSED), 'notAgreed');
      assert.equal(walk.decide({}).now.state, 'REJECTED');
    }
    const urgent = situations.EMERGENCY_DESK().sign('OFFICER').put(usual.CASE_FILE_PUT);
    assert.equal(urgent.now.state, 'EMERGENCY_DESK');
    assert.equal(situations.FORMAL_CHECK().sign('OFFICER').put(usual.CASE_FILE_PUT).now.state, 'FORMAL_CHECK');
  });

  it('and names the same case files in the same order', () => {
    const other = parseDigest('34'.repeat(32));
    const walk = situations
      .CHANNEL_CHECKED()
      .put(usual.CASE_FILE_PUT)
      .put({ ...usual.CASE_FILE_PUT, file: other });
    for (const caseFiles of [[], [DIGEST], [other, DIGEST], [DIGEST, other, other]]) {
      assert.equal(walk.try(walk.review('OFFICER', { caseFiles })), 'otherCaseFiles');
    }
    assert.equal(walk.try(walk.review('OFFICER', { caseFiles: [DIGEST, other] })), '');
  });

  it('and a head no older than the last entry of the filing, nor one that is not there yet', () => {
    for (const [entries, why] of [
      [0, 'headTooOld'],
      [1, 'headTooOld'],
      [2, ''],
      [3, 'headTooOld'],
    ] as const) {
      const walk = situations.CHANNEL_CHECKED();
      assert.equal(walk.try(walk.review('OFFICER', { head: { entries, hash: DIGEST } })), why, `${entries}`);
    }
    const walk = situations.CHANNEL_CHECKED();
    const stale = walk.review('OFFICER');
    assert.equal(walk.put(usual.CORRECTION).try(stale), 'headTooOld');
  });

  it('but not the verdict of the other: both may sign at the same head', () => {
    const walk = situations.CHANNEL_CHECKED();
    const [one, other] = [walk.review('OFFICER'), walk.review('LAWYER')];
    assert.equal(walk.put(one).try(other), '');
  });
});

describe('a policy put between two verdicts', () => {
  const later = { policy: parseDigest('56'.repeat(32)) };

  it('makes who signed under the earlier one sign anew: they may no longer be in the roster', () => {
    const walk = situations.LEGAL_REVIEW().sign('LAWYER', later);
    assert.deepEqual([walk.now.state, walk.now.reviews.map(({ role }) => role)], ['LEGAL_REVIEW', ['LAWYER']]);
    assert.equal(consequenceOf(walk.now), undefined);
    assert.equal(walk.try(usual.REFUSED), 'notAgreed');
    assert.notEqual(consequenceOf(walk.sign('OFFICER', later).now), undefined);
  });

  it('lets the same person sign anew', () => {
    const walk = situations.LEGAL_REVIEW();
    assert.equal(walk.try(walk.review('OFFICER', later)), '');
    assert.equal(walk.try(walk.review('OFFICER', later)), 'doubleReview');
  });
});

describe('an emergency', () => {
  it('is never refused by a machine', () => {
    const walk = new Walk({ ...usual.FILED, filing: filing({ urgency: 'EMERGENCY', channel: 'FAX' }) });
    assert.equal(walk.try({ ...usual.CHANNEL_CHECKED, decision: 'REJECT_FORMAL' }), 'emergency');
    assert.equal(walk.now.state, 'RECEIVED');
    for (const decision of ['HUMAN', 'ADMIT'] as const) {
      const at = new Walk({ ...usual.FILED, filing: filing({ urgency: 'EMERGENCY' }) });
      assert.equal(at.put({ ...usual.CHANNEL_CHECKED, decision }).now.state, 'EMERGENCY_DESK');
      assert.equal(at.try(usual.REJECTION), 'notRejected');
    }
    // the twin: without urgency the same is taken
    const usualOne = new Walk(usual.FILED);
    assert.equal(usualOne.try({ ...usual.CHANNEL_CHECKED, decision: 'REJECT_FORMAL' }), '');
  });

  it('may be rejected by two people', () => {
    assert.equal(situations.EMERGENCY_DESK().decide({}).now.state, 'REJECTED');
  });
});

describe('letters', () => {
  it('of rejection are noted once two have rejected it, all are kept in order', () => {
    const walk = situations.CHANNEL_CHECKED().put(usual.CORRECTION).decide({}).put(usual.REJECTION);
    const kept: readonly LetterKind[] = ['CORRECTION', 'REJECTION'];
    assert.deepEqual(walk.now.letters, kept);
  });
});

describe('what is put right', () => {
  it('stays rejected, names what put it right, and does so once', () => {
    const walk = situations.REJECTED().put(usual.CORRECTED);
    const { state, outcome, correctedBy } = walk.now;
    assert.deepEqual([state, outcome, correctedBy], ['CORRECTED', 'REJECTED', LATER]);
    assert.equal(walk.try({ ...usual.CORRECTED, correctedBy: '2023-0003' as typeof LATER }), 'correctedAlready');
  });

  it('may have been closed before, and stays closed', () => {
    const walk = situations['CLOSED rejected']();
    const { closedMs } = walk.now;
    const { state, correctedBy, closedMs: after } = walk.put(usual.CORRECTED).now;
    assert.deepEqual([state, correctedBy, after], ['CLOSED', LATER, closedMs]);
  });

  it('is not put right by itself', () => {
    assert.equal(situations.REJECTED().try({ ...usual.CORRECTED, correctedBy: FILING }), 'otherFiling');
  });
});

describe('from a register kept elsewhere', () => {
  const imported = (outcome: Outcome | null): Walk =>
    new Walk({
      ...usual.IMPORTED,
      past: { outcome, reasons: ['LANGUAGE', 'NO_LEGAL_BASIS', 'LANGUAGE'], decidedMs: 7 },
    });

  it('what was decided there stands as it was', () => {
    for (const outcome of ['REJECTED', 'REJECTED_FORMAL'] as const) {
      const { state, reasons, decidedMs, isImported, filedBy } = imported(outcome).now;
      assert.deepEqual(
        [state, reasons, decidedMs, isImported, filedBy],
        [outcome, ['NO_LEGAL_BASIS', 'LANGUAGE'], 7, true, null],
      );
    }
    for (const outcome of ['NARROWED', 'DISCLOSED', 'NO_DATA_HELD'] as const) {
      assert.deepEqual([imported(outcome).now.state, imported(outcome).now.outcome], ['CLOSED', outcome]);
    }
  });

  it('what is open there goes on here', () => {
    const walk = imported(null);
    assert.deepEqual(
      [walk.now.state, walk.now.outcome, walk.now.reasons, walk.now.decidedMs, walk.now.isImported],
      ['RECEIVED', null, [], null, true],
    );
    assert.equal(walk.put(usual.CHANNEL_CHECKED).decide({}).now.state, 'REJECTED');
  });
});

describe('consequences', () => {
  it('follow from two that agree, and from nothing else', () => {
    for (const [name, begin] of Object.entries(situations)) {
      const { row } = begin();
      const due = row === undefined ? undefined : consequenceOf(row)?.kind;
      const of: Readonly<Record<Verdict, string>> = { REJECT: 'REFUSED', NARROW: 'NARROWED', ADMIT: 'ADMITTED' };
      const both = /both (REJECT|NARROW|ADMIT)/.exec(name)?.[1];
      const looked = { 'SECOND_LOOK two': 'DISCLOSED', 'SECOND_LOOK nothing': 'NO_DATA' }[name];
      assert.equal(due, looked ?? Object.entries(of).find(([verdict]) => verdict === both)?.[1], name);
    }
    // a row that no legal walk makes
    const split = { ...situations.ESCALATED().now, state: 'LEGAL_REVIEW' } as const;
    assert.equal(consequenceOf(split), undefined);
  });

  it('have reasons without repetition, in the order of the catalogue', () => {
    assert.deepEqual(inOrder([...reasons].toReversed()), reasons);
    assert.deepEqual(inOrder(['LANGUAGE', 'LANGUAGE']), ['LANGUAGE']);
  });
});
