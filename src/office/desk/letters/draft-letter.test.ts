// Letters read as they should, word for word; none of them names anybody or speaks of what is here and what is not.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fillTemplate } from '../policy/test-policy.ts';
import {
  channels,
  instruments,
  kinds,
  reasons,
  type CalendarDay,
  type Reason,
  type Review,
} from '#formats/desk/model.ts';
import { draftLetter, type LetterWish } from './draft-letter.ts';
import { reasonWords } from './reason-words.ts';
import { sampleLetters, sampleRow, TARGET, TODAY } from './test-letters.ts';

const policy = fillTemplate([]);
const golden = join(import.meta.dirname, 'golden');
const languages = ['de', 'en'] as const;

function draft(wish: Partial<LetterWish>): string {
  const { subject, text } = draftLetter({
    policy,
    row: sampleRow(),
    letterKind: 'REJECTION',
    language: 'en',
    reasons: ['LANGUAGE'],
    today: TODAY,
    ...wish,
  });
  return `${subject}\n${text}`;
}

describe('a letter reads as it should', () => {
  for (const [name, text] of sampleLetters()) {
    it(name, () => assert.equal(text, readFileSync(join(golden, name), 'utf8')));
  }

  it('and there is no golden letter besides', () => {
    assert.deepEqual(readdirSync(golden).sort(), [...sampleLetters().keys()].sort());
    assert.equal(sampleLetters().size, 2 * (reasons.length + 1));
  });
});

describe('a letter', () => {
  it('names for each reason why, the norm as it stood, what is missing and how to correct, in the order of the catalogue', () => {
    for (const language of languages) {
      const text = draft({ language, reasons: reasons.toReversed() });
      let from = 0;
      for (const [at, reason] of reasons.entries()) {
        const { label, sentence, missing, correct } = reasonWords[language][reason];
        for (const part of [`\n${at + 1}. ${label}.`, sentence, missing, correct]) {
          const found = text.indexOf(part, from);
          assert.ok(found >= from, `${reason}: ${part}`);
          from = found;
        }
      }
    }
  });

  it('cites a norm that was named though it was repealed, with its time, and the one in force', () => {
    const text = draft({ reasons: ['WRONG_OR_REPEALED_NORM'] });
    assert.match(text, /§ 22 TTDSG \(applicable from 1 December 2021 to 13 May 2024\)/);
    assert.match(text, /§ 22 TDDDG \(applicable since 14 May 2024\)/);
    const earlier = draft({ reasons: ['NO_LEGAL_BASIS'], row: sampleRow({ receivedOn: '2023-06-01' as CalendarDay }) });
    assert.match(earlier, /§ 22 TTDSG/);
    assert.doesNotMatch(earlier, /TDDDG/);
  });

  it('cites norms by which this authority could ask, with what it came', () => {
    const cites = (changes: Parameters<typeof sampleRow>[0], reason: Reason): string =>
      /Provision: (.*?)\. It lacks/.exec(draft({ reasons: [reason], row: sampleRow(changes) }))?.[1] ?? 'none';
    const item = { basis: null, from: null, until: null, target: null };
    const traffic = [{ ...item, kind: 'TRAFFIC' as const }];
    assert.equal(cites({ items: traffic, instrument: 'REQUEST' }, 'NO_LEGAL_BASIS'), '§ 100g StPO');
    assert.equal(cites({}, 'NO_COURT_ORDER'), '§ 100g StPO');
    const irg = 'IRG (applicable since 1 July 1983)';
    const union = 'Art. 10 (EU) 2023/1543 (applicable since 18 August 2026)';
    assert.equal(cites({ items: traffic, origin: 'EU' }, 'NO_LEGAL_BASIS'), `${irg}; ${union}`);
    assert.equal(cites({ items: traffic, origin: 'EU', instrument: 'EU_PRODUCTION_ORDER' }, 'NO_LEGAL_BASIS'), union);
    assert.equal(cites({ items: traffic, origin: 'OTHER' }, 'NO_LEGAL_BASIS'), irg);
    assert.equal(cites({ items: traffic, origin: 'OTHER' }, 'NOT_VIA_MUTUAL_ASSISTANCE'), irg);
    assert.equal(cites({ items: traffic }, 'OVERBROAD'), '§ 100g StPO');
    const subscriber = [{ ...item, kind: 'SUBSCRIBER' as const }];
    assert.match(cites({ items: subscriber }, 'NO_COURT_ORDER'), /^§ 100j StPO; § 174 TKG/);
    const before = { items: traffic, origin: 'EU', receivedOn: '2026-08-17' as CalendarDay } as const;
    assert.equal(cites(before, 'NO_LEGAL_BASIS'), irg);
  });

  it('cites for the channel the norm of the rule that refuses it, and none on a day when it was admissible', () => {
    const cite = /§ 174 Abs\. 7 TKG, § 31 TKÜV \(applicable since 1 December 2021\)/;
    const at = (day: string): string =>
      draft({ reasons: ['INADMISSIBLE_CHANNEL'], row: sampleRow({ receivedOn: day as CalendarDay }) });
    assert.match(at('2023-01-01'), cite);
    assert.doesNotMatch(at('2022-12-31'), cite);
  });

  it('names the ways that the policy admits on the day it is written', () => {
    const ways = (today: string): readonly string[] =>
      draft({ today: today as CalendarDay })
        .split('\n')
        .filter((line) => line.startsWith('- '));
    assert.equal(ways('2023-01-01').length, 5);
    assert.equal(ways('2022-12-31').length, 7);
    assert.ok(!draft({}).includes('fax'));
    assert.match(draft({ policy: { ...policy, admissibility: [] } }), /no way is open to you without asking/);
  });

  it('names the number of the filing, the house and its address', () => {
    for (const language of languages) {
      for (const letterKind of ['REJECTION', 'CORRECTION'] as const) {
        const text = draft({ language, letterKind });
        for (const part of ['2026-0007', policy.house.name, policy.house.replyTo]) assert.ok(text.includes(part), part);
      }
    }
  });

  it('says that two people examined it only when two did', () => {
    const reviews: readonly Review[] = [{} as Review, {} as Review];
    assert.doesNotMatch(draft({}), /examined/);
    assert.match(draft({ row: sampleRow({ outcome: 'REJECTED', reviews }) }), /and a lawyer have examined it/);
    assert.doesNotMatch(draft({ row: sampleRow({ outcome: 'REJECTED' }) }), /have examined/);
    assert.doesNotMatch(draft({ row: sampleRow({ reviews }) }), /have examined/);
  });

  it('without a reason is not written', () => {
    assert.throws(() => draft({ reasons: [] }), /at least one reason/);
  });
});

/** Words by which a letter would say whether somebody is here, or what was asked for. */
const SPEAKS_OF =
  /konto|account|postf(?:a|ä)ch|mailbox|exist|vorhanden|kund|customer|client|nutzer|\busers?\b|inhaber|holder|teilnehmer|subscriber|registrier|registered|bestandsdat|verkehrsdat|traffic|überwach|intercept|beschlagnahm|seiz|unbekannt|unknown/i;

describe('a letter of any combination', () => {
  const sets = combinations();

  it('does not speak of accounts, of people or of what was asked for', () => {
    let count = 0;
    for (const language of languages) {
      for (const letterKind of ['REJECTION', 'CORRECTION'] as const) {
        for (const some of sets) {
          const text = draft({ language, letterKind, reasons: some });
          assert.doesNotMatch(text, SPEAKS_OF, some.join(' '));
          assert.ok(!text.includes(TARGET));
          count += 1;
        }
      }
    }
    assert.equal(count, 2 * 2 * (15 + 105 + 455 + 1));
  });

  it('reads the same whatever was asked for, but for norms and ways', () => {
    for (const kind of kinds) {
      for (const channel of channels) {
        for (const instrument of instruments) {
          const row = sampleRow({
            channel,
            instrument,
            items: [{ kind, basis: null, from: null, until: null, target: TARGET }],
          });
          for (const language of languages) assert.doesNotMatch(draft({ row, language, reasons }), SPEAKS_OF);
        }
      }
    }
  });

  it('would be caught if it did: the twin', () => {
    const speaking = { ...policy, house: { ...policy.house, name: 'There is no such account' } };
    assert.match(draft({ policy: speaking }), SPEAKS_OF);
  });

  it('is in the language of the letter, each reason with words of its own', () => {
    for (const part of ['label', 'sentence', 'missing', 'correct'] as const) {
      for (const language of languages) {
        const said = reasons.map((reason) => reasonWords[language][reason][part]);
        assert.equal(new Set(said).size, reasons.length, part);
        assert.ok(said.every((text) => /^[A-ZÄÖÜ].*[a-zäöüß.]$/.test(text) && !text.includes('\n')));
      }
      for (const reason of reasons) assert.notEqual(reasonWords.de[reason][part], reasonWords.en[reason][part]);
    }
    assert.deepEqual(Object.keys(reasonWords.de), [...reasons]);
    assert.deepEqual(Object.keys(reasonWords.en), [...reasons]);
  });
});

/** Each reason, each pair, each three, and all of them. */
function combinations(): readonly (readonly Reason[])[] {
  const found: (readonly Reason[])[] = [reasons];
  for (const [i, one] of reasons.entries()) {
    found.push([one]);
    for (const [j, two] of reasons.slice(i + 1).entries()) {
      found.push([one, two]);
      for (const three of reasons.slice(i + j + 2)) found.push([one, two, three]);
    }
  }
  return found;
}
