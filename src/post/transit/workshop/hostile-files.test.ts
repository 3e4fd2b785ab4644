// Mutated archives, letters, pictures and PDFs through the reading role in its locks: always an answer, never a hang, and the next file is read.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { limits } from '#base/limits.ts';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { sampleHeic } from '../../../../test/papers/sample-heic.ts';
import { dice, mutate } from '../../../../test/transit/mutations.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import { makeMsg } from '../extract/test-msg.ts';
import { makeZip } from '../extract/test-zip.ts';
import { findSandbox, type Locks } from './locks.ts';
import { workedKind } from './make-file.ts';
import { startWorker, type Worker, type WorkRefusal } from './start-worker.ts';
import { programOfWorkers } from './test-workshop.ts';

/** Whole letters of them: transit-fuzz. */
const MUTATIONS = process.env['SIEGEL_LONG'] === '1' ? 5_000 : 1_000;
const WAIT_MS = 10_000;
const BOUNDS = { entries: limits.transit.entriesMax, bytes: limits.transit.expandedBytes, depth: 0 };
const program = programOfWorkers();
let locks: Locks;
let seeds: readonly Uint8Array[] = [];
const started = { count: 0 };

before(async () => {
  locks = { sandbox: await findSandbox(program), hasBounds: true, hasPermissions: true };
  seeds = await makeSeeds();
});

/** One worker for many files, replaced when it is lost: what a refusal leaves behind is met by the next file. */
interface Reading {
  readonly ask: Worker['ask'];
  readonly close: () => Promise<void>;
}

function readingStation(): Reading {
  const begin = (): Worker => {
    started.count += 1;
    return startWorker(program, 'read', locks);
  };
  let worker = begin();
  return {
    ask: (question, order, waitMs) => {
      if (worker.isGone) worker = begin();
      return worker.ask(question, order, waitMs);
    },
    close: async () => {
      worker.kill();
      await worker.ended;
    },
  };
}

async function makeSeeds(): Promise<readonly Uint8Array[]> {
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#fed' } });
  const [png, jpeg, tiff] = await Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().jpeg().toBuffer(),
    picture.clone().tiff().toBuffer(),
  ]);
  const page = {
    widthPt: 595,
    heightPt: 842,
    dpi: 72,
    mask: { width: 595, height: 842, bytes: new Uint8Array(75 * 842).fill(15, 5_000, 6_000) },
    inks: [],
    grounds: [],
    text: { lines: [], confidence: 100 },
  };
  const pdf = writePdf([page, page], { coding: 'g4' });
  const zip = makeZip([
    { name: 'a.png', bytes: png },
    { name: 'b.pdf', bytes: pdf, hasDescriptor: true },
  ]);
  const letter = Buffer.from(
    `From: a@b.example\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: image/jpeg; name="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${jpeg.toString('base64')}\r\n--b\r\nContent-Disposition: attachment; filename*=utf-8''x%20y.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(zip).toString('base64')}\r\n--b--\r\n`,
  );
  const outlook = makeMsg({
    parts: [{ name: 'a.png', bytes: png }, { letter: { parts: [{ name: 'b.zip', bytes: zip }] } }],
  });
  const webp = await picture.clone().webp().toBuffer();
  return [png, jpeg, tiff, webp, sampleHeic('two'), pdf, zip, letter, outlook];
}

/** Reasons of all that was found; a file whose worker was lost gives that reason. */
async function read(station: Reading, name: string, bytes: Uint8Array): Promise<readonly string[]> {
  const found = await station.ask('extract', { file: { name, bytes }, foundIn: [], bounds: BOUNDS }, WAIT_MS);
  if (!found.ok) return [found.error.kind];
  const said: string[] = [];
  for (const file of found.value) said.push(await inspect(station, file));
  return said;
}

async function inspect(station: Reading, file: FoundFile): Promise<string> {
  const kind = workedKind(file);
  if (kind === undefined) return file.kept ?? 'opened';
  if (kind === 'office') {
    const prepared = await station.ask('office', { bytes: file.bytes, bounds: BOUNDS }, WAIT_MS);
    return prepared.ok ? 'read' : prepared.error.kind;
  }
  const done = await station.ask('inspect', { kind, bytes: file.bytes }, WAIT_MS);
  return done.ok ? 'read' : (done.error satisfies WorkRefusal).kind;
}

test(`${MUTATIONS} mutated files: each gets its answer, and whole files are read in between`, async (t) => {
  const stations = [readingStation(), readingStation()];
  const tally = new Map<string, number>();
  const share = Math.ceil(MUTATIONS / stations.length);
  await Promise.all(
    stations.map(async (station, half) => {
      const roll = dice(half + 1);
      for (let n = 0; n < share; n++) {
        const seed = seeds[n % seeds.length] ?? new Uint8Array();
        for (const said of await read(station, `${n}`, mutate(seed, roll))) tally.set(said, (tally.get(said) ?? 0) + 1);
        if (n % 200 === 0)
          for (const whole of seeds) assert.ok(!(await read(station, 'whole', whole)).includes('damaged'));
      }
    }),
  );
  await Promise.all(stations.map((station) => station.close()));
  t.diagnostic(JSON.stringify([...tally, ['workers', started.count]]));
  assert.equal(tally.get('outOfTime'), undefined, 'nothing hangs');
  assert.ok((tally.get('damaged') ?? 0) > 100 && (tally.get('read') ?? 0) > 100, 'mutations reach the parsers');
});

test('a picture that claims more pixels than a page has is refused before it is unpacked', async () => {
  const station = readingStation();
  const bomb = await sharp({ create: { width: 9_000, height: 8_000, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  assert.deepEqual(await read(station, 'bomb.png', bomb), ['pictureTooLarge']);
  const fine = await sharp({ create: { width: 900, height: 800, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  assert.deepEqual(await read(station, 'fine.png', fine), ['read']);
  await station.close();
});

test('a PDF whose pages or streams lead back to themselves is answered', async () => {
  const station = readingStation();
  const loop = Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n9\n%%EOF',
  );
  assert.deepEqual(await read(station, 'loop.pdf', loop), ['damaged']);
  let bomb = deflateSync(Buffer.alloc(50_000_000));
  bomb = deflateSync(bomb);
  const stream = Buffer.concat([
    Buffer.from(
      `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length ${bomb.length}/Filter[/FlateDecode/FlateDecode]>>stream\n`,
    ),
    bomb,
    Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF'),
  ]);
  const [said] = await read(station, 'bomb.pdf', stream);
  assert.ok(said !== 'outOfTime', said);
  await station.close();
});
