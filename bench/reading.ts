// `npm run bench -- reading`: papers as offices really send them, read by us and by OCRmyPDF: letters read wrongly in the PDF's text, ink lost from its picture.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '../test/journeys/chromium.ts';
import { round } from './figures.ts';
import { makeOfficePapers, type OfficePaper } from './transit/corpus.ts';
import { inkLost } from './transit/ink-lost.ts';
import { runOurs } from './transit/ours.ts';
import { hasPeer, runPeer, textOfPdf } from './transit/peer.ts';
import { blockError } from './transit/reading-error.ts';

interface Side {
  readonly error: number;
  readonly surplus: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly inkLost?: number;
  readonly largestLost?: number;
  /** Why it came back as it went: none of its letters were read. */
  readonly kept?: string;
}

interface Read {
  readonly paper: OfficePaper;
  readonly ours: Side;
  readonly peer: Side | undefined;
}

const CORES = [0, 1];

/** Papers that come back unread count as wholly wrong. `--ours`: without the peer; `--only=brief.pdf`: that paper alone; `--keep=FOLDER`: what came of them stays there. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const valueOf = (flag: string): string | undefined =>
    flags.find((one) => one.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  const browser = await openChromium();
  if (!browser) throw new Error('bench: no browser to set the papers with');
  const kept = valueOf('keep');
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'siegel-reading-')));
  await mkdir(folder, { recursive: true });
  try {
    const papers = await makeOfficePapers(browser, valueOf('only'));
    const isCompared = !flags.includes('--ours') && (await hasPeer());
    const read: Read[] = [];
    for (const paper of papers) {
      const input = join(folder, paper.name);
      await writeFile(input, paper.bytes);
      await writeFile(`${input}.png`, paper.png);
      await writeFile(`${input}.txt`, paper.blocks.join('\n'));
      const one = {
        paper,
        ours: await ourSide(paper, input),
        peer: isCompared ? await peerSide(paper, input) : undefined,
      };
      read.push(one);
      console.error(JSON.stringify({ name: paper.name, ours: shown(one.ours), peer: one.peer && shown(one.peer) }));
    }
    return figuresOf(read);
  } finally {
    await browser.close();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function ourSide(paper: OfficePaper, input: string): Promise<Side> {
  const { seconds, files } = await runOurs(CORES, [input], { out: `${input}.ours`, profile: 'balanced' });
  const [file] = files;
  if (!file) throw new Error(`${paper.name} did not come back`);
  if (file.kept !== undefined) return { error: 1, surplus: 0, bytes: file.bytes, seconds, kept: file.kept };
  const { share, largest } = await inkLost(paper.png, file.path, paper.kind);
  const errors = blockError(paper.blocks, await textOfPdf(file.path));
  return { ...errors, bytes: file.bytes, seconds, inkLost: share, largestLost: largest };
}

/** A photo that the peer gives up on counts as wholly unread. */
async function peerSide(paper: OfficePaper, input: string): Promise<Side> {
  const { seconds, bytes } = await runPeer(CORES, input, `${input}.peer.pdf`);
  return { ...blockError(paper.blocks, await textOfPdf(`${input}.peer.pdf`)), bytes, seconds };
}

function figuresOf(read: readonly Read[]): Readonly<Record<string, number | undefined>> {
  const of = (kind: OfficePaper['kind']): readonly Read[] => read.filter(({ paper }) => paper.kind === kind);
  const most = (value: (side: Side) => number | undefined): number =>
    Math.max(0, ...read.map(({ ours }) => value(ours) ?? 0));
  return {
    cerScan: meanError(of('scan'), ({ ours }) => ours),
    peerCerScan: meanError(of('scan'), ({ peer }) => peer),
    cerPhoto: meanError(of('photo'), ({ ours }) => ours),
    peerCerPhoto: meanError(of('photo'), ({ peer }) => peer),
    inkLostMost: most(({ inkLost: share }) => share),
    largestLost: most(({ largestLost }) => largestLost),
  };
}

/** Of all their letters together. */
function meanError(read: readonly Read[], side: (one: Read) => Side | undefined): number | undefined {
  let wrong = 0;
  let letters = 0;
  for (const one of read) {
    const seen = side(one);
    if (seen === undefined) return undefined;
    const length = one.paper.blocks.join('').length;
    wrong += seen.error * length;
    letters += length;
  }
  return letters === 0 ? undefined : Math.round((wrong / letters) * 1e5) / 1e5;
}

function shown({ seconds, error, surplus, ...more }: Side): object {
  const share = (value: number): number => Math.round(value * 1e5) / 1e5;
  return {
    ...more,
    seconds: round(seconds),
    error: share(error),
    surplus: share(surplus),
    inkLost: more.inkLost === undefined ? undefined : share(more.inkLost),
  };
}
