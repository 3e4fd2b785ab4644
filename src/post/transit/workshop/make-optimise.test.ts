// The whole workshop with stand-ins for documents: what one bad file costs, that jobs never mix, and that nothing is left of any.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '#base/clock.ts';
import type { Optimise, OptimiseOrder, OptimiseResult, Progress, SentFile } from '../contract.ts';
import { makeZip } from '../extract/test-zip.ts';
import { findSandbox, type Sandbox } from './locks.ts';
import { makeOptimise } from './make-optimise.ts';
import { startWorker, type StartWorker } from './start-worker.ts';
import { isAlive, testProgram } from './test-workshop.ts';

const PAGE_WAIT_MS = 6_000;
const IS_LONG = process.argv.includes('--long') || process.env['SIEGEL_LONG'] === '1';
const program = testProgram('test-worker.ts');
let sandbox: Sandbox = { kind: 'none', why: 'notInstalled' };
before(async () => {
  sandbox = await findSandbox(program);
});

interface Opened {
  readonly optimise: Optimise;
  readonly pids: readonly number[];
}

function open(pagesAtOnce = 2, pageWaitMs = PAGE_WAIT_MS): Opened {
  const pids: number[] = [];
  const start: StartWorker = (role) => {
    const worker = startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
    if (worker.pid !== undefined) pids.push(worker.pid);
    return worker;
  };
  const nameFiles = (files: readonly { readonly name: string; readonly isPdf: boolean }[]): readonly string[] =>
    files.map(({ name, isPdf }, index) => `${index + 1}_${name}${isPdf ? '.pdf' : ''}`);
  const options = { clock: systemClock, start, pagesAtOnce, nameFiles, pageWaitMs };
  return { optimise: makeOptimise(options), pids };
}

const PNG = '\x89PNG\r\n\x1a\n';

/** A document as the stand-in workers understand it, long enough that its new form is smaller. */
function paper(name: string, text = ''): SentFile {
  return { name, bytes: Buffer.from(`${PNG}${text} ${'.'.repeat(2_000)}`, 'latin1') };
}

function run(
  optimise: Optimise,
  order: Partial<OptimiseOrder>,
  signal = new AbortController().signal,
): Promise<OptimiseResult> {
  return optimise({ files: [], profile: 'balanced', ...order }, { signal, onProgress: () => undefined });
}

function reasons({ report }: OptimiseResult): readonly unknown[] {
  return report.files.map(({ oldName, kept }) => [oldName, kept]);
}

test('documents come back smaller, in order, with names, hashes and a word for each page done', async () => {
  const { optimise, pids } = open();
  const told: Progress[] = [];
  const order: OptimiseOrder = { files: [paper('a', 'pages=3'), paper('b')], profile: 'balanced' };
  const way = { signal: new AbortController().signal, onProgress: (one: Progress) => void told.push(one) };
  const { files, report } = await optimise(order, way);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['1_a.pdf', '2_b.pdf'],
  );
  assert.ok(report.files.every(({ kept, bytesAfter, bytesBefore }) => kept === undefined && bytesAfter < bytesBefore));
  assert.equal(report.files[0]?.pages.length, 3);
  assert.match(report.files[0]?.digestAfter ?? '', /^[0-9a-f]{64}$/);
  const ofA = told.filter(({ file }) => file === 'a').map(({ step, page, pages }) => `${step} ${page}/${pages}`);
  assert.deepEqual(ofA, [
    'reading 0/0',
    'page 0/3',
    'page 1/3',
    'page 2/3',
    'page 3/3',
    'binding 3/3',
    'checking 3/3',
    'done 3/3',
  ]);
  assert.ok(pids.length >= 4 && pids.every((pid) => !isAlive(pid)), 'no process of the job is left');
});

test('the same letter gives the same bytes, with one worker and with two', async () => {
  const files = [paper('a', 'pages=5'), { name: 'b.zip', bytes: makeZip([paper('c'), paper('d', 'pages=2')]) }];
  const [first, second] = [await run(open(1).optimise, { files }), await run(open(2).optimise, { files })];
  assert.deepEqual(first.files, second.files);
});

test('a file that makes its worker hang, die, throw or eat memory costs itself only, at each step', async () => {
  const { optimise, pids } = open();
  const bad = [
    'at-extract DIE',
    'at-inspect DIE',
    'at-page HANG',
    'at-page DIE',
    'at-inspect THROW',
    'at-inspect NOISE',
  ];
  const result = await run(optimise, {
    files: [paper('first'), ...bad.map((text) => paper(text, text)), paper('last', 'pages=2')],
  });
  assert.deepEqual(reasons(result), [
    ['first', undefined],
    ['at-extract DIE', 'workerFailed'],
    ['at-inspect DIE', 'workerFailed'],
    ['at-page HANG', 'outOfTime'],
    ['at-page DIE', 'workerFailed'],
    ['at-inspect THROW', 'damaged'],
    ['at-inspect NOISE', 'workerFailed'],
    ['last', undefined],
  ]);
  for (const [index, text] of bad.entries())
    assert.deepEqual(Buffer.from(result.files[index + 1]?.bytes ?? []), paper(text, text).bytes, 'byte for byte');
  assert.ok(pids.every((pid) => !isAlive(pid)));
});

test('a page that eats memory costs its file only, however slow the machine fills it', async () => {
  const { optimise, pids } = open(2, 120_000);
  const hungry = paper('hungry', 'at-page BUFFERS');
  const result = await run(optimise, { files: [hungry, paper('last')] });
  assert.deepEqual(reasons(result), [
    ['hungry', 'outOfMemory'],
    ['last', undefined],
  ]);
  assert.deepEqual(Buffer.from(result.files[0]?.bytes ?? []), hungry.bytes, 'byte for byte');
  assert.ok(pids.every((pid) => !isAlive(pid)));
});

test('what does not become smaller, and what the verifier does not agree with, goes back as it came', async () => {
  const small = { name: 'small', bytes: Buffer.from(`${PNG}tiny`, 'latin1') };
  const result = await run(open().optimise, { files: [small, paper('lie'), paper('signed', 'SIGNED')] });
  assert.deepEqual(reasons(result), [
    ['small', 'wouldGrow'],
    ['lie', 'notProved'],
    ['signed', 'signed'],
  ]);
  assert.deepEqual(
    result.report.files[1]?.criteria.map(({ isMet }) => isMet),
    [false, true, true],
  );
  assert.deepEqual(
    result.files.map(({ bytes }) => Buffer.from(bytes)),
    [small, paper('lie'), paper('signed', 'SIGNED')].map(({ bytes }) => bytes),
  );
});

test('a file of several pages is looked at while they are made; what cannot be looked at then is looked at in the end', async () => {
  const { optimise } = open();
  const tiff = (name: string, text: string): SentFile => ({
    name,
    bytes: Buffer.from(`II*\0${text} ${'.'.repeat(4_000)}`, 'latin1'),
  });
  const sent = [
    tiff('three.tif', 'pages=3'),
    tiff('one.tif', 'pages=1'),
    tiff('dies.tif', 'pages=3 at-glance DIE'),
    paper('picture.png', 'pages=3'),
  ];
  const { report } = await run(optimise, { files: sent });
  assert.deepEqual(
    report.files.map(({ kept, criteria }) => kept ?? criteria.find(({ name }) => name === 'pages')?.seen),
    ['beside a glance at 3', 'beside the file', 'beside the file', 'beside nothing'],
  );
});

test('a claim of PDF/A that is not proved is taken out and said so, and so is one that costs more than the file saves', async () => {
  const wishes = ['CLAIM-true', 'CLAIM-false', 'CLAIM-large'];
  const { files, report } = await run(open().optimise, { files: wishes.map((text) => paper(text, text)) });
  const claims = files.map(({ bytes }) => Buffer.from(bytes).toString('latin1').includes('CLAIMED'));
  assert.deepEqual(claims, [true, false, false]);
  assert.deepEqual(
    report.files.map(({ kept, criteria }) => [kept, criteria.find(({ name }) => name === 'version')?.seen]),
    [
      [undefined, 'PDF 1.7'],
      [undefined, 'PDF 1.7; the claim was taken out (claims PDF/A, but 6.9 layers)'],
      [undefined, 'PDF 1.7'],
    ],
  );
});

test('a page that another worker may read in part has all of its words once, from head to foot', async () => {
  const words = async (pagesAtOnce: number, text: string): Promise<readonly (string | undefined)[]> => {
    const { files } = await run(open(pagesAtOnce).optimise, { files: [paper('a', text)] });
    const made = Buffer.from(files[0]?.bytes ?? []).toString('latin1');
    return made.match(/upper|lower/g) ?? [];
  };
  assert.deepEqual(await words(2, 'PARTS'), ['upper', 'lower']);
  assert.deepEqual(await words(2, 'PARTS pages=3'), ['upper', 'lower']);
  assert.deepEqual(await words(1, 'PARTS'), [], 'a single worker reads its page itself');
  const { optimise, pids } = open();
  assert.deepEqual(reasons(await run(optimise, { files: [paper('a', 'PARTS at-read DIE'), paper('b')] })), [
    ['a', 'workerFailed'],
    ['b', undefined],
  ]);
  assert.ok(pids.every((pid) => !isAlive(pid)));
});

test('an archive is taken apart where that helps, and goes back as it was where it does not', async () => {
  const useful = {
    name: 'useful.zip',
    bytes: makeZip([
      { ...paper('a'), method: 0 },
      { name: 'note.txt', bytes: Buffer.from('hi') },
    ]),
  };
  const useless = { name: 'useless.zip', bytes: makeZip([{ name: 'note.txt', bytes: Buffer.from('hi'.repeat(500)) }]) };
  const result = await run(open().optimise, { files: [useful, useless] });
  assert.deepEqual(reasons(result), [
    ['a', undefined],
    ['note.txt', 'unknownKind'],
    ['useless.zip', 'unknownKind'],
  ]);
  assert.deepEqual(result.files[2]?.bytes, useless.bytes);
});

test('with the profile original, what came is given back beside what was made', async () => {
  const result = await run(open().optimise, {
    files: [paper('a'), paper('b', 'SIGNED')],
    profile: 'balanced+original',
  });
  assert.deepEqual(
    result.files.map(({ name, report }) => [name, report]),
    [
      ['1_a.pdf', 0],
      ['2_a', undefined],
      ['3_b', 1],
    ],
  );
});

test('with the profile together, what was made new is one file with a name for each, and the rest stands beside', async () => {
  const archive = {
    name: 'Anlagen.zip',
    bytes: makeZip([
      { ...paper('K1', 'pages=2'), method: 0 },
      { ...paper('K2'), method: 0 },
    ]),
  };
  const files = [paper('Brief.png'), paper('b', 'SIGNED'), archive, { name: 'x.txt', bytes: Buffer.from('text') }];
  const result = await run(open().optimise, { files, profile: 'balanced+together' });
  assert.deepEqual(
    result.files.map(({ name, report }) => [name, report]),
    [
      ['1_Zusammen.pdf', 0],
      ['2_b', 1],
      ['3_x.txt', 4],
    ],
  );
  const [whole] = result.files;
  assert.match(Buffer.from(whole?.bytes ?? []).toString(), /made Brief Anlagen\/K1 Anlagen\/K2$/);
  const made = result.report.files.filter(({ kept }) => kept === undefined);
  assert.deepEqual(
    made.map(({ oldName, newName, pages }) => [oldName, newName, pages.length]),
    [
      ['Brief.png', '1_Zusammen.pdf', 1],
      ['K1', '1_Zusammen.pdf', 2],
      ['K2', '1_Zusammen.pdf', 1],
    ],
  );
  assert.equal(new Set(made.map(({ digestAfter }) => digestAfter)).size, 1);
  assert.equal(
    made.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0),
    whole?.bytes.length,
    'the shares of the documents are the whole',
  );
});

test('together with originals: one file of all, and each original beside it', async () => {
  const files = [paper('a'), paper('b')];
  const result = await run(open().optimise, { files, profile: 'balanced+together+original' });
  assert.deepEqual(
    result.files.map(({ name, report }) => [name, report]),
    [
      ['1_Zusammen.pdf', 0],
      ['2_a', undefined],
      ['3_b', undefined],
    ],
  );
});

test('together, a document from one archive takes its name, and one alone stays what it is', async () => {
  const archive = { name: 'Anlagen.zip', bytes: makeZip([paper('K1'), paper('K2')]) };
  const both = await run(open().optimise, { files: [archive], profile: 'balanced+together' });
  assert.deepEqual(
    both.files.map(({ name }) => name),
    ['1_Anlagen.zip.pdf'],
  );
  const alone = await run(open().optimise, { files: [paper('a')], profile: 'balanced+together' });
  assert.deepEqual(
    alone.files.map(({ name }) => name),
    ['1_a.pdf'],
  );
});

test('together, where the whole is not proved each document comes by itself', async () => {
  const files = [paper('a'), paper('b')];
  const optimise = open().optimise;
  const archive = { name: 'lie.zip', bytes: makeZip(files) };
  const result = await run(optimise, { files: [archive], profile: 'balanced+together' });
  assert.deepEqual(
    result.files.map(({ name }) => name),
    ['1_a.pdf', '2_b.pdf'],
  );
  assert.deepEqual(
    result.report.files.map(({ beside }) => beside),
    ['wholeNotProved', 'wholeNotProved'],
  );
});

test('together, a document that stands beside the whole says why, and one alone has nothing to say', async () => {
  const { optimise } = open();
  const reasonsOf = async (files: readonly SentFile[]): Promise<readonly unknown[]> => {
    const { report } = await run(optimise, { files, profile: 'balanced+together' });
    return report.files.map(({ oldName, newName, beside }) => [oldName, newName, beside]);
  };
  assert.deepEqual(await reasonsOf([paper('a'), paper('b', 'CLAIM-ALONE'), paper('c'), paper('d', 'SIGNED')]), [
    ['a', '1_Zusammen.pdf', undefined],
    ['b', '2_b.pdf', 'apart'],
    ['c', '1_Zusammen.pdf', undefined],
    ['d', '3_d', undefined],
  ]);
  assert.deepEqual(await reasonsOf([paper('a'), paper('b', 'CLAIM-ALONE')]), [
    ['a', '1_a.pdf', 'apart'],
    ['b', '2_b.pdf', 'apart'],
  ]);
  assert.deepEqual(await reasonsOf([paper('a'), paper('d', 'SIGNED')]), [
    ['a', '1_a.pdf', undefined],
    ['d', '2_d', undefined],
  ]);
});

test('an aborted job rejects at once, and its processes are gone', { timeout: 60_000 }, async () => {
  // a worker that hangs would be waited for ten minutes
  const { optimise, pids } = open(2, 600_000);
  const stopping = new AbortController();
  const running = run(optimise, { files: [paper('a', 'at-page HANG'), paper('b', 'at-page HANG')] }, stopping.signal);
  for (let looks = 0; looks < 2_500 && pids.length < 3; looks++) await new Promise((next) => setTimeout(next, 20));
  assert.ok(pids.length >= 3 && isAlive(pids.at(-1)), 'workers are at work');
  stopping.abort(new Error('the sender is gone'));
  await assert.rejects(running, /the sender is gone/);
  assert.ok(pids.every((pid) => !isAlive(pid)));
});

test('a page worker of two jobs would show it: no marker comes out of another job', async () => {
  const shared = startWorker(program, 'page', { sandbox, hasBounds: true, hasPermissions: true });
  const page = async (marker: string): Promise<string> => {
    const done = await shared.ask(
      'page',
      { kind: 'png', bytes: paper('x', marker).bytes, index: 0, dpi: undefined, mayPart: false },
      PAGE_WAIT_MS,
    );
    return JSON.stringify(done);
  };
  await page('marker-one');
  assert.match(await page('marker-two'), /marker-one/, 'the control: one process for both mixes them');
  shared.kill();
  await shared.ended;

  const { optimise } = open();
  const jobs = ['anna', 'bert', 'carl'].map(async (name) => {
    const files = [
      paper('a', `marker-${name} pages=4`),
      paper('b', `marker-${name} pages=2`),
      paper('c', `at-page DIE marker-${name}`),
    ];
    const result = await run(optimise, { files });
    const text =
      JSON.stringify(result.report) + result.files.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
    return [...new Set(text.match(/marker-\w+/g))];
  });
  assert.deepEqual(await Promise.all(jobs), [['marker-anna'], ['marker-bert'], ['marker-carl']]);
});

test('memory does not grow with the jobs that were done', async () => {
  const { optimise } = open();
  // few and large: what a job leaves of its document weighs the same after a third of them
  const [warm, all, sizeBytes] = IS_LONG ? [20, 200, 2_000_000] : [5, 15, 6_000_000];
  // the room's process collects when its work is over (idle-wipe.ts); when the collector would come of itself is chance
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = (): number => {
    collect();
    return process.memoryUsage().rss;
  };
  let early = 0;
  for (let job = 1; job <= all; job++) {
    await run(optimise, { files: [{ name: 'a', bytes: Buffer.alloc(sizeBytes, paper('a').bytes) }] });
    if (job === warm) early = used();
  }
  const late = used();
  assert.ok(late <= 1.1 * early + 16_000_000, `${early} after ${warm} jobs, ${late} after ${all}`);
});
