// `npm run bench -- transit`: papers made searchable and small, against OCRmyPDF: time, size, letters read wrongly, files that grew.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '../test/journeys/chromium.ts';
import { round } from './figures.ts';
import { makeAssorted } from './transit/assorted.ts';
import { makePapers, type Paper } from './transit/corpus.ts';
import { runOurs } from './transit/ours.ts';
import { runPeer, textOfPdf, versionOf } from './transit/peer.ts';
import { readingError } from './transit/reading-error.ts';

interface Side {
  readonly seconds: number;
  readonly bytes: number;
  readonly error: number;
}

interface Measured {
  readonly paper: Paper;
  readonly ours: Side;
  readonly peer: Side | undefined;
}

const ONE = [0];
const TWO = [0, 1];
/** In one call of our command: what one letter may hold is bounded. */
const TOGETHER = 20;

const note = (text: string): void => console.error(text);

/** `--quick`: one scan and one photo, no assorted files, one core; `--only=grew`: the assorted files alone; `--only=scan.pdf`: that paper alone. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const isQuick = flags.includes('--quick');
  const browser = await openChromium();
  if (!browser) throw new Error('bench: no browser to set the papers with');
  const folder = await mkdtemp(join(tmpdir(), 'siegel-transit-'));
  try {
    if (flags.includes('--only=grew')) return { grew: await countGrown(folder, await makeAssorted(browser)) };
    const only = flags.find((flag) => flag.startsWith('--only='))?.slice('--only='.length);
    const papers = (await makePapers(browser, isQuick)).filter(({ name }) => only === undefined || name === only);
    note(`${papers.length} papers: ${papers.map(({ name, bytes }) => `${name} ${bytes.length}`).join(', ')}`);
    const isWhole = !isQuick && only === undefined;
    const assorted = !isWhole ? [] : await makeAssorted(browser);
    const peers = {
      ocrmypdf: await versionOf('ocrmypdf'),
      tesseract: await versionOf('tesseract'),
      pdftotext: await versionOf('pdftotext', '-v'),
    };
    const hasPeer = peers.ocrmypdf !== undefined;
    const one = await measure(join(folder, 'one'), papers, { cores: ONE, hasPeer });
    const two = isQuick ? [] : await measure(join(folder, 'two'), papers, { cores: TWO, hasPeer });
    const g4 = isQuick || only !== undefined ? undefined : await sizeAsG4(join(folder, 'g4'), one);
    return {
      ...figuresOf(one, two),
      sizeRatioG4: g4,
      grew: !isWhole ? undefined : await countGrown(folder, assorted),
      papers: one.map(shown),
      peers,
      cores: cpus().length,
      load: round(loadavg()[0] ?? 0),
    };
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each paper by both sides in turn, so that what disturbs a minute disturbs both. */
async function measure(
  folder: string,
  papers: readonly Paper[],
  way: { readonly cores: readonly number[]; readonly hasPeer: boolean },
): Promise<readonly Measured[]> {
  await mkdir(folder, { recursive: true });
  const measured: Measured[] = [];
  for (const paper of papers) {
    const input = join(folder, paper.name);
    await writeFile(input, paper.bytes);
    const ours = await ourSide(paper, input, way.cores);
    const peer = way.hasPeer ? await peerSide(paper, input, way.cores) : undefined;
    measured.push({ paper, ours, peer });
    note(`${way.cores.length} core(s) ${JSON.stringify(shown({ paper, ours, peer }))}`);
  }
  return measured;
}

async function ourSide(paper: Paper, input: string, cores: readonly number[]): Promise<Side> {
  const { seconds, files } = await runOurs(cores, [input], { out: `${input}.ours`, profile: 'balanced' });
  const [file] = files;
  if (!file || file.kept !== undefined)
    throw new Error(`${paper.name} was not optimised: ${file?.kept ?? 'nothing came back'}`);
  return { seconds, bytes: file.bytes, error: readingError(paper.truth, await textOfPdf(file.path)) };
}

async function peerSide(paper: Paper, input: string, cores: readonly number[]): Promise<Side> {
  const { seconds, bytes } = await runPeer(cores, input, `${input}.peer.pdf`);
  return { seconds, bytes, error: readingError(paper.truth, await textOfPdf(`${input}.peer.pdf`)) };
}

/** Ours as G4 ÷ the peer's, of the papers that hold black ink only; undefined without a peer. */
async function sizeAsG4(folder: string, one: readonly Measured[]): Promise<number | undefined> {
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  const plain = one.filter(({ paper }) => paper.kind === 'plain');
  for (const { paper } of plain) {
    const input = join(folder, paper.name);
    await writeFile(input, paper.bytes);
    const { files } = await runOurs(TWO, [input], { out: `${input}.ours`, profile: 'g4' });
    bytes += files.reduce((sum, file) => sum + file.bytes, 0);
  }
  return ratio(
    bytes,
    sumOf(plain, ({ peer }) => peer?.bytes),
  );
}

/** Files that came back larger than they went in; all are counted and named. */
async function countGrown(
  folder: string,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<number> {
  const inputs = await mkdir(join(folder, 'assorted'), { recursive: true }).then(() => join(folder, 'assorted'));
  let grown = 0;
  let seen = 0;
  for (let from = 0; from < files.length; from += TOGETHER) {
    const group = files.slice(from, from + TOGETHER);
    await Promise.all(group.map(async ({ name, bytes }) => await writeFile(join(inputs, name), bytes)));
    const paths = group.map(({ name }) => join(inputs, name));
    const { seconds, files: returned } = await runOurs(TWO, paths, {
      out: join(folder, `assorted-${from}`),
      profile: 'balanced',
    });
    for (const file of returned) {
      seen++;
      if (file.bytes <= file.bytesBefore) continue;
      grown++;
      note(`${file.oldName} grew from ${file.bytesBefore} to ${file.bytes}`);
    }
    note(
      `${group.length} assorted files in ${round(seconds)} s: ${returned.filter(({ kept }) => kept === undefined).length} optimised`,
    );
  }
  if (seen < files.length) throw new Error(`only ${seen} of ${files.length} files came back`);
  return grown;
}

function figuresOf(one: readonly Measured[], two: readonly Measured[]): Readonly<Record<string, number | undefined>> {
  const [plain, photos] = [
    one.filter(({ paper }) => paper.kind === 'plain'),
    one.filter(({ paper }) => paper.kind === 'photo'),
  ];
  const scans = one.filter(({ paper }) => paper.kind !== 'photo');
  const ofPeer = (key: keyof Side) => (measured: Measured) => measured.peer?.[key];
  return {
    speedup: ratio(
      sumOf(one, ofPeer('seconds')),
      sumOf(one, ({ ours }) => ours.seconds),
    ),
    speedup2:
      two.length === 0
        ? undefined
        : ratio(
            sumOf(two, ofPeer('seconds')),
            sumOf(two, ({ ours }) => ours.seconds),
          ),
    sizeRatioBalanced: ratio(
      sumOf(one, ({ ours }) => ours.bytes),
      sumOf(one, ofPeer('bytes')),
    ),
    sizeRatioBitonal: ratio(
      sumOf(plain, ({ ours }) => ours.bytes),
      sumOf(plain, ofPeer('bytes')),
    ),
    cerScan: errorOf(scans, ({ ours }) => ours.error),
    peerCerScan: errorOf(scans, ofPeer('error')),
    cerPhoto: errorOf(photos, ({ ours }) => ours.error),
    peerCerPhoto: errorOf(photos, ofPeer('error')),
  };
}

/** Undefined when one of them is. */
function sumOf(measured: readonly Measured[], value: (one: Measured) => number | undefined): number | undefined {
  let sum = 0;
  for (const one of measured) {
    const part = value(one);
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}

/** Of all their letters together. */
function errorOf(measured: readonly Measured[], error: (one: Measured) => number | undefined): number | undefined {
  const wrong = sumOf(measured, (one) => {
    const share = error(one);
    return share === undefined ? undefined : share * one.paper.truth.length;
  });
  const letters = sumOf(measured, ({ paper }) => paper.truth.length) ?? 0;
  return wrong === undefined || letters === 0 ? undefined : Math.round((wrong / letters) * 1e5) / 1e5;
}

function ratio(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined || below === 0
    ? undefined
    : Math.round((above / below) * 1000) / 1000;
}

function shown({ paper, ours, peer }: Measured): object {
  const side = ({ seconds, bytes, error }: Side): object => ({
    seconds: round(seconds),
    bytes,
    error: Math.round(error * 1e5) / 1e5,
  });
  return {
    name: paper.name,
    pages: paper.pages,
    bytesBefore: paper.bytes.length,
    ours: side(ours),
    peer: peer ? side(peer) : undefined,
  };
}
