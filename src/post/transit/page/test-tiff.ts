// TIFF files put together by hand, so that a test knows each bit of what a fax machine would send. For tests only.

export interface HandFrame {
  readonly width: number;
  readonly height: number;
  /** TIFF 6.0 §8: 1 none, 2 Modified Huffman, 3 Group 3, 4 Group 4. */
  readonly compression: number;
  /** 0: white is 0; 1: black is 0. */
  readonly photometric: 0 | 1;
  readonly dpi: readonly [number, number];
  readonly data: Uint8Array;
  /** 2: the lowest bit comes first. */
  readonly fillOrder?: 1 | 2;
}

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const DIRECTORY = 2 + 12 * 12 + 4;

/** One bit a pixel, one strip a frame: header, then for each its directory, two measures, its data. */
export function tiffByHand(frames: readonly HandFrame[]): Uint8Array {
  let at = 8;
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, at, 0, 0, 0])];
  frames.forEach((frame, index) => {
    const measures = at + DIRECTORY;
    const data = measures + 16;
    at = data + frame.data.length + (frame.data.length % 2);
    const [across, down] = frame.dpi;
    parts.push(
      directory(entriesOf(frame, measures, data), index + 1 < frames.length ? at : 0),
      longs(across, 1, down, 1),
      Buffer.from(frame.data),
      Buffer.alloc(frame.data.length % 2),
    );
  });
  return new Uint8Array(Buffer.concat(parts));
}

type Entry = readonly [tag: number, type: number, value: number];

function entriesOf(frame: HandFrame, measures: number, data: number): readonly Entry[] {
  return [
    [256, LONG, frame.width],
    [257, LONG, frame.height],
    [258, SHORT, 1],
    [259, SHORT, frame.compression],
    [262, SHORT, frame.photometric],
    [266, SHORT, frame.fillOrder ?? 1],
    [273, LONG, data],
    [277, SHORT, 1],
    [278, LONG, frame.height],
    [279, LONG, frame.data.length],
    [282, RATIONAL, measures],
    [283, RATIONAL, measures + 8],
  ];
}

function directory(entries: readonly Entry[], next: number): Buffer {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
  bytes.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, type, value], index) => {
    const at = 2 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  bytes.writeUInt32LE(next, bytes.length - 4);
  return bytes;
}

function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

/** Of ones and noughts, first bit first, padded to a whole byte. */
export function bitsOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/.{1,8}/g) ?? [], (eight) => Number.parseInt(eight.padEnd(8, '0'), 2));
}
