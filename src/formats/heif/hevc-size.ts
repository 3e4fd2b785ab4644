// Width × height as an HEVC decoder is told them: the sequence parameter sets in a configuration record (ITU-T H.265 §7.3.2.2, ISO/IEC 14496-15 §8.3.3).

const RECORD_HEAD_BYTES = 23;
const SEQUENCE_SET = 33;
const NAL_HEAD_BYTES = 2;
/** The sizes stand near the beginning. */
const LOOK_BYTES = 160;
const WHOLE_CHROMA = 3;
const LEVEL_BITS = 8;
const PROFILE_BITS = 88;

/** Pixels of the largest set in the record; 0: there is none that can be read. */
export function hevcPixels(record: Uint8Array): number {
  let largest = 0;
  let at = RECORD_HEAD_BYTES;
  for (let array = 0; array < (record[RECORD_HEAD_BYTES - 1] ?? 0); array++) {
    const kind = (record[at] ?? 0) & 0x3f;
    const units = short(record, at + 1);
    at += 3;
    for (let unit = 0; unit < units && at + 2 <= record.length; unit++) {
      const length = short(record, at);
      const set = record.subarray(at + 2 + NAL_HEAD_BYTES, at + 2 + Math.min(length, LOOK_BYTES));
      if (kind === SEQUENCE_SET) largest = Math.max(largest, setPixels(withoutEscapes(set)));
      at += 2 + length;
    }
  }
  return largest;
}

function setPixels(set: Uint8Array): number {
  const bits = new Bits(set);
  bits.skip(4);
  const subLayers = bits.read(3);
  bits.skip(1 + PROFILE_BITS + LEVEL_BITS);
  skipSubLayers(bits, subLayers);
  bits.golomb();
  if (bits.golomb() === WHOLE_CHROMA) bits.skip(1);
  return bits.golomb() * bits.golomb();
}

/** §7.3.3: two flags for each, eight places of them where there is any, then what they announce. */
function skipSubLayers(bits: Bits, count: number): void {
  if (count === 0) return;
  let announced = 0;
  for (let layer = 0; layer < 8; layer++) {
    const flags = bits.read(2);
    if (layer < count) announced += ((flags & 2) === 0 ? 0 : PROFILE_BITS) + ((flags & 1) === 0 ? 0 : LEVEL_BITS);
  }
  bits.skip(announced);
}

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Behind the end are zeros. */
  read(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  /** §9.2; never longer than 32 bits. */
  golomb(): number {
    let zeros = 0;
    while (zeros < 32 && this.read(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}

/** §7.4.2: 00 00 03 stands for 00 00. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => byte !== 3 || at < 2 || bytes[at - 1] !== 0 || bytes[at - 2] !== 0);
}

function short(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
