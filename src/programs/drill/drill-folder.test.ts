// A drill empties its folder: it must never take that of a house for its own.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newId, type InstanceId } from '#base/ids.ts';
import { openDirectory } from '#vault/directory/open-directory.ts';
import { openDrillFolder, type DrillFolderOptions } from './drill-folder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'siegel-drill-folder-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function place(name: string, ...files: readonly string[]): string {
  const path = join(scratch, name);
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), 'something');
  return path;
}

async function kind(path: string, options: DrillFolderOptions = {}): Promise<string> {
  const opened = await openDrillFolder(path, options);
  return opened.ok ? 'opened' : opened.error.kind;
}

test('a folder that is not there, an empty one and one of an earlier drill are taken, and emptied', async () => {
  const path = join(scratch, 'own');
  assert.equal(await kind(path), 'opened');
  writeFileSync(join(path, 'left-over'), '');
  assert.equal(await kind(path), 'opened');
  assert.deepEqual(readdirSync(path), ['.siegel-drill']);
  assert.equal(await kind(place('empty')), 'opened');
});

test('a folder with anything in it that no drill made is refused and stays as it is', async () => {
  const path = place('photos', 'one.jpg');
  assert.equal(await kind(path), 'not-a-drill');
  assert.deepEqual(readdirSync(path), ['one.jpg']);
  assert.equal(await kind(path, { looksAway: true }), 'opened');
  assert.deepEqual(readdirSync(path), ['.siegel-drill'], 'the twin: without looking it is gone');
});

test('the folder of a house is refused by its mark, by its kit, by its lock, and around it, even with the mark of a drill', async () => {
  assert.equal(await kind(place('marked', '.siegel', '.siegel-drill')), 'is-house');
  assert.equal(await kind(place('kit', 'key-kit.json')), 'is-house');
  const running = place('running');
  const directory = await openDirectory(join(running, 'directory.sqlite'), newId<InstanceId>());
  assert.ok(directory.ok);
  assert.equal(await kind(running), 'house-runs');
  directory.value.close();
  assert.equal(await kind(scratch, { houses: [running] }), 'around-house');
});
