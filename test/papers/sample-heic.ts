// HEIC files for tests: four small ones made once with libheif's own `heif-enc` 1.15 (no package of npm codes HEVC), changed here, and larger ones where it is installed.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * 160 × 120, `heif-enc -q 30`, the upper quarter red:
 * two: `heif-enc one.png two.png -t 48`, a thumbnail beside each · exif: from a JPEG with an artist and a place ·
 * clear: the left half red, the right half lets through, as a second picture that says how much shows.
 * page: a sheet of 1240 × 1754 with three lines (`PAGE_LINES`), `-q 50`, from a JPEG with the same notes.
 */
export function sampleHeic(name: 'two' | 'exif' | 'clear' | 'page'): Buffer {
  return readFileSync(join(import.meta.dirname, 'heic', `${name}.heic`));
}

export const PAGE_LINES = [
  'Amtsgericht Musterstadt',
  'Die Klage wird abgewiesen.',
  'Kosten trägt die Klägerin.',
] as const;

/** Undefined: Debian's libheif-examples is not installed. */
export function encodeHeic(pictures: readonly Uint8Array[], quality = 30): Buffer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-heic-'));
  try {
    const names = pictures.map((bytes, index) => {
      const name = join(folder, `${index}.png`);
      writeFileSync(name, bytes);
      return name;
    });
    const made = join(folder, 'made.heic');
    execFileSync('heif-enc', [...names, '-q', String(quality), '-p', 'preset=ultrafast', '-o', made], {
      stdio: 'ignore',
    });
    return readFileSync(made);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const HAS_ENCODER = encoderIsHere();

function encoderIsHere(): boolean {
  try {
    execFileSync('heif-enc', ['--help'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error instanceof Error && !('code' in error && error.code === 'ENOENT');
  }
}

/** Offset of the box's first byte; the first of that type anywhere. */
function placeOf(bytes: Buffer, type: string): number {
  const at = bytes.indexOf(type, 0, 'latin1');
  if (at < 4) throw new Error(`no ${type} in this sample`);
  return at - 4;
}

/** The first picture is to be shown a quarter turn against the clock, `times` over (ISO/IEC 23008-12 §6.5.10). */
export function turnedHeic(heic: Buffer, times: number): Buffer {
  const turn = Buffer.from([0, 0, 0, 9, 0x69, 0x72, 0x6f, 0x74, times]);
  const [list, links] = [placeOf(heic, 'ipco'), placeOf(heic, 'ipma')];
  const listEnd = list + heic.readUInt32BE(list);
  const properties = countBoxes(heic, list + 8, listEnd);
  const firstCount = links + 18;
  const grown = turn.length + 1;
  const bytes = Buffer.concat([
    heic.subarray(0, listEnd),
    turn,
    heic.subarray(listEnd, firstCount + 1),
    Buffer.from([0x80 | (properties + 1)]),
    heic.subarray(firstCount + 1),
  ]);
  const movedLinks = links + turn.length;
  bytes.writeUInt32BE(bytes.readUInt32BE(list) + turn.length, list);
  bytes.writeUInt32BE(bytes.readUInt32BE(movedLinks) + 1, movedLinks);
  bytes[firstCount + turn.length] = (bytes[firstCount + turn.length] ?? 0) + 1;
  for (const box of ['iprp', 'meta']) {
    const at = placeOf(bytes, box);
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + grown, at);
  }
  moveExtents(bytes, grown);
  return bytes;
}

function countBoxes(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = from; at < end; at += bytes.readUInt32BE(at)) count += 1;
  return count;
}

/** What the table of places calls an offset is one from the beginning of the file. */
function moveExtents(bytes: Buffer, by: number): void {
  const at = placeOf(bytes, 'iloc');
  const version = bytes[at + 8] ?? 0;
  const sizes = bytes.readUInt16BE(at + 12);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  let place = at + 16;
  for (let left = bytes.readUInt16BE(at + 14); left > 0; left--) {
    place += 4 + (version === 0 ? 0 : 2) + baseBytes;
    const extents = bytes.readUInt16BE(place);
    place += 2;
    for (let extent = 0; extent < extents; extent++) {
      bytes.writeUIntBE(bytes.readUIntBE(place, offsetBytes) + by, place, offsetBytes);
      place += offsetBytes + lengthBytes;
    }
  }
}

/** The box that says how large a picture is lies. */
export function claimingHeic(heic: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(heic);
  const at = placeOf(bytes, 'ispe');
  bytes.writeUInt32BE(width, at + 12);
  bytes.writeUInt32BE(height, at + 16);
  return bytes;
}
