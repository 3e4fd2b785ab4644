// Whether all that was on a page can still be seen: strokes of the known page that have no mark of any kind at their place in the finished one.

import { spawn } from 'node:child_process';
import sharp from 'sharp';

const DPI = 150;
const INKED = 26; // darker than the paper by so much in one channel: seen by an eye that looks
const SHOWN = 10; // a mark at all
/** Pixels at 150 dpi that straightening may have moved a stroke by. */
const REACH = { scan: 5, photo: 14 } as const;

export interface InkLost {
  /** Of the known page's inked pixels, 0…1. */
  readonly share: number;
  /** The largest lost thing, in pixels at 150 dpi. */
  readonly largest: number;
}

/** `png`: the page as it was set; `pdf`: what came back of it. */
export async function inkLost(png: Buffer, pdf: string, kind: 'scan' | 'photo'): Promise<InkLost> {
  const seen = await darkness(await drawPage(pdf));
  const known = await darkness(await sharp(png).resize(seen.width, seen.height, { fit: 'fill' }).png().toBuffer());
  const shown = spreadMarks(
    seen.values.map((value) => (value > SHOWN ? 1 : 0)),
    seen,
    REACH[kind],
  );
  const lost = known.values.map((value, at) => (value > INKED && shown[at] === 0 ? 1 : 0));
  const inked = known.values.reduce((sum, value) => sum + (value > INKED ? 1 : 0), 0);
  return {
    share: inked === 0 ? 0 : lost.reduce((sum, value) => sum + value, 0) / inked,
    largest: largestOf(lost, seen),
  };
}

interface Dark {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** 255 − the darkest channel. */
async function darkness(png: Buffer): Promise<Dark> {
  const { data, info } = await sharp(png).flatten().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const values = new Uint8Array(info.width * info.height);
  for (let i = 0, at = 0; i < values.length; i++, at += info.channels)
    values[i] = 255 - Math.min(data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255);
  return { width: info.width, height: info.height, values };
}

async function drawPage(pdf: string): Promise<Buffer> {
  const child = spawn('pdftoppm', ['-r', String(DPI), '-png', '-f', '1', '-l', '1', pdf], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return Buffer.concat(chunks);
}

/** Rows, then columns: every place within `reach` of a mark. */
function spreadMarks(
  marks: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  reach: number,
): Uint8Array {
  const across = new Uint8Array(marks.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (marks[y * width + x] === 1)
        across.fill(1, y * width + Math.max(0, x - reach), y * width + Math.min(width, x + reach + 1));
  const all = new Uint8Array(marks.length);
  for (let at = 0; at < across.length; at++) {
    if (across[at] === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) all[row * width + x] = 1;
  }
  return all;
}

function largestOf(marks: Uint8Array, { width }: { readonly width: number }): number {
  const isTaken = new Uint8Array(marks.length);
  let largest = 0;
  for (let start = 0; start < marks.length; start++) {
    if (marks[start] === 0 || isTaken[start] === 1) continue;
    const thing = [start];
    isTaken[start] = 1;
    for (let next = 0; next < thing.length; next++) {
      const at = thing[next] ?? 0;
      for (const to of [
        at - 1,
        at + 1,
        at - width,
        at + width,
        at - width - 1,
        at - width + 1,
        at + width - 1,
        at + width + 1,
      ]) {
        if (marks[to] !== 1 || isTaken[to] === 1) continue;
        isTaken[to] = 1;
        thing.push(to);
      }
    }
    largest = Math.max(largest, thing.length);
  }
  return largest;
}
