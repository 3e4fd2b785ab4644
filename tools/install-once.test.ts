// Installing once: only when the lockfile changed, never with install scripts, and a clear sentence where it cannot work.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = mkdtempSync(join(tmpdir(), 'siegel-install-'));
after(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'tools'));
cpSync(join(import.meta.dirname, 'install-once.mjs'), join(root, 'tools', 'install-once.mjs'));

/** Stands in for npm: notes its words, and makes or does not make the folder. */
const npm = join(root, 'npm.cjs');
writeFileSync(
  npm,
  `const fs = require('node:fs');
  fs.appendFileSync(__dirname + '/said', process.argv.slice(2).join(' ') + '\\n');
  if (fs.existsSync(__dirname + '/broken')) process.exit(1);
  fs.mkdirSync(__dirname + '/node_modules', { recursive: true });`,
);

function install(flags: readonly string[] = []): { status: number | null; stderr: string; calls: number } {
  const env = { PATH: process.env['PATH'], npm_execpath: npm };
  const ran = spawnSync(process.execPath, [...flags, join(root, 'tools', 'install-once.mjs')], {
    encoding: 'utf8',
    env,
  });
  const calls = existsSync(join(root, 'said')) ? readFileSync(join(root, 'said'), 'utf8').trim().split('\n').length : 0;
  return { status: ran.status, stderr: ran.stderr, calls };
}

test('packages are installed once for each lockfile, without install scripts, and then in silence', () => {
  writeFileSync(join(root, 'package-lock.json'), '{"one":1}');
  const first = install();
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /installing/);
  assert.match(readFileSync(join(root, 'said'), 'utf8'), /^ci --ignore-scripts /);
  assert.deepEqual(install(), { status: 0, stderr: '', calls: 1 });
  writeFileSync(join(root, 'package-lock.json'), '{"two":2}');
  assert.equal(install().calls, 2);
  assert.equal(install().calls, 2);
});

test('an installation that did not succeed is tried again the next time', () => {
  writeFileSync(join(root, 'package-lock.json'), '{"three":3}');
  writeFileSync(join(root, 'broken'), '');
  const broken = install();
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /npm ci did not succeed/);
  rmSync(join(root, 'broken'));
  assert.equal(install().calls, broken.calls + 1);
});

test('a runtime that is too old is told so in one sentence', () => {
  const pretend = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.0' })";
  const told = install(['--import', pretend]);
  assert.equal(told.status, 1);
  assert.match(told.stderr, /needs Node 20\.19 or newer.*here is Node 18\.20\.0/);
});
