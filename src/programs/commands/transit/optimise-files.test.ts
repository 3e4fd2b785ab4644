// `siegel transit optimise` on real files: what it writes, what it never overwrites, what it refuses; the workshop itself is a small one.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfig } from '#base/config/read.ts';
import type { FileReport, KeepReason, Optimise } from '#post/transit/contract.ts';
import type { Call, Outcome } from '../../command.ts';
import { optimiseFiles } from './optimise-files.ts';

let folder: string;
let scan: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siegel-optimise-'));
  scan = join(folder, 'Scan_0312.pdf');
  await writeFile(scan, Buffer.alloc(9_700_000, 'scan'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Halves each document; `kept` comes back as it came. */
function halving(kept?: KeepReason): Optimise {
  return async ({ files, profile }, { onProgress }) => {
    const reports = files.map(({ name, bytes }, at): FileReport => {
      for (const page of [0, 1, 2, 3]) onProgress({ file: name, step: 'page', page, pages: 3 });
      onProgress({ file: name, step: 'done', page: 3, pages: 3 });
      return {
        oldName: name,
        newName: `0${at + 1}_${name}`,
        kind: 'pdf',
        foundIn: [],
        bytesBefore: bytes.length,
        bytesAfter: kept ? bytes.length : bytes.length / 2,
        pages: [96, 97, 61].map((confidence) => ({ steps: undefined, confidence, tookMs: 5 })),
        kept,
        criteria: [],
        digestBefore: '',
        digestAfter: '',
      };
    });
    return {
      report: { files: reports, profile, tookMs: 15 },
      files: reports.map(({ newName, bytesAfter }, report) => ({
        name: newName,
        bytes: (files[report]?.bytes ?? new Uint8Array()).slice(0, bytesAfter),
        report,
      })),
    };
  };
}

interface Ran {
  readonly outcome: Outcome;
  readonly notes: readonly string[];
}

async function optimise(
  files: readonly string[],
  {
    out,
    optimise: work = halving(),
    signal = new AbortController().signal,
    ...more
  }: {
    readonly out: string;
    readonly optimise?: Optimise;
    readonly signal?: AbortSignal;
    readonly profile?: string;
    readonly json?: boolean;
  },
): Promise<Ran> {
  const config = readConfig({ flags: {}, file: undefined });
  assert.ok(config.ok);
  const notes: string[] = [];
  const call: Call = {
    config: config.value,
    configFile: '',
    operands: files,
    options: { out, ...(more.profile === undefined ? {} : { profile: more.profile }) },
    switches: new Set(),
    json: more.json === true,
    terminal: {
      print: () => undefined,
      note: (line) => notes.push(line),
      readInput: () => Promise.resolve(''),
      isTty: false,
    },
  };
  return { outcome: await optimiseFiles(call, work, signal), notes };
}

function textOf({ outcome }: Ran): string {
  return outcome.ok ? outcome.value.text : outcome.error.sentence;
}

test('a scan comes back smaller, page by page told, with a table and what to check', async () => {
  const out = join(folder, 'back');
  const ran = await optimise([scan], { out });
  assert.ok(ran.outcome.ok, textOf(ran));
  assert.deepEqual(ran.notes.slice(0, 2), [
    'Scan_0312.pdf  page 1 of 3 · cleaning and reading',
    'Scan_0312.pdf  page 2 of 3 · cleaning and reading',
  ]);
  assert.match(textOf(ran), /01_Scan_0312\.pdf\s+3\s+9\.7 MB\s+→\s+4\.9 MB\s+61 %/);
  assert.match(textOf(ran), /page 3: 61 %, please check/);
  assert.deepEqual(await readdir(out), ['01_Scan_0312.pdf'], 'nothing half is left beside');
  assert.equal((await readFile(join(out, '01_Scan_0312.pdf'))).length, 4_850_000);
});

test('with --json nothing is told on the way, and the report is the answer', async () => {
  const ran = await optimise([scan], { out: join(folder, 'json'), json: true });
  assert.deepEqual(ran.notes, []);
  assert.ok(ran.outcome.ok);
  const { written, files } = ran.outcome.value.json as { written: string[]; files: { bytesAfter: number }[] };
  assert.deepEqual([written, files[0]?.bytesAfter], [['01_Scan_0312.pdf'], 4_850_000]);
});

test('a file that is there is never overwritten, and then nothing at all is written', async () => {
  const out = join(folder, 'taken');
  const other = join(folder, 'other.pdf');
  await mkdir(out);
  await writeFile(other, 'other');
  await writeFile(join(out, '02_other.pdf'), 'mine');
  const ran = await optimise([scan, other], { out });
  assert.equal(ran.outcome.ok, false);
  assert.match(textOf(ran), /02_other\.pdf is there already\. Nothing was written/);
  assert.deepEqual(await readdir(out), ['02_other.pdf']);
  assert.equal(await readFile(join(out, '02_other.pdf'), 'utf8'), 'mine');
});

test('what goes back as it came says why; what failed by our fault ends with 1, what is signed does not', async () => {
  const signed = await optimise([scan], { out: join(folder, 'signed'), optimise: halving('signed') });
  assert.match(textOf(signed), /kept as it is: it is signed/);
  assert.ok(signed.outcome.ok && signed.outcome.value.isBad !== true);
  const late = await optimise([scan], { out: join(folder, 'late'), optimise: halving('outOfTime') });
  assert.ok(late.outcome.ok && late.outcome.value.isBad === true);
});

test('what is no file, no folder or no profile is refused before any work', async () => {
  const never: Optimise = () => assert.fail('worked');
  const refused = async (files: readonly string[], out: string, profile?: string): Promise<string> =>
    textOf(await optimise(files, { out, optimise: never, ...(profile === undefined ? {} : { profile }) }));
  assert.match(await refused([join(folder, 'gone.pdf')], join(folder, 'a')), /gone\.pdf cannot be read \(ENOENT\)/);
  assert.match(await refused([folder], join(folder, 'a')), /is not a file/);
  assert.match(await refused([scan], scan), /nothing can be written into/);
  assert.match(
    await refused([scan], join(folder, 'a'), 'tiny'),
    /--profile takes balanced, g4, treu, zusammen, original/,
  );
});

test('who stops it finds nothing written', async () => {
  const stopping = new AbortController();
  const out = join(folder, 'stopped');
  const stopped: Optimise = async (order, way) => {
    stopping.abort();
    way.signal.throwIfAborted();
    return halving()(order, way);
  };
  const ran = await optimise([scan], { out, optimise: stopped, signal: stopping.signal });
  assert.match(textOf(ran), /stopped\. Nothing was written/);
  assert.deepEqual(await readdir(out), []);
});

test('names that could steer a terminal are told without that', async () => {
  const hostile = join(folder, 'a\u001b[2Jb\u202efdp.pdf');
  await writeFile(hostile, 'x'.repeat(10));
  const ran = await optimise([hostile], { out: join(folder, 'hostile') });
  for (const text of [...ran.notes, textOf(ran)]) assert.ok(!text.includes('\u001b') && !text.includes('\u202e'), text);
});
