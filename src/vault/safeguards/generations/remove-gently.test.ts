// Large files go in steps, and only those that are nobody else’s.

import assert from 'node:assert/strict';
import { link, mkdir, mkdtemp, open, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeGently } from './remove-gently.ts';

const MIB = 2 ** 20;

test('a large file is given back step by step, and the folder is gone at the end', async () => {
  await using place = await makePlace();
  const large = join(place.folder, 'cluster', 'large');
  await (await open(large, 'w')).close();
  await using held = await open(large, 'r+');
  await held.truncate(50 * MIB);
  await removeGently(join(place.folder, 'cluster'));
  assert.deepEqual(await readdir(place.folder), ['elsewhere']);
  assert.equal((await held.stat()).size, 2 * MIB, 'what was left when its name went');
});

test('a file that has another name, or is only pointed at, keeps its bytes there', async () => {
  await using place = await makePlace();
  const [kept, shown] = [join(place.folder, 'elsewhere', 'kept'), join(place.folder, 'elsewhere', 'shown')];
  for (const path of [kept, shown]) await writeFile(path, Buffer.alloc(20 * MIB));
  await link(kept, join(place.folder, 'cluster', 'linked'));
  await symlink(shown, join(place.folder, 'cluster', 'pointing'));
  await symlink(join(place.folder, 'elsewhere'), join(place.folder, 'cluster', 'folder'));
  await removeGently(join(place.folder, 'cluster'));
  assert.deepEqual(await readdir(place.folder), ['elsewhere']);
  for (const path of [kept, shown]) assert.equal((await stat(path)).size, 20 * MIB);
});

test('a folder that is not there is no mistake', async () => {
  await using place = await makePlace();
  await removeGently(join(place.folder, 'nothing'));
  assert.deepEqual((await readdir(place.folder)).toSorted(), ['cluster', 'elsewhere']);
});

async function makePlace() {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-remove-'));
  for (const name of ['cluster', 'elsewhere']) await mkdir(join(folder, name));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
