// The page that says what can be handed over says what the table says: every kind, every field, in both languages, well-formed, without script.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from '#formats/desk/model.ts';
import { faultsOf } from '../../../../test/well-formed.ts';
import { disclosureMatrix, neverHandedOver, type MatrixRow } from '../fulfil/disclosure-matrix.ts';
import { matrixDocument } from './matrix-document.ts';
import { transparencyDocument } from './transparency-document.ts';

for (const language of ['de', 'en'] as const) {
  test(`all of the table, and nothing by hand: ${language}`, async () => {
    const { title, content } = await matrixDocument(language);
    assert.match(title, language === 'de' ? /^Was übergeben werden kann · / : /^What can be handed over · /);
    assert.deepEqual(faultsOf(content), []);
    assert.doesNotMatch(content, /<script|<style|style=|onclick/);
    for (const kind of kinds) {
      const at = content.indexOf(`id="${kind.toLowerCase()}"`);
      const part = content.slice(at, content.indexOf('</section>', at));
      const { exists, most, fields }: MatrixRow = disclosureMatrix[kind];
      for (const says of [exists, most, ...fields.map((one) => one.says)])
        assert.ok(part.includes(says[language]), says.en);
      const named = [...part.matchAll(/scope="row"[^>]*>([^<]+)</g)].map(([, name = '']) => name);
      assert.deepEqual(named, fields.map(({ name }) => name)); // prettier-ignore
    }
    for (const one of neverHandedOver) assert.ok(content.includes(one[language]));
  });

  test(`the report’s page leads there, also when there is no report yet: ${language}`, async () => {
    const { content } = await transparencyDocument(undefined, language);
    assert.ok(content.includes(`href="/transparency/matrix?lang=${language}"`));
  });
}

test('both languages say something everywhere, and not the same', () => {
  for (const kind of kinds) {
    const { exists, most, fields }: MatrixRow = disclosureMatrix[kind];
    for (const { de, en } of [exists, most, ...fields.map(({ says }) => says), ...neverHandedOver]) {
      assert.ok(de.length > 4 && en.length > 4 && de !== en, en);
    }
  }
});
