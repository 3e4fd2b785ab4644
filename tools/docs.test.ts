// The generated pages say what the code says.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFolder, generatedPages } from './docs.ts';

test('docs/generated is up to date (if not: node tools/docs.ts)', () => {
  for (const [name, text] of Object.entries(generatedPages())) {
    assert.equal(readFileSync(join(generatedFolder, name), 'utf8'), text, name);
  }
});

test('links in the documentation lead somewhere', () => {
  const root = join(import.meta.dirname, '..');
  const names = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const missing: string[] = [];
  for (const page of [...top, ...names].filter((name) => name.endsWith('.md'))) {
    for (const [, target = ''] of readFileSync(join(root, page), 'utf8').matchAll(
      /\]\((?!https?:|#|mailto:)([^)#\s]+)/g,
    )) {
      const path = join(root, page, '..', target);
      if (!existsSync(path)) missing.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(missing, []);
});
