// The page says what its figures say and nothing else: two years, none, one, what is not stated, errata; in both languages, well-formed, without script or style.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filingsOf, sampleRows, wish } from '../../../../test/desk/sample-register.ts';
import { publish, signers, yearOf } from '../../../../test/desk/sample-published.ts';
import { faultsOf } from '../../../../test/well-formed.ts';
import { errataDocument } from './errata-document.ts';
import type { PublishedYear } from './published.ts';
import { transparencyDocument } from './transparency-document.ts';

type Language = 'de' | 'en';
const languages: readonly Language[] = ['de', 'en'];
const NBSP = '\u00A0';

async function drawn(shown: PublishedYear | undefined, language: Language): Promise<string> {
  const { content } = await transparencyDocument(shown && { shown, years: [shown.year] }, language);
  return content;
}

/** What a person reads, without drawings. */
function textOf(html: string): string {
  return html
    .replaceAll(/<svg[\s\S]*?<\/svg>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('\u00AD', '')
    .replaceAll(/&#39;|&quot;/g, "'")
    .replaceAll(/[ \n]+/g, ' ')
    .trim();
}

function sectionOf(html: string, id: string): string {
  const at = html.indexOf(`id="${id}"`);
  assert.ok(at >= 0, id);
  return html.slice(at, html.indexOf('</section>', at));
}

/** The cells of the row that begins with these words. */
function rowOf(html: string, id: string, label: string): readonly string[] {
  const rows = sectionOf(html, id).match(/<tr>[\s\S]*?<\/tr>/g) ?? [];
  const row = rows.find((one) => one.includes('scope="row"') && textOf(one).startsWith(label));
  assert.ok(row, `${id}: ${label}`);
  return [...row.matchAll(/<td[^>]*>([^<]*)</g)].map(([, cell = '']) => cell.trim());
}

const twoYears = yearOf(publish(sampleRows(), 2023));
const [de, en] = await Promise.all(languages.map((language) => drawn(twoYears, language)));
assert.ok(de !== undefined && en !== undefined);

test('the two years of issue 7 are drawn from their records', () => {
  assert.match(textOf(en), /133 requests came from authorities in 2023; in the year before there were 55\./);
  assert.match(
    textOf(en),
    new RegExp(`133 requests 2022: 55 45 rejected \\(33\\.8${NBSP}%\\) 45 of 133 · 2022: 14 of 55`),
  );
  assert.match(
    textOf(de),
    new RegExp(`133 Ersuchen 2022: 55 45 abgelehnt \\(33,8${NBSP}%\\) 45 von 133 · 2022: 14 von 55`),
  );
  assert.match(
    textOf(de),
    /Von 133 Ersuchen kamen 130 aus dem Inland, 2 aus anderen Staaten der Europäischen Union und 1 aus einem anderen Land\./,
  );
  assert.match(textOf(en), /All 133 requests came from public prosecutors\./);
  assert.deepEqual(rowOf(en, 'origin', 'This country'), ['130', `97.7${NBSP}%`, '53', `96.4${NBSP}%`]);
  assert.deepEqual(rowOf(de, 'channel', 'Unverschlüsselte Mail'), ['36', `27,1${NBSP}%`, '23', `41,8${NBSP}%`]);
  assert.deepEqual(rowOf(de, 'channel', 'Fax'), ['8', `6,0${NBSP}%`, '9', `16,4${NBSP}%`]);
  assert.deepEqual(rowOf(en, 'protection', 'Clear text'), ['44', `33.1${NBSP}%`, '32', `58.2${NBSP}%`]);
  assert.match(textOf(de), new RegExp(`44 von 133 \\(33,1${NBSP}%\\) kamen im Klartext`));
  assert.deepEqual(rowOf(en, 'rejected', 'Rejected when first decided'), ['45', `33.8${NBSP}%`, '14', `25.5${NBSP}%`]);
  assert.deepEqual(rowOf(en, 'rejected', 'of these, corrected'), ['27', `60.0${NBSP}%`, '6', `42.9${NBSP}%`]);
  assert.deepEqual(rowOf(en, 'rejected', 'of these, finally'), ['18', `40.0${NBSP}%`, '8', `57.1${NBSP}%`]);
  assert.match(textOf(en), /27 were corrected and filed again; 18 stayed rejected\./);
  assert.match(textOf(de), /Am häufigsten: Unzulässiger Weg, bei 40 von 45\./);
});

test('each bar stands beside its number, as long as its share of the longest', () => {
  const channel = sectionOf(en, 'channel');
  const plain =
    /<svg\s+class="report-bars"(?:(?!<\/svg>)[\s\S])*Unencrypted mail[\s\S]*?<\/svg>/.exec(channel)?.[0] ?? '';
  assert.match(plain, /<desc[^>]*>2023: 36 · 27\.1.%; 2022: 23 · 41\.8.%<\/desc>/);
  assert.deepEqual(
    [...plain.matchAll(/<rect\s+class="report-(now|before)"[^>]*width="([\d.]+)%"/g)].map(([, which, width]) => [
      which,
      width,
    ]),
    [
      ['now', String(Math.round((36 / 55) * 10_000) / 100)],
      ['before', String(Math.round((23 / 55) * 10_000) / 100)],
    ],
  );
  assert.doesNotMatch(en, /seal-mark-wax|wax-fill|#[0-9a-f]{6}\b/, 'nothing is red');
});

test('every page is well-formed, without script, style or a word of the other language', async () => {
  const years: readonly (PublishedYear | undefined)[] = [
    undefined,
    twoYears,
    yearOf(publish([], 2023)),
    yearOf(publish(sampleRows(filingsOf([wish(2023)])), 2023)),
    yearOf(publish(sampleRows(), 2023, { bands: [99] })),
    yearOf(publish(sampleRows(), 2023, { signers: [] })),
  ];
  for (const [nth, year] of years.entries()) {
    for (const language of languages) {
      const html = await drawn(year, language);
      assert.deepEqual(faultsOf(html), [], `${nth} ${language}`);
      assert.doesNotMatch(html, /<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
      assert.doesNotMatch(textOf(html), /undefined|\bnull\b(?! gerundet)|NaN|\[object|\b[A-Z]+_[A-Z]+\b/);
      if (language === 'de') assert.doesNotMatch(wordsIn(html), ENGLISH);
      else assert.doesNotMatch(wordsIn(html), GERMAN);
    }
  }
  const { content } = await errataDocument(twoYears, 'de');
  assert.deepEqual(faultsOf(content), []);
  assert.doesNotMatch(wordsIn(content), ENGLISH);
});

/** Without names and the command, which are the same in every language. */
function wordsIn(html: string): string {
  const names = signers.reduce((text, { name }) => text.replace(name, ''), textOf(html));
  return names.replace('siegel report verify', '');
}

const ENGLISH =
  /\b(the|of|and|which|were|requests?|authorit(y|ies)|rejected|share|number|year|signed|report|table|by|from|not|HOME|CLEAR)\b/i;
const GERMAN = /\b(der|die|das|und|von|ersuchen|behörden?|abgelehnt|anteil|anzahl|jahr|bericht|nicht|keine?)\b|[äöü]/i;

test('twin: a word of the other language, and an element that is not closed, are noticed', () => {
  assert.match(textOf('<p>Im Jahr 2023 were es 3.</p>'), ENGLISH);
  assert.match('None abgelehnt', GERMAN);
  assert.deepEqual(faultsOf('<p><b>x</p></b>').length, 2);
  assert.deepEqual(faultsOf('<div id="a"><p id="a">x</p>'), ['two elements are called a', '<div> is never closed']);
  assert.deepEqual(faultsOf('<p aria-labelledby="b">1 < 2 & 3</p>').length, 3);
});

test('no request at all: one sentence, no bars of nothing, no share of nothing', async () => {
  const none = yearOf(publish([], 2023));
  const [german, english] = await Promise.all(languages.map((language) => drawn(none, language)));
  assert.match(
    textOf(german ?? ''),
    /Im Jahr 2023 ging kein Ersuchen einer Behörde ein\. Für das Jahr davor gibt es keinen Bericht\./,
  );
  assert.match(textOf(german ?? ''), /0 Ersuchen kein Bericht des Jahres davor 0 abgelehnt 0 von 0/);
  assert.match(textOf(german ?? ''), /Weil kein Ersuchen einging, gibt es nichts aufzuteilen\./);
  assert.match(textOf(english ?? ''), /No authority asked in 2023\./);
  assert.doesNotMatch(english ?? '', /id="origin"|id="cross"/);
});

test('no request after some, and some after none, say so', async () => {
  const before = publish(sampleRows(filingsOf([wish(2022)])), 2023);
  assert.match(
    textOf(await drawn(yearOf(before), 'en')),
    /No authority asked in 2023; in the year before there was 1\./,
  );
  assert.match(
    textOf(await drawn(yearOf(before), 'de')),
    /ging kein Ersuchen einer Behörde ein; im Jahr davor war es 1\. /,
  );
});

test('one request is spoken of as one', async () => {
  const one = yearOf(publish(sampleRows(filingsOf([wish(2023, { channel: 'FAX' })])), 2023));
  const german = textOf(await drawn(one, 'de'));
  const english = textOf(await drawn(one, 'en'));
  assert.match(german, /Im Jahr 2023 ging 1 Ersuchen von Behörden ein\./);
  assert.match(german, /Das eine Ersuchen kam von einer Staatsanwaltschaft\./);
  assert.match(german, /In 1 Ersuchen wurde nach 1 Person oder 1 Postfach gefragt\./);
  assert.match(german, /1 von 1 \(100,0.%\) kam im Klartext/);
  assert.match(german, /Keines wurde abgelehnt\./);
  assert.match(english, /1 request came from authorities in 2023\./);
  assert.match(english, /The one request came by fax\./);
  assert.match(english, /1 request no report of the year before 0 rejected \(0\.0.%\) 0 of 1/);
  assert.doesNotMatch(english, /\b1 requests|\b1 were\b/);
});

test('what is not stated is a line, with the reason why', async () => {
  const cross = sectionOf(en, 'cross');
  assert.match(cross, /<td data-label="[^"]*">–<\/td>/);
  assert.match(textOf(cross), /Numbers from 1 to 4 are not stated/);
  assert.doesNotMatch(cross, /<td data-label="[^"]*">[1-4]<\/td>/, 'no small number in any cell');
  const banded = await drawn(yearOf(publish(sampleRows(), 2023, { bands: [99] })), 'de');
  assert.deepEqual(rowOf(banded, 'kind', 'Telekommunikationsüberwachung'), ['0–99', '–', '0–99', '–']);
  assert.match(
    textOf(sectionOf(banded, 'kind')),
    /Gefragt wurde nach: Postfachbeschlagnahme \(14\), [^.]*Bestandsdaten \(–\)[^.]* und Telekommunikationsüberwachung \(0–99\)\./,
  );
  assert.match(textOf(sectionOf(banded, 'kind')), /Überwachungen sind als Bereich genannt/);
  assert.match(textOf(sectionOf(banded, 'kind')), /Ein Strich \(–\) steht, wo eine Zahl nicht genannt ist/);
});

test('an erratum is said on the report, and its page names what changed, before and after', async () => {
  const first = publish(sampleRows().slice(1), 2023);
  const second = publish(sampleRows(), 2023, { corrects: first.text });
  const year = yearOf(first, second);
  assert.match(textOf(await drawn(year, 'de')), /Dieser Bericht wurde einmal berichtigt\./);
  assert.doesNotMatch(textOf(de), /wurde einmal berichtigt/);
  const { content } = await errataDocument(year, 'en');
  assert.deepEqual(faultsOf(content), []);
  assert.match(textOf(content), /2022 · All requests before\.total 54 55 /);
  assert.match(
    textOf(content),
    /2022 · Channel: Unencrypted mail, Share before\.channel\.PLAIN_MAIL\.share 40\.7.% 41\.8.% /,
  );
  const rows = [...content.matchAll(/<td>([^<]*)<\/td>\s*<td>([^<]*)<\/td>/g)];
  assert.ok(rows.length > 10 && rows.every(([, was, is]) => was !== is), 'only what can be seen to have changed');
  assert.match(textOf(content), new RegExp(`Erratum 1 .*${rows.length} figures changed\\.`));
  assert.match(textOf(content), /Erratum 1 .* figures changed\. .*First version/);
  assert.match(textOf((await errataDocument(twoYears, 'de')).content), /Dieser Bericht wurde nicht berichtigt\./);
});

test('a report without the signatures of two people is not shown as signed', async () => {
  const bare = await drawn(yearOf(publish(sampleRows(), 2023, { signers: [] })), 'en');
  assert.match(textOf(bare), /Do not rely on its figures\./);
  assert.doesNotMatch(textOf(bare), /Signed by/);
  assert.match(textOf(en), /Signed by two people/);
});

test('before the first report the page says so, and what the house is called is text', async () => {
  assert.match(textOf(await drawn(undefined, 'en')), /No report has been published yet\./);
  assert.match(textOf(await drawn(undefined, 'de')), /Noch ist kein Bericht veröffentlicht\./);
  const hostile = publish(sampleRows(), 2023, { house: '<img src=x onerror=alert(1)> & "Söhne"' });
  assert.match(await drawn(yearOf(hostile), 'de'), /&lt;img src=x onerror=alert\(1\)&gt; &amp; &quot;Söhne&quot;/);
});
