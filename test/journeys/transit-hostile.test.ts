// Each kind of hostile file through the whole chain: its typed reason in the report, the rest of the letter served; and with the lock that holds it off taken out, the same look finds the difference.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import sharp from 'sharp';
import type { KeepReason, OptimiseResult, SentFile } from '#post/transit/contract.ts';
import { makeZip } from '#post/transit/extract/test-zip.ts';
import { isAlive } from '#post/transit/workshop/test-workshop.ts';
import { pdfByHand } from '../papers/sample-pdfs.ts';
import { assertSound, openChain, type Chain } from '../transit/chain.ts';
import { manyEntries, NAMES, nestedZip, pixelBomb, thickZip, witness } from '../transit/hostile-papers.ts';
import type { TakenOut } from '../transit/unlocked-worker.ts';

/** A worker that goes round for ever is given up after that. */
const WAIT_MS = 20_000;
/** Of what goes round for ever without its lock. */
const TWIN_WAIT_MS = 6_000;

interface Hostile {
  readonly what: string;
  readonly file: SentFile;
  readonly reason: KeepReason | 'served';
  readonly takenOut: readonly TakenOut[];
  /** What becomes of it then; undefined: anything else than that reason. */
  readonly without?: KeepReason;
}

const EXTRACT = 'extract/extract-files.ts';
const ENTRIES = 'extract/zip-entries.ts';
const FACTS = 'page/read-facts.ts';
const pixels = [
  {
    file: FACTS,
    lock: "return facts.width * facts.height > PIXELS_MAX ? err({ kind: 'pictureTooLarge' }) : ok(facts);",
    instead: 'return ok(facts);',
  },
];
/** What the decoder says of a picture is caught twice: where it is asked, and where the worker answers. */
const caught = [
  { file: FACTS, lock: '.catch(() => undefined)', instead: '' },
  { file: 'workshop/serve-work.ts', lock: '} catch (error) {', instead: '} catch (error) { process.exit(1);' },
];

let hostile: readonly Hostile[] = [];
let good: SentFile;
let chain: Chain;

before(async () => {
  [chain, good, hostile] = await Promise.all([openChain({ pageWaitMs: WAIT_MS }), witness(), allHostile()]);
});

async function allHostile(): Promise<readonly Hostile[]> {
  const [png, jpeg, tiff] = await Promise.all((['png', 'jpeg', 'tiff'] as const).map(pixelBomb));
  const whole = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#fed' } })
    .png()
    .toBuffer();
  const file = (name: string, bytes: Uint8Array | undefined): SentFile => ({ name, bytes: bytes ?? new Uint8Array() });
  return [
    {
      what: 'a zip bomb in a zip',
      file: file('dick.zip', thickZip()),
      reason: 'expandsTooFar',
      takenOut: [{ file: 'extract/open-zip.ts', lock: "if (expands) return 'expandsTooFar';", instead: '' }],
    },
    {
      what: 'a zip whose entries lie over one another',
      file: file('ueber.zip', sameBytesZip(100)),
      reason: 'damaged',
      takenOut: [{ file: ENTRIES, lock: 'isApart(found, directory.offset) &&', instead: '' }],
    },
    {
      what: 'zips seven deep',
      file: file('tief.zip', await nestedZip(7)),
      reason: 'tooDeep',
      takenOut: [{ file: EXTRACT, lock: 'if (place.depth >= limits.transit.depthMax)', instead: 'if (false)' }],
    },
    {
      what: 'a zip of more entries than a letter may have',
      file: file('viele.zip', manyEntries(2_001)),
      reason: 'tooManyEntries',
      takenOut: [
        { file: ENTRIES, lock: 'if (directory.entries > entriesMax)', instead: 'if (false)' },
        { file: 'extract/budget.ts', lock: 'if (entries > this.#entries)', instead: 'if (false)' },
      ],
    },
    { what: 'a pixel bomb as PNG', file: file('bombe.png', png), reason: 'pictureTooLarge', takenOut: pixels },
    { what: 'a pixel bomb as JPEG', file: file('bombe.jpg', jpeg), reason: 'pictureTooLarge', takenOut: pixels },
    { what: 'a pixel bomb as TIFF', file: file('bombe.tif', tiff), reason: 'pictureTooLarge', takenOut: pixels },
    {
      what: 'a PDF whose table of objects leads back to itself',
      file: file('kreis.pdf', circlePdf()),
      reason: 'damaged',
      takenOut: [
        { file: 'pdf-read/cross-reference.ts', lock: 'seen.has(offset) || seen.size > SECTIONS_MAX', instead: 'false' },
      ],
      without: 'outOfTime',
    },
    {
      what: 'half a header of a picture',
      file: file('kopf.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])),
      reason: 'damaged',
      takenOut: caught,
      without: 'workerFailed',
    },
    {
      what: 'a TIFF whose directory leads nowhere',
      file: file('nirgends.tif', Buffer.from('II*\0\xff\xff\xff\0', 'latin1')),
      reason: 'damaged',
      takenOut: caught,
      without: 'workerFailed',
    },
    {
      what: 'a picture of no size',
      file: file('keine.png', Buffer.from(whole).fill(0, 16, 24)),
      reason: 'damaged',
      takenOut: caught,
      without: 'workerFailed',
    },
  ];
}

/** All entries under one name, at one place: headers that agree, and the same bytes unpacked again and again. */
function sameBytesZip(copies: number): Uint8Array {
  const bytes = Buffer.concat([randomBytes(20_000), Buffer.alloc(900_000)]);
  return makeZip(
    Array.from({ length: copies }, (_, at) => ({ name: 'x.bin', bytes, ...(at > 0 ? { sharesWith: 0 } : {}) })),
  );
}

function circlePdf(): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>',
    '<< /Length 3 >>\nstream\nq Q\nendstream',
  ];
  const table = Buffer.from(pdfByHand(objects)).indexOf('xref\n');
  return pdfByHand(objects, `/Root 1 0 R /Prev ${table}`);
}

function reasonsOf({ report }: OptimiseResult): readonly (readonly [string, KeepReason | 'served'])[] {
  return report.files.map(({ oldName, kept }) => [oldName, kept ?? 'served']);
}

function bytesOf(files: readonly SentFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

test('all of them in one letter: each goes back with its reason, and the page beside them is served', async () => {
  const files = [...hostile.map(({ file }) => file), good];
  const result = await chain.optimise({ files }, AbortSignal.timeout(5 * WAIT_MS));
  assertSound(result, bytesOf(files));
  assert.deepEqual(reasonsOf(result), [
    ...hostile.map(({ file, reason }) => [file.name, reason]),
    [good.name, 'served'],
  ]);
  assert.ok(chain.pids.length > 0 && chain.pids.every((pid) => !isAlive(pid)), 'no worker is left');
});

test('with the lock taken out, each of them is found to be something else', async (t) => {
  for (const { what, file, reason, takenOut, without } of hostile)
    await t.test(what, async () => {
      const pageWaitMs = without === 'outOfTime' ? TWIN_WAIT_MS : WAIT_MS;
      const open = await openChain({ takenOut, pageWaitMs, pagesAtOnce: 1 });
      // a file that nothing is done with shows that these workers work
      const beside = { name: 'beside.txt', bytes: Buffer.from('nichts') };
      const result = await open.optimise({ files: [beside, file] }, AbortSignal.timeout(60_000));
      const [first, ...said] = reasonsOf(result);
      assert.deepEqual(first, ['beside.txt', 'unknownKind']);
      const [of] = said.map(([, why]) => why);
      assert.notEqual(of, reason);
      if (without === undefined) assert.notEqual(of, 'workerFailed');
      else assert.equal(of, without);
    });
});

test('names with paths, NUL, marks that turn the direction come back plain; without either of two locks the same look finds them', async () => {
  const files = NAMES.map((name) => ({ name, bytes: Buffer.from('nichts') }));
  const look = async (through: Chain): Promise<void> => {
    const result = await through.optimise({ files });
    assertSound(result, bytesOf(files));
    assert.equal(new Set(result.files.map(({ name }) => name)).size, NAMES.length, 'each its own');
  };
  await look(chain);
  const told = { file: EXTRACT, lock: "safeFileName(name.replaceAll('\\0', ''))", instead: 'name' };
  await assert.rejects(look(await openChain({ takenOut: [told], pagesAtOnce: 1 })), assert.AssertionError);
  await assert.rejects(
    look(await openChain({ nameFiles: (named) => named.map(({ name }) => name), pagesAtOnce: 1 })),
    assert.AssertionError,
  );
});
