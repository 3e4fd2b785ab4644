// Requests and answers of HTTP as bytes of known length (RFC 9292).

import { formatVarint, readVarint } from './varint.ts';

export interface Field {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

export interface BinaryRequest {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly fields: readonly Field[];
  readonly content: Uint8Array;
}

export interface BinaryAnswer {
  /** 200 to 599: interim answers (§3.5.1) are not read. */
  readonly status: number;
  readonly fields: readonly Field[];
  readonly content: Uint8Array;
}

const REQUEST = 0;
const ANSWER = 1;

/** At the end what is empty is left out (§3.8) unless it is padded to `sizeBytes`; throws where that is too few. */
export function formatRequest(request: BinaryRequest, sizeBytes?: number): Uint8Array<ArrayBuffer> {
  const { method, scheme, authority, path, fields, content } = request;
  const control = [method, scheme, authority, path].map((text) => counted(ascii(text)));
  return ended([formatVarint(REQUEST), ...control], fields, content, sizeBytes);
}

export function formatAnswer({ status, fields, content }: BinaryAnswer, sizeBytes?: number): Uint8Array<ArrayBuffer> {
  return ended([formatVarint(ANSWER), formatVarint(status)], fields, content, sizeBytes);
}

/** Undefined: not exactly a request of known length without trailers. */
export function parseRequest(bytes: Uint8Array): BinaryRequest | undefined {
  const reader = new Reader(bytes);
  if (reader.number() !== REQUEST) return undefined;
  const [method, scheme, authority, path] = [reader.text(), reader.text(), reader.text(), reader.text()];
  if (method === undefined || scheme === undefined || authority === undefined || path === undefined) return undefined;
  const rest = reader.rest();
  return rest === undefined || method === '' ? undefined : { method, scheme, authority, path, ...rest };
}

/** Undefined: not exactly a final answer of known length without trailers. */
export function parseAnswer(bytes: Uint8Array): BinaryAnswer | undefined {
  const reader = new Reader(bytes);
  if (reader.number() !== ANSWER) return undefined;
  const status = reader.number();
  if (status === undefined || status < 200 || status > 599) return undefined;
  const rest = reader.rest();
  return rest === undefined ? undefined : { status, ...rest };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number | undefined {
    const read = readVarint(this.#bytes, this.#at);
    if (read === undefined) return undefined;
    this.#at = read.end;
    return read.value;
  }

  bytes(): Uint8Array | undefined {
    // what is left out at the end is empty (§3.8)
    if (this.#at === this.#bytes.length) return new Uint8Array(0);
    const length = this.number();
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    const found = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return found;
  }

  text(): string | undefined {
    const found = this.bytes();
    return found === undefined ? undefined : printable(found);
  }

  left(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** Fields, content, no trailers, nothing but padding. */
  rest(): Pick<BinaryRequest, 'fields' | 'content'> | undefined {
    const section = this.bytes();
    const fields = section === undefined ? undefined : readFields(section);
    const content = fields === undefined ? undefined : this.bytes();
    const trailers = content === undefined ? undefined : this.bytes();
    if (fields === undefined || content === undefined || trailers?.length !== 0) return undefined;
    return this.left().every((byte) => byte === 0) ? { fields, content } : undefined;
  }
}

function readFields(section: Uint8Array): readonly Field[] | undefined {
  const reader = new Reader(section);
  const fields: Field[] = [];
  for (let left = section; left.length > 0; left = reader.left()) {
    const [name, value] = [reader.text(), reader.text()];
    if (name === undefined || value === undefined || !NAME.test(name)) return undefined;
    fields.push({ name, value });
  }
  return fields;
}

/** A token (RFC 9110 §5.6.2) in lower case (RFC 9292 §3.6). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

function ended(
  head: readonly Uint8Array[],
  fields: readonly Field[],
  content: Uint8Array,
  sizeBytes: number | undefined,
): Uint8Array<ArrayBuffer> {
  const lines = fields.flatMap(({ name, value }) => [counted(ascii(name)), counted(ascii(value))]);
  const section = counted(join(lines));
  const message = join([...head, section, counted(content), formatVarint(0)]);
  if (sizeBytes === undefined) return join([...head, ...shortEnd(section, content)]);
  if (message.length > sizeBytes) throw new Error(`the message takes ${message.length} bytes, beyond ${sizeBytes}`);
  const padded = new Uint8Array(sizeBytes);
  padded.set(message);
  return padded;
}

function shortEnd(section: Uint8Array, content: Uint8Array): readonly Uint8Array[] {
  if (content.length > 0) return [section, counted(content)];
  return section.length > 1 ? [section] : [];
}

function counted(bytes: Uint8Array): Uint8Array {
  return join([formatVarint(bytes.length), bytes]);
}

/** Throws on what is not printable ASCII: nothing else is sent. */
function ascii(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (printable(bytes) === undefined) throw new Error('a binary message of HTTP holds printable ASCII');
  return bytes;
}

function printable(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...bytes) : undefined;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
