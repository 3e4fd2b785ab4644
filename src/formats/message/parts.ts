// The MIME tree of a letter with byte offsets (RFC 2045, RFC 2046 §5), read in one pass over the lines.
import { limits } from '#base/limits.ts';
import { binaryText } from './charset.ts';
import { type ContentType, type Disposition, findContentType, findDisposition, PLAIN_TEXT } from './content-type.ts';
import {
  type HeaderField,
  type HeaderSection,
  lineEndFrom,
  readHeaderSection,
  withoutLineEnd,
} from './header-fields.ts';

export type Part = {
  readonly fields: readonly HeaderField[];
  readonly contentType: ContentType;
  /** False when the part names no type that parses; `contentType` is then the default. */
  readonly hasContentType: boolean;
  readonly disposition: Disposition | undefined;
  /** Lower-case Content-Transfer-Encoding; `7bit` when missing. */
  readonly encoding: string;
  /** Content-ID without angle brackets. */
  readonly contentId: string | undefined;
  /** First byte of the part's fields. */
  readonly startOffset: number;
  /** First byte of its content. */
  readonly bodyOffset: number;
  /** Behind its last byte of content; the line end in front of a boundary is not content. */
  readonly endOffset: number;
  readonly children: readonly Part[];
};

type OpenPart = { -readonly [K in keyof Part]: Part[K] } & {
  readonly boundary: string | undefined;
  children: OpenPart[];
};

const DASH = 45;

/** The tree of a letter whose header section was read. Depth and number of parts are bounded; what is beyond stays one part. */
export function readParts(bytes: Uint8Array, header: HeaderSection): Part {
  const root = openPart(header, 0, undefined);
  if (root.boundary === undefined) {
    root.endOffset = bytes.length;
    return root;
  }
  new TreeReader(bytes, root).read();
  return root;
}

/** Every part of the tree in order, parents first. */
export function* everyPart(root: Part): Generator<Part> {
  const waiting: Part[] = [root];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (!part) return;
    yield part;
    for (let i = part.children.length - 1; i >= 0; i--) {
      const child = part.children[i];
      if (child) waiting.push(child);
    }
  }
}

class TreeReader {
  readonly #bytes: Uint8Array;
  /** Multiparts whose boundary was not closed yet, outermost first. */
  readonly #open: OpenPart[];
  /** Boundary → how deep in #open; the innermost of equal ones. */
  readonly #depthOf = new Map<string, number>();
  #leaf: OpenPart | undefined;
  #count = 1;

  constructor(bytes: Uint8Array, root: OpenPart) {
    this.#bytes = bytes;
    this.#open = [root];
    this.#index();
  }

  read(): void {
    const bytes = this.#bytes;
    let at = this.#open[0]?.bodyOffset ?? 0;
    while (at < bytes.length && this.#open.length > 0) {
      const next = lineEndFrom(bytes, at, bytes.length);
      if (bytes[at] === DASH && bytes[at + 1] === DASH) {
        const mark = this.#markAt(at, withoutLineEnd(bytes, at, next));
        if (mark) {
          at = this.#turn(mark, at, next);
          continue;
        }
      }
      at = next;
    }
    this.#closeDownTo(0, bytes.length);
  }

  /** Which open multipart this line delimits, if any. */
  #markAt(start: number, end: number): { depth: number; isClosing: boolean } | undefined {
    if (end - start > limits.message.boundaryCharacters + 80) return undefined;
    const line = binaryText(this.#bytes, start + 2, end).trimEnd();
    const depth = this.#depthOf.get(line);
    if (depth !== undefined) return { depth, isClosing: false };
    if (!line.endsWith('--')) return undefined;
    const closed = this.#depthOf.get(line.slice(0, -2)) ?? this.#depthOf.get(line.slice(0, -2).trimEnd());
    return closed === undefined ? undefined : { depth: closed, isClosing: true };
  }

  /** Handles the delimiter between `at` and `next`; returns where to read on. */
  #turn(mark: { depth: number; isClosing: boolean }, at: number, next: number): number {
    const contentEnd = withoutLineEnd(this.#bytes, 0, at);
    this.#closeDownTo(mark.depth + 1, contentEnd);
    const parent = this.#open[mark.depth];
    if (mark.isClosing || !parent) {
      this.#closeDownTo(mark.depth, next);
      return next;
    }
    if (this.#count >= limits.message.mimePartsMax) return next;
    this.#count++;
    const header = readHeaderSection(
      this.#bytes,
      { start: next, end: this.#bytes.length },
      (start, end) =>
        this.#bytes[start] === DASH && this.#bytes[start + 1] === DASH && this.#markAt(start, end) !== undefined,
    );
    const part = openPart(header, next, parent);
    parent.children.push(part);
    if (part.boundary !== undefined && this.#open.length < limits.message.mimeDepthMax) {
      this.#open.push(part);
      this.#index();
    } else this.#leaf = part;
    return part.bodyOffset;
  }

  /** Ends the leaf and all multiparts deeper than `depth` at `end`. */
  #closeDownTo(depth: number, end: number): void {
    if (this.#leaf) this.#leaf.endOffset = Math.max(this.#leaf.bodyOffset, end);
    this.#leaf = undefined;
    if (this.#open.length <= depth) return;
    while (this.#open.length > depth) {
      const part = this.#open.pop();
      if (part) part.endOffset = Math.max(part.bodyOffset, end);
    }
    this.#index();
  }

  #index(): void {
    this.#depthOf.clear();
    for (const [depth, part] of this.#open.entries()) {
      if (part.boundary !== undefined) this.#depthOf.set(part.boundary, depth);
    }
  }
}

function openPart(header: HeaderSection, startOffset: number, parent: OpenPart | undefined): OpenPart {
  const found = firstContentType(header.fields);
  const fallback = parent?.contentType.mediaType === 'multipart/digest' ? DIGEST_DEFAULT : PLAIN_TEXT;
  const contentType = found ?? fallback;
  const rawDisposition = rawValueOf(header.fields, 'content-disposition');
  const boundary = contentType.type === 'multipart' ? contentType.parameters.get('boundary')?.trimEnd() : undefined;
  return {
    fields: header.fields,
    contentType,
    hasContentType: found !== undefined,
    disposition: rawDisposition === undefined ? undefined : findDisposition(rawDisposition),
    encoding: encodingOf(rawValueOf(header.fields, 'content-transfer-encoding')),
    contentId: contentIdOf(rawValueOf(header.fields, 'content-id')),
    startOffset,
    bodyOffset: header.bodyOffset,
    endOffset: header.bodyOffset,
    children: [],
    boundary: boundary === '' || (boundary?.length ?? 0) > limits.message.boundaryCharacters ? undefined : boundary,
  };
}

const DIGEST_DEFAULT: ContentType = { ...PLAIN_TEXT, type: 'message', subtype: 'rfc822', mediaType: 'message/rfc822' };

/** The first Content-Type field that parses decides. */
export function firstContentType(fields: readonly HeaderField[]): ContentType | undefined {
  for (const field of fields) {
    if (field.name !== 'content-type') continue;
    const found = findContentType(field.rawValue);
    if (found) return found;
  }
  return undefined;
}

function rawValueOf(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.rawValue;
}

function encodingOf(raw: string | undefined): string {
  const match = /[A-Za-z0-9-]+/.exec((raw ?? '').replace(/\([^()]*\)/g, ''));
  return match ? match[0].toLowerCase() : '7bit';
}

function contentIdOf(raw: string | undefined): string | undefined {
  const text = raw?.trim().replace(/^<|>$/g, '').slice(0, limits.message.identifierCharacters);
  return text === undefined || text === '' ? undefined : text;
}
