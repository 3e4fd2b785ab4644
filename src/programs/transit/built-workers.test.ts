// Workers made into few files: the same documents as from the sources, and the sources where they are not of just these.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { programDir } from '#base/config/read.ts';
import { silentLog } from '#base/log/log.ts';
import { startWorker } from '#post/transit/workshop/start-worker.ts';
import { workerReads } from '#post/transit/workshop/worker-program.ts';
import { buildWorkers, findBuiltWorkers } from './built-workers.ts';

const LOCKS = { sandbox: { kind: 'none', why: 'notInstalled' }, hasBounds: true, hasPermissions: true } as const;

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-workers-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

test('made once, found until a source changes, and made anew then', async () => {
  await using place = await makeFolder();
  assert.equal(await findBuiltWorkers(place.folder), undefined);
  await buildWorkers(silentLog, place.folder);
  const first = await findBuiltWorkers(place.folder);
  assert.ok(first);
  const madeMs = (await stat(first)).mtimeMs;
  await buildWorkers(silentLog, place.folder);
  assert.equal((await stat(first)).mtimeMs, madeMs);
  // a source of another size, as the list remembers it
  const list = join(place.folder, 'made-of.json');
  const text = await readFile(list, 'utf8');
  await writeFile(
    list,
    text.replace(/(worker\.ts",)(\d+)/, (_, name: string, size: string) => `${name}${Number(size) + 1}`),
  );
  assert.equal(await findBuiltWorkers(place.folder), undefined);
  await buildWorkers(silentLog, place.folder);
  assert.equal(await findBuiltWorkers(place.folder), first);
});

test('a source that was touched only is another source', async () => {
  await using place = await makeFolder();
  await buildWorkers(silentLog, place.folder);
  const list = join(place.folder, 'made-of.json');
  const text = await readFile(list, 'utf8');
  await writeFile(list, text.replace(/(worker\.ts",\d+,)([\d.]+)/, '$11'));
  assert.equal(await findBuiltWorkers(place.folder), undefined);
});

test('a list that is torn, and files that are gone, count as nothing', async () => {
  await using place = await makeFolder();
  await buildWorkers(silentLog, place.folder);
  const main = await findBuiltWorkers(place.folder);
  assert.ok(main);
  await rm(dirname(main), { recursive: true });
  assert.equal(await findBuiltWorkers(place.folder), undefined);
  await buildWorkers(silentLog, place.folder);
  const list = join(place.folder, 'made-of.json');
  await writeFile(list, (await readFile(list, 'utf8')).slice(0, 100));
  assert.equal(await findBuiltWorkers(place.folder), undefined);
});

test('where nothing can be written nothing is made, and that is no failure', async () => {
  await using place = await makeFolder();
  const file = join(place.folder, 'file');
  await writeFile(file, '');
  await buildWorkers(silentLog, join(file, 'below'));
  assert.equal(await findBuiltWorkers(join(file, 'below')), undefined);
});

test('at most ten are kept, and the room’s own user may read them whatever the mask is', async () => {
  await using place = await makeFolder();
  await chmod(place.folder, 0o700);
  for (let n = 0; n < 14; n++) {
    await writeFile(join(place.folder, `old-${n}`), '');
    await utimes(join(place.folder, `old-${n}`), n, n);
  }
  const mask = process.umask(0o077);
  try {
    await buildWorkers(silentLog, place.folder);
  } finally {
    process.umask(mask);
  }
  const main = await findBuiltWorkers(place.folder);
  assert.ok(main);
  assert.ok((await readdir(place.folder)).length <= 12);
  assert.equal((await stat(main)).mode & 0o777, 0o644);
  assert.equal((await stat(dirname(main))).mode & 0o777, 0o755);
  assert.equal((await stat(place.folder)).mode & 0o777, 0o755);
});

test('a worker in one piece answers as its sources do', async () => {
  await using place = await makeFolder();
  await buildWorkers(silentLog, place.folder);
  const built = await findBuiltWorkers(place.folder);
  assert.ok(built);
  const { reads, runtime } = workerReads();
  const sources = { reads, runtime, file: join(programDir, 'src/programs/transit/worker.ts') };
  const answers: unknown[] = [];
  // from the temporary folder the libraries would not be found: it is looked at where a start leaves it
  await buildWorkers(silentLog);
  const beside = await findBuiltWorkers();
  assert.ok(beside, 'a source is being written right now: run it again');
  for (const program of [sources, { reads: [...reads, dirname(beside)], runtime, file: beside }]) {
    const worker = startWorker(program, 'read', LOCKS);
    const bounds = { entries: 10, bytes: 1_000, depth: 0 };
    const file = { name: 'a.eml', bytes: new TextEncoder().encode('Subject: x\r\n\r\nwords\r\n') };
    answers.push(await worker.ask('extract', { file, foundIn: [], bounds }, 20_000));
    worker.kill();
    await worker.ended;
  }
  assert.deepEqual(answers[1], answers[0]);
  assert.ok(JSON.stringify(answers[0]).includes('"ok":true'));
});
