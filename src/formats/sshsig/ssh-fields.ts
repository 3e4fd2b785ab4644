// The fields of which SSH keys and signatures are made: 32-bit numbers and counted strings, read to the last byte (RFC 4251 §5).

/** Thrown inside this room only: `readFields` turns it into undefined. */
class Malformed extends Error {}

export class SshFields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  raw(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Malformed();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.raw(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  string(): Uint8Array {
    return this.raw(this.uint32());
  }

  /** Printable ASCII only: names of algorithms and namespaces. */
  word(): string {
    const text = String.fromCharCode(...this.string().slice(0, WORD_BYTES_MAX + 1));
    if (text.length > WORD_BYTES_MAX || !/^[\x21-\x7e]*$/.test(text)) throw new Malformed();
    return text;
  }

  /** A number that is not negative, without leading zeros that nothing asks for. */
  number(): Uint8Array {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (first >= 0x80 || (first === 0 && bytes.length > 0 && second < 0x80)) throw new Malformed();
    return first === 0 ? bytes.subarray(1) : bytes;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed();
  }
}

const WORD_BYTES_MAX = 255;

/** What `read` makes of the bytes; undefined when they are cut off, have something behind the end, or are written wrongly. */
export function readFields<T>(bytes: Uint8Array, read: (fields: SshFields) => T | undefined): T | undefined {
  try {
    const fields = new SshFields(bytes);
    const value = read(fields);
    fields.end();
    return value;
  } catch (cause) {
    if (cause instanceof Malformed) return undefined;
    throw cause;
  }
}

/** Counted strings one behind the other. */
export function joinStrings(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(joined.buffer).setUint32(at, part.length);
    joined.set(part, at + 4);
    at += 4 + part.length;
  }
  return joined;
}
