// The architecture as a test: each rule of the house against the tree, and against a planted breach that it must find.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { arrowRules } from './tidy/arrow-rules.ts';
import { blank } from './tidy/blank.ts';
import { placeRules } from './tidy/place-rules.ts';
import { shapeRules } from './tidy/shape-rules.ts';
import { socketRules } from './tidy/socket-rules.ts';
import { readTree, treeOf } from './tidy/source-tree.ts';

const tree = readTree(join(import.meta.dirname, '..'));
const rules = [...arrowRules, ...placeRules, ...socketRules, ...shapeRules];

for (const rule of rules) {
  test(rule.name, () => {
    const found = rule.find(tree).map(({ path, line, what }) => `${path}:${line} ${what}`);
    assert.deepEqual(found, [], `${found.length} places break this rule:\n${found.join('\n')}`);
  });

  test(`${rule.name}: a planted breach is found`, () => {
    for (const texts of rule.planted) {
      assert.ok(rule.find(treeOf(texts)).length > 0, `not found: ${JSON.stringify(texts)}`);
    }
    for (const texts of rule.allowed ?? []) {
      assert.deepEqual(rule.find(treeOf(texts)), [], `wrongly found: ${JSON.stringify(texts)}`);
    }
  });
}

test('the tree that the rules look at is the whole one', () => {
  assert.ok(tree.files.length > 100, `${tree.files.length} files`);
  for (const path of ['src/base/result.ts', 'tools/tidy.test.ts', 'README.md']) {
    assert.ok(
      tree.files.some((file) => file.path === path),
      path,
    );
  }
  const imports = tree.files.flatMap((file) => file.imports);
  assert.ok(imports.length > tree.files.length, `${imports.length} imports`);
});

test('comments, strings, templates and patterns are told from code', () => {
  const { code, bare } = blank(
    "a('// no'); // yes\nb(`x ${c({ d: '}' })} y`); const r = /[/'\"]`/; e / f; /* \n */ g;",
  );
  assert.ok(code.includes("'// no'") && !code.includes('yes'));
  assert.ok(bare.includes('c({ d: ') && !bare.includes(' y`') && bare.includes('e / f') && bare.includes(' g;'));
  assert.equal(bare.split('\n').length, 3);
});
